"""By which way a matter was handled (R15). The source counts six and names none: these are ours, and editable."""

from handlers.desk import Desk
from models.parties import HELPING
from models.tickets import Ticket

WAYS = ("on_spot", "grid", "community", "street", "joint", "meeting")
"""当场解决, 网格办理, 社区协调, 上报街道, 部门联办, 说事会议定"""

BY_HEIGHT = ("grid", "community", "street")  # the levels above the street are counted with it


def default_way(ticket: Ticket) -> str:
    """The way that the ticket itself tells, called when it is settled (`settled_at` set); one of WAYS."""
    if any(p.part in HELPING for p in ticket.parties):
        return "joint"
    height = _height(ticket)
    return "on_spot" if height == 0 and _on_the_spot(ticket) else BY_HEIGHT[min(height, 2)]


def ways(desk: Desk) -> dict[str, str]:
    """key -> word; the deployment's own words where it has any. What it has beyond the six is its own key."""
    own = desk.policy.ledger.ways
    if not own:
        return {way: desk.texts.word("ways", way) for way in WAYS}
    return {**dict(zip(WAYS, own, strict=False)), **{word: word for word in own[len(WAYS) :]}}


def way_word(desk: Desk, ticket: Ticket) -> str:
    """What its way is called; empty while it has none."""
    return ways(desk).get(ticket.way, ticket.way)


def _height(ticket: Ticket) -> int:
    """How many levels above its own unit it was settled; by where it stands, while no level is stamped."""
    ladder = ticket.unit.ladder()
    return ladder.index(ticket.settled_unit) if ticket.settled_unit in ladder else ticket.rung


def _on_the_spot(ticket: Ticket) -> bool:
    """Settled before even the first word was due, by the first who had it."""
    if ticket.settled_at is None or ticket.respond_due_at is None or ticket.reopened:
        return False
    passed_on = any(e.kind in ("transfer", "escalated", "raised", "return") for e in ticket.history)
    return ticket.settled_at <= ticket.respond_due_at and not passed_on
