"""The member answers whether a line is an issue, or nobody does for half an hour."""

from handlers.asking import ask_next, close, open_asked
from handlers.desk import Desk
from handlers.joining import same_matter
from handlers.kept import said_again, verdict_of
from handlers.listen import join
from handlers.rights import is_member
from handlers.router import Router
from handlers.stamps import is_meant
from handlers.turn import Refusal, Turn
from models.asks import Ask, take_due_ask
from models.base import claim
from models.tickets import Ticket

router = Router()


@router.press("yes")
@router.press("no")
def answered(turn: Turn) -> None:
    """［登记］ or ［不是］; the answer stays as a correction, the words go."""
    question = turn.session.get(Ask, turn.command.number) if turn.command and turn.command.number else None
    if question is None or not is_meant(turn.args, question.asked_at) or not is_member(turn.known, question.chat.unit):
        raise Refusal("stale_button")
    if question.answer is not None:
        raise Refusal("asked_late" if question.answer == "late" else "asked_over")
    if not claim(turn.session, question, "next_at", None):  # somebody else's press, or the half hour, was quicker
        raise Refusal("asked_over")
    assert turn.command is not None
    if turn.command.name == "no":
        close(turn, question, "no", turn.sender.id)
        turn.say("asked_no")
        return
    ticket = _join(turn, question) or open_asked(turn, question, "yes", turn.sender.id)
    turn.say("asked_yes", number=ticket.number)


@router.step
def ask_next_one(desk: Desk) -> bool:
    """Nobody answered for half an hour: the deputy, then the levels above; with nobody left it opens."""
    question = take_due_ask(desk.session, desk.now)
    if question is None:
        return False
    if desk.now >= question.expires_at or not ask_next(desk, question):
        open_asked(desk, question, "nobody")
    return True


def _join(turn: Turn, question: Ask) -> Ticket | None:
    """A neighbour's line about what has become a ticket while it waited is no second one."""
    numbers = question.message_ids
    if not numbers:
        return None
    line = said_again(turn, question.chat, {**question.message, "message_id": numbers[0]}, question.text)
    ticket = same_matter(line, verdict_of(question.verdict))
    if ticket is not None:
        join(line, ticket)
        close(turn, question, "yes", turn.sender.id)
    return ticket
