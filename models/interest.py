"""A matter about a responsible person is for the level above: whom it passes over, and from whom it is kept."""

from models.people import ON_DUTY, Person
from models.tickets import Ticket
from models.units import Unit


def closed_units(ticket: Ticket) -> list[Unit]:
    """The units at which the person whom it is about is answerable, and those below: nobody there may know of it."""
    if ticket.about is None:
        return []
    ladder = ticket.unit.ladder()
    held = {post.unit_id for post in ticket.about.posts if post.role in ON_DUTY}
    return ladder[: max((n for n, unit in enumerate(ladder, 1) if unit.id in held), default=0)]


def home_unit(ticket: Ticket) -> Unit:
    """The unit that is asked first: its own, or the first above those that it passes over."""
    ladder = ticket.unit.ladder()
    return ladder[min(len(closed_units(ticket)), len(ladder) - 1)]


def kept_from(person: Person, ticket: Ticket) -> bool:
    """Is it about this person, and by somebody else?"""
    return ticket.about is person and ticket.reporter is not person


def first_rung(ticket: Ticket) -> int:
    """The level at which it begins: that of whoever is asked first, never one that is passed over."""
    ladder, lowest = ticket.unit.ladder(), len(closed_units(ticket))
    held = {post.unit_id for post in ticket.assignee.held()} if ticket.assignee else set()
    return next((n for n in range(lowest, len(ladder)) if ladder[n].id in held), min(lowest, len(ladder) - 1))
