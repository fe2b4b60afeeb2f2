"""What the property company says is done, as long as nobody in charge has looked at it."""

from models.messages import Attachment
from models.tickets import Ticket, TicketEvent

DECIDED = frozenset({"proposed", "declined", "settle", "reopen", "void"})


def last_proposal(ticket: Ticket) -> TicketEvent | None:
    """The one that waits for a member's decision."""
    last = next((e for e in reversed(ticket.history) if e.kind in DECIDED), None)
    return last if last is not None and last.kind == "proposed" else None


def proposed_note(ticket: Ticket) -> str:
    proposal = last_proposal(ticket)
    return proposal.note if proposal else ""


def proposed_files(ticket: Ticket) -> tuple[Attachment, ...]:
    """The pictures that came with it."""
    proposal = last_proposal(ticket)
    refs = proposal.data.get("files", ()) if proposal else ()
    return tuple(Attachment(f.kind, f.ref) for f in ticket.files if f.ref in refs)  # type: ignore[arg-type]
