"""A line that is likely an issue, not surely: the member is asked privately; nothing appears in the group."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from handlers.desk import Desk, Envelope
from handlers.intake import Report, open_ticket
from handlers.rights import is_member
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import clip, shown_name, when
from models.asks import Ask, forget_asks, take_due_ask
from models.chats import Chat, private_chat
from models.messages import Attachment, Place, Reason, Sender, Verdict
from models.people import holders, remember
from models.posts import Button
from models.privacy import drop_loose_ends
from models.tickets import Ticket

router = Router()

ANSWER_WITHIN = timedelta(minutes=30)
KEPT = timedelta(hours=24)


def ask(turn: Turn) -> None:
    """Ask the member; with nobody to ask it opens (R18)."""
    message = turn.message
    kept = {
        "sender": asdict(message.sender),
        "message_id": message.message_id,
        "thread_id": message.thread_id,
        "files": [asdict(f) for f in message.files],
        "sent_at": turn.now.isoformat(),
    }
    question = Ask(
        chat=turn.chat,
        message=kept,
        verdict=asdict(turn.verdict),
        text=turn.reader.mask(message.text),
        rung=0,
        asked_at=turn.now,
        expires_at=turn.now + KEPT,
    )
    turn.session.add(question)
    turn.session.flush()
    turn.outcome.became("asked")
    if not _put(turn, question):
        turn.outcome.became("opened", _open(turn, question))


@router.press("yes")
@router.press("no")
def answered(turn: Turn) -> None:
    """［登记］ or ［不是］; the answer stays as a correction, the words go."""
    question = turn.session.get(Ask, turn.command.number) if turn.command and turn.command.number else None
    if question is None or not is_member(turn.known, question.chat.unit):
        raise Refusal("stale_button")
    if question.answer is not None:
        raise Refusal("asked_over")
    assert turn.command is not None
    if turn.command.name == "no":
        question.close("no", turn.sender.id)
        turn.say("asked_no")
        return
    ticket = _open(turn, question)
    question.close("yes", turn.sender.id)
    turn.say("asked_yes", number=ticket.number)


@router.step
def ask_next_one(desk: Desk) -> bool:
    """Nobody answered for half an hour: the deputy, then the levels above; with nobody left it opens."""
    question = take_due_ask(desk.session, desk.now)
    if question is None:
        return False
    if not _put(desk, question):
        _open(desk, question)
    return True


def prune(desk: Desk) -> None:
    """What was asked and answered, and the letters that asked, are gone after a day."""
    forget_asks(desk.session, desk.now)
    drop_loose_ends(desk.session, desk.now)


def _put(desk: Desk, question: Ask) -> bool:
    """Write to the next person in line who can be reached; False when there is none."""
    people = _line(desk, question.chat)
    while question.rung < len(people):
        chat = people[question.rung]
        question.rung += 1
        if chat is not None and chat.present:
            _write(desk, question, chat)
            question.next_at = desk.after_quiet() + ANSWER_WITHIN
            return True
    return False


def _line(desk: Desk, chat: Chat) -> list[Chat | None]:
    """Private chats of those who answer for the group's unit, nearest first; None for who cannot be reached."""
    assert chat.unit is not None
    own = holders(desk.session, chat.unit, "grid_member", "deputy", "cadre")
    above = [p for u in chat.unit.above() for p in holders(desk.session, u, "cadre")]
    people = dict.fromkeys(p.person for p in (*own, *above))
    return [private_chat(desk.session, p, chat.channel, chat.account) for p in people]


def _write(desk: Desk, question: Ask, chat: Chat) -> None:
    line, unit = desk.texts.line, question.chat.unit
    yes, no = Button(line("button_ask_yes"), f"yes:{question.id}"), Button(line("button_ask_no"), f"no:{question.id}")
    values = {
        "unit": unit.name if unit else "",
        "who": shown_name(desk, question.message["sender"]["name"]),
        "at": when(desk, question.asked_at),
        "text": clip(question.text),
    }
    how = Envelope(kind="ping", buttons=((yes, no),), due_at=desk.after_quiet())
    desk.write(chat, desk.texts.segments("asked", **values), how)


def _open(desk: Desk, question: Ask) -> Ticket:
    sender = Sender(**question.message["sender"])
    report = Report(
        text=question.text,
        reporter=remember(desk.session, question.chat.channel, replace(sender, name=shown_name(desk, sender.name))),
        verdict=_verdict(question.verdict),
        message_id=question.message["message_id"],
        thread_id=question.message["thread_id"],
        files=tuple(Attachment(**f) for f in question.message["files"]),
    )
    ticket = open_ticket(desk, question.chat, report)
    question.close("opened")
    return ticket


def _verdict(kept: dict[str, Any]) -> Verdict:
    """Back from the row."""
    place = Place(**kept["place"]) if kept["place"] else None
    because = tuple(Reason(r["rule"], tuple(r["words"]), r["weight"]) for r in kept["because"])
    return Verdict(**{**kept, "place": place, "because": because, "also": ()})
