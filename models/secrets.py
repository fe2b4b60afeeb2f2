"""What this deployment alone knows, and the keyed hashes made with it: they tell two things apart, and name nobody."""

import hashlib
import hmac
import secrets
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

KEY = "households"
BYTES = 16  # of a hash: enough that two doors never meet


class Secret(Base):
    """Made when it is first needed; whoever has the database can compare hashes, but not read them backwards."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[str]


def keyed_hash(session: Session, *parts: object) -> str:
    """The same parts always give the same hash in this deployment, and another one in any other."""
    said = "\x1f".join(map(str, parts))
    return hmac.new(bytes.fromhex(_secret(session)), said.encode(), hashlib.sha256).hexdigest()[: 2 * BYTES]


def _secret(session: Session) -> str:
    kept = select(Secret.value).where(Secret.name == KEY)
    value = session.scalar(kept)
    if value is None:
        with suppress(IntegrityError), session.begin_nested():  # another machine may make it at the same time
            session.add(Secret(name=KEY, value=secrets.token_hex(32)))
        value = session.scalar(kept)
    assert value is not None
    return value
