"""Somebody says which ticket they meant, or nobody does for an hour."""

from handlers.desk import Desk
from handlers.intake import open_ticket
from handlers.kept import report_of, said_again
from handlers.listen import about, join
from handlers.router import Router
from handlers.turn import Refusal, Turn
from models.base import claim
from models.choices import Choice, take_due_choice
from models.letters import Letter, scrub_superseded
from models.tickets import Ticket, ticket_numbered

router = Router()

LONGEST_NUMBER = 9  # digits; what is longer no database takes


@router.press("which")
def chosen(turn: Turn) -> None:
    """From now on it is as if they had replied to that ticket. Others only read that they were not asked."""
    assert turn.command is not None and turn.command.number is not None
    choice = turn.session.get(Choice, turn.command.number)
    if choice is None or choice.answer is not None:
        raise Refusal("stale_button")
    if choice.sender_id != turn.event.sender.id or choice.chat.channel != turn.event.channel:
        raise Refusal("not_asked")
    if not claim(turn.session, choice, "next_at", None):
        raise Refusal("stale_button")
    if turn.command.args == "0":
        _none_of_them(turn, choice)
    else:
        _that_one(turn, choice, _offered(turn, choice))


@router.step
def let_lapse(desk: Desk) -> bool:
    """Nobody answered: a short word comes to nothing, a report goes the way of every report."""
    choice = take_due_choice(desk.session, desk.now)
    if choice is None:
        return False
    opened = _open(desk, choice)
    choice.close("over")
    _shorten(desk, choice, "which_opened" if opened else "which_over", opened)
    return True


def _offered(turn: Turn, choice: Choice) -> Ticket:
    written = turn.command.args if turn.command else ""
    readable = written.isascii() and written.isdecimal() and len(written) <= LONGEST_NUMBER
    ticket = ticket_numbered(turn.session, int(written)) if readable else None
    if ticket is None or ticket.id not in choice.tickets:
        raise Refusal("stale_button")
    return ticket


def _that_one(turn: Turn, choice: Choice, ticket: Ticket) -> None:
    line = said_again(turn, choice.chat, choice.message, choice.message["text"])
    if choice.verdict:
        join(line, ticket)
    else:
        about(line, [ticket])
    choice.close("chosen", ticket)
    _shorten(turn, choice, "which_done", ticket)
    turn.say("which_done", number=ticket.number)


def _none_of_them(turn: Turn, choice: Choice) -> None:
    opened = _open(turn, choice)
    choice.close("none")
    _shorten(turn, choice, "which_opened" if opened else "which_none", opened)
    turn.say("which_none")


def _open(desk: Desk, choice: Choice) -> Ticket | None:
    """A report that would have opened, had nothing else fitted."""
    if not choice.verdict:
        return None
    report = report_of(desk, choice.chat, choice.message, choice.verdict, choice.message["text"])
    return open_ticket(desk, choice.chat, report)


def _shorten(desk: Desk, choice: Choice, key: str, ticket: Ticket | None) -> None:
    """The question gives way to as few words as can be."""
    letter = desk.session.get(Letter, choice.letter_id) if choice.letter_id else None
    if letter is not None:
        desk.rewrite(letter, desk.texts.segments(key, number=ticket.number if ticket else ""), ())
        scrub_superseded(desk.session, letter)  # in private it quoted the words
