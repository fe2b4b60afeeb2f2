"""A line that is likely an issue, not surely: the member is asked privately; nothing appears in the group."""

from dataclasses import asdict, replace
from datetime import timedelta

from handlers.desk import Desk
from handlers.duty.roster import everyone, read_roster
from handlers.intake import open_ticket
from handlers.joining import alike, may_be_one, numbered
from handlers.kept import kept_line, report_of, said_late, verdict_of
from handlers.questions import has_room, put_before, refresh
from handlers.retention import plan_ended
from handlers.turn import Turn
from models.asks import Ask, asked_about, forget_asks, waiting_asks
from models.chats import Chat, private_chat
from models.choices import drop_choices_of, drop_old_choices
from models.messages import Verdict
from models.privacy import drop_loose_ends
from models.tickets import Ticket

ANSWER_WITHIN = timedelta(minutes=30)
LOOK_AGAIN = timedelta(minutes=5)  # when whoever is next has enough questions before them
KEPT = timedelta(hours=24)


def ask(turn: Turn) -> None:
    """Ask the member; with nobody to ask it opens (R18). Said again before an answer came, it is asked once."""
    turn.outcome.became("asked")
    if question := _pending(turn):
        _say_again(turn, question)
        return
    question = _question(turn)
    turn.session.add(question)
    turn.session.flush()
    if not ask_next(turn, question):
        turn.outcome.became("opened", open_asked(turn, question, "nobody"))


def ask_next(desk: Desk, question: Ask) -> bool:
    """Write to the next person in line who can be reached; False when there is none. Nobody is flooded."""
    people = _line(desk, question.chat)
    while question.rung < len(people):
        chat = people[question.rung]
        if chat is not None and chat.present and not has_room(desk, chat):
            question.next_at = min(desk.now + LOOK_AGAIN, question.expires_at)
            return True
        question.rung += 1
        if chat is not None and chat.present:
            question.next_at = min(desk.after_quiet() + ANSWER_WITHIN, question.expires_at)
            put_before(desk, question, chat)
            return True
    return False


def open_asked(desk: Desk, question: Ask, answer: str, by_id: int | None = None) -> Ticket:
    """The ticket keeps the words from now on. `answer`: yes, or nobody gave one."""
    numbers = question.message_ids
    line = {**question.message, "message_id": numbers[0] if numbers else None}
    report = report_of(desk, question.chat, line, question.verdict, question.text)
    ticket = open_ticket(desk, question.chat, replace(report, others=tuple(numbers[1:]), answer=answer))
    close(desk, question, "opened" if answer == "nobody" else answer, by_id)
    return ticket


def close(desk: Desk, question: Ask, answer: str, by_id: int | None = None) -> None:
    """It is decided: the words go from the question and from every letter that asked it."""
    question.close(answer, by_id)
    refresh(desk, question)


def take_back(turn: Turn, question: Ask) -> None:
    """The message was edited, so its new words are judged anew; what else was said of the matter is still asked."""
    rest = [line for line in question.lines if line[0] != turn.message.message_id]
    if not rest:
        close(turn, question, "gone")
        return
    question.says(rest)
    refresh(turn, question)


def drop_answered(turn: Turn) -> None:
    """The same person has just reported the matter in surer words: nobody need answer about it any more."""
    for question in _pending_all(turn):
        close(turn, question, "gone")


def drop_settled(turn: Turn) -> None:
    """Of lines that waited for us: who said later that it is all right need not be asked about any more."""
    if not turn.late or turn.verdict.speech not in ("done", "confirmed"):
        return
    for question in waiting_asks(turn.session, turn.chat):
        if said_late(question.message) and question.message["sender"]["id"] == turn.message.sender.id:
            close(turn, question, "gone")


def withdraw(turn: Turn) -> int:
    """The sender asks to be forgotten: no question about their lines is left; how many there were."""
    account = turn.event.sender.id
    questions = asked_about(turn.session, [account]) if account else []
    for question in questions:
        close(turn, question, "gone")
    return len(questions) + (drop_choices_of(turn.session, account) if account else 0)


def prune(desk: Desk) -> None:
    """What was asked, and the letters that asked, are without words after a day; corrections are kept as configured."""
    forget_asks(desk.session, desk.now, timedelta(days=desk.policy.reading.corrections_days))
    drop_old_choices(desk.session, desk.now)
    drop_loose_ends(desk.session, desk.now)
    plan_ended(desk)


def _question(turn: Turn) -> Ask:
    question = Ask(
        chat=turn.chat,
        message=kept_line(turn),
        verdict=asdict(turn.verdict),
        rung=0,
        letters=[],
        asked_at=turn.now,
        expires_at=turn.now + KEPT,
    )
    question.says([[turn.message.message_id, turn.reader.mask(turn.message.text)]])
    return question


def _pending(turn: Turn) -> Ask | None:
    return next(iter(_pending_all(turn)), None)


def _pending_all(turn: Turn) -> list[Ask]:
    """Unanswered questions about what this person said of the same thing, here: alike in words, not at another door."""
    sender = turn.message.sender.id
    own = [a for a in waiting_asks(turn.session, turn.chat) if sender and a.message["sender"]["id"] == sender]
    return [a for a in own if alike(a.text, turn.message.text) and _same_door(a, turn.verdict)]


def _same_door(question: Ask, verdict: Verdict) -> bool:
    kept = question.verdict.get("place")
    theirs, mine = kept["key"] if kept else "", verdict.place.key if verdict.place else ""
    return not numbered(mine) or not numbered(theirs) or may_be_one(mine, theirs)


def _say_again(turn: Turn, question: Ask) -> None:
    """The new words stand beside the old ones; the surer of the two verdicts counts."""
    message = turn.message
    files = [*question.message["files"], *(asdict(f) for f in message.files)]
    question.says([*question.lines, [message.message_id, turn.reader.mask(message.text)]], files=files)
    if turn.verdict.score > question.verdict["score"]:
        place = turn.verdict.place or verdict_of(question.verdict).place
        question.verdict = asdict(replace(turn.verdict, place=place))
    refresh(turn, question)


def _line(desk: Desk, chat: Chat) -> list[Chat | None]:
    """Private chats of those who answer for the group's unit, nearest first; None for who cannot be reached."""
    assert chat.unit is not None
    roster = read_roster(desk, chat.unit)
    own = roster.here(chat.unit, desk.now, ("grid_member", "deputy", "cadre"))
    above = [roster.here(u, desk.now, ("cadre",)) for u in chat.unit.above()]
    return [private_chat(desk.session, p, chat.channel, chat.account) for p in everyone([own, *above])]
