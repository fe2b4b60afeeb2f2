"""gridbot setup-code: a one-time code with which a group is tied to its unit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.config.faults import ConfigFaults, did_you_mean, fault
from models.codes import new_code
from models.units import Unit, all_units, unit_named


@dataclass(frozen=True)
class HandedOut:
    """`created`: the unit was not known before."""

    code: str
    unit: str
    created: bool


def hand_out(session: Session, name: str, now: datetime, language: str, *, new: bool = False) -> HandedOut:
    """A code for this unit, made if unknown. A name like a known one is refused as a slip unless `new` insists."""
    if not name:
        raise ConfigFaults([fault(language, "UNIT", "string_too_short")])
    unit = unit_named(session, name)
    created = unit is None
    if unit is None:
        if not new:
            _refuse_a_slip(session, name, language)
        unit = Unit(name=name)
        session.add(unit)
        session.flush()
    return HandedOut(new_code(session, unit, now), unit.name, created)


def _refuse_a_slip(session: Session, name: str, language: str) -> None:
    if hint := did_you_mean(language, name, [unit.name for unit in all_units(session)]):
        raise ConfigFaults([fault(language, "UNIT", "unit_like_another", hint, name=name)])
