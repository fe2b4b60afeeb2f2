"""One-time codes with which a group is tied to its unit: anybody can add a bot to a group of their own."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, claim
from models.units import Unit

LIFE = timedelta(days=3)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is read as something else


class SetupCode(Base):
    """Only a hash is kept: whoever reads the database cannot set up a group."""

    __tablename__ = "setup_codes"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()


def _digest(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def new_code(session: Session, unit: Unit, now: datetime) -> str:
    """A code of ten characters (50 bits), good for three days and one use."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(10))
    session.add(SetupCode(unit_id=unit.id, digest=_digest(code), expires_at=now + LIFE))
    session.flush()
    return code


def use_code(session: Session, code: str, now: datetime) -> Unit | None:
    """The unit that the code opens, used up by this call; None when it is wrong, old or used."""
    found = session.scalars(select(SetupCode).where(SetupCode.digest == _digest(code))).first()
    if found is None or found.used_at is not None or found.expires_at <= now:
        return None
    return found.unit if claim(session, found, "used_at", now) else None
