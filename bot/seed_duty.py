"""The file's shifts and leave become rows; what was cancelled in chat since then is not given again."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from bot.config.load import Config
from models.people import Person
from models.roster import Leave, Shift, ever_on_leave, ever_shifted
from models.units import Unit, unit_named

People = Mapping[str, Sequence[Person]]


def seed_shifts(session: Session, config: Config, people: People) -> None:
    for written in config.shifts:
        unit = unit_named(session, written.unit)
        assert unit is not None, "the configuration was checked before"
        person = _serving(people[written.person], unit)
        day = written.days if isinstance(written.days, date) else None
        weekdays = "" if isinstance(written.days, date) else written.days
        shift = Shift(
            unit_id=unit.id, person_id=person.id, weekdays=weekdays, day=day, start=written.start, end=written.end
        )
        if not ever_shifted(session, shift):
            session.add(shift)
    session.flush()


def seed_leaves(session: Session, config: Config, people: People) -> None:
    """The stand-in is handed what is open when the leave begins, or at once if it has begun."""
    for written in config.leaves:
        person = people[written.person][0]
        stand_in = people[written.stand_in][0] if written.stand_in else None
        start, end = written.within(config.tz)
        if not ever_on_leave(session, person, start):
            leave = Leave(person=person, stand_in=stand_in, start=start, end=end, reason=written.reason, next_at=start)
            session.add(leave)
    session.flush()


def _serving(namesakes: Sequence[Person], unit: Unit) -> Person:
    """Of several people of one name the one with a post here or above."""
    ladder = unit.ladder()
    return next((p for p in namesakes if any(post.unit in ladder for post in p.held())), namesakes[0])
