"""The letters in which a member is asked: one letter may hold several lines, and no answered one keeps its words."""

from datetime import timedelta

from handlers.desk import Buttons, Desk, Envelope
from handlers.kept import said_late
from handlers.stamps import stamped
from handlers.wording import clip, shown_name, when
from models.asks import Ask, waiting_asks
from models.chats import Chat
from models.letters import Letter, retract, scrub_superseded
from models.posts import Button, Segment

FOLD_WITHIN = timedelta(minutes=10)  # a line that comes so soon after a question is added to it, without a sound
MOST_LINES = 5  # in one letter
MOST_WAITING = 10  # unanswered lines put before one person; what comes then waits its turn


def put_before(desk: Desk, question: Ask, chat: Chat) -> None:
    """Ask this person: in the letter that they have just been sent, else in a new one."""
    letter = _recent(desk, question, chat)
    if letter is None:
        says, buttons = _worded(desk, [question])
        how = Envelope(kind="ping", buttons=buttons, due_at=desk.after_quiet())
        letter = desk.write(chat, says, how)
        assert letter is not None
    question.letters = [*question.letters, letter.id]
    desk.session.flush()
    refresh(desk, question)


def refresh(desk: Desk, question: Ask) -> None:
    """Every letter that asks it shows what is still to be answered, in the words that hold now."""
    desk.session.flush()
    waiting = waiting_asks(desk.session)
    for letter in (desk.session.get(Letter, number) for number in question.letters):
        if letter is not None:
            _refresh(desk, letter, [ask for ask in waiting if letter.id in ask.letters])


def has_room(desk: Desk, chat: Chat) -> bool:
    """Can this person be asked one more thing, or do they have enough before them?"""
    letters = (desk.session.get(Letter, n) for ask in waiting_asks(desk.session) for n in ask.letters[-1:])
    return sum(letter is not None and letter.chat_id == chat.id for letter in letters) < MOST_WAITING


def _refresh(desk: Desk, letter: Letter, waiting: list[Ask]) -> None:
    if waiting:
        desk.rewrite(letter, *_worded(desk, waiting))
    elif letter.state == "waiting" and letter.tries == 0:
        retract(letter)
    else:
        desk.rewrite(letter, desk.texts.segments("asked_over"), ())
    scrub_superseded(desk.session, letter)


def _recent(desk: Desk, question: Ask, chat: Chat) -> Letter | None:
    """An unanswered letter to this person about the same group that has room, and is fresh or has not left yet."""
    waiting = [a for a in waiting_asks(desk.session, question.chat) if a.id != question.id]
    numbers = [number for ask in waiting for number in ask.letters]
    for number in sorted(set(numbers), reverse=True):
        letter = desk.session.get(Letter, number)
        if letter is None or letter.chat_id != chat.id or numbers.count(number) >= MOST_LINES:
            continue
        unsent = letter.state == "waiting" and letter.tries == 0
        if unsent or (letter.state == "sent" and desk.now - letter.written_at <= FOLD_WITHIN):
            return letter
    return None


def _worded(desk: Desk, waiting: list[Ask]) -> tuple[tuple[Segment, ...], Buttons]:
    """One line is asked as a sentence, several as a numbered list with a pair of buttons each."""
    unit = waiting[0].chat.unit.name if waiting[0].chat.unit else ""
    if len(waiting) == 1:
        return desk.texts.segments("asked", unit=unit, **_line(desk, waiting[0])), (_buttons(desk, waiting[0], ""),)
    lines = [desk.texts.line("asked_line", n=n, **_line(desk, ask)) for n, ask in enumerate(waiting, 1)]
    says = desk.texts.segments("asked_many", unit=unit, lines="".join(lines))
    return says, tuple(_buttons(desk, ask, f"{n} ") for n, ask in enumerate(waiting, 1))


def _line(desk: Desk, ask: Ask) -> dict[str, object]:
    who = shown_name(desk, ask.message["sender"]["name"])
    said_at = said_late(ask.message) or ask.asked_at
    return {"who": who, "at": when(desk, said_at, desk.after_quiet()), "text": clip(ask.text)}


def _buttons(desk: Desk, ask: Ask, mark: str) -> tuple[Button, ...]:
    yes, no = desk.texts.line("button_ask_yes"), desk.texts.line("button_ask_no")
    means = [stamped(answer, ask.id, ask.asked_at) for answer in ("yes", "no")]
    return Button(f"{mark}{yes}", means[0]), Button(f"{mark}{no}", means[1])
