"""依法终结 (R36): a repeat case is closed for good, after review by somebody who never had it in hand."""

from typing import Any

from handlers.cards import refresh_card
from handlers.closing.line import settled_key
from handlers.desk import Desk
from handlers.followers import tell_followers
from handlers.granting.asking import ask_above
from handlers.granting.levels import grantors
from handlers.granting.telling import tell_resident
from handlers.notices import called
from handlers.resolve import refuse_merged
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import clip
from models.letters import letter_kept, to_post
from models.matters import same_before
from models.people import Person
from models.tickets import Ticket

router = Router()


@router.command("finish", "依法终结")
def ask_finish(turn: Turn) -> None:
    """`依法终结12 理由`. It always takes two: nobody reviews what they asked for."""
    ticket = turn.ticket("ask_above", "example_finish")
    refuse_merged(ticket)
    if not ticket.may("finish") or ticket.lapsed:  # its reporter asked to be forgotten
        raise Refusal("finish_closed", number=ticket.number)
    if not _repeats(turn, ticket):
        raise Refusal("finish_too_soon", number=ticket.number, times=turn.policy.limits.repeat_times)
    reason = turn.reason(ticket, "example_finish")
    if not grantors(turn, ticket, "finish", turn.sender):
        raise Refusal("finish_nobody")
    ask_above(turn, ticket, "finish", reason)


def finish(turn: Turn, ticket: Ticket, reason: str, asker: Person | None) -> None:
    """The reporter reads why, and whom to turn to; nothing takes it up again."""
    reviewer = next(d for d in grantors(turn, ticket, "finish", asker) if d.person is turn.sender)
    _lose_buttons(turn, ticket)
    above = called(turn, reviewer)
    asked = {"asked_by": asker.id} if asker else {}
    ticket.move("finish", by=turn.sender, at=turn.now, note=reason, unit=reviewer.unit.name, above=above, **asked)
    ticket.next_at = None
    refresh_card(turn, ticket)
    told: dict[str, Any] = {"reason": clip(reason), "above": above}
    tell_resident(turn, ticket, "finished", **told)
    tell_followers(turn, ticket, "finished", turn.sender, **told)


def _repeats(turn: Turn, ticket: Ticket) -> bool:
    """Taken up again so many times, or reported again as a matter of its own."""
    return ticket.reopened + same_before(turn.session, ticket) >= turn.policy.limits.repeat_times


def _lose_buttons(desk: Desk, ticket: Ticket) -> None:
    line = letter_kept(desk.session, settled_key(ticket))
    if line is not None:
        desk.rewrite(line, to_post(line, None).segments, ())
