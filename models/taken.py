"""Which updates were taken: an update whose effects are committed does nothing when it comes again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ARRAY, JSON, String, Table, UniqueConstraint, bindparam, delete, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, UtcTime
from models.once import APART

UPDATE_MEMORY = timedelta(hours=48)


class TakenUpdate(Base):
    """An update whose effects are committed: a redelivered one does nothing."""

    __tablename__ = "taken_updates"
    __table_args__ = (UniqueConstraint("account", "event_id"),)

    account: Mapped[str]  # channel:account
    event_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


def _take(dialect: str) -> Any:
    """One statement for any number of updates, their numbers as one value: a row of values for each costs more than
    SQLite needs to write it.
    """
    if dialect == "sqlite":
        number: Any = func.json_each(bindparam("ids", type_=JSON())).table_valued("value").c.value
        insert: Any = sqlite.insert
    else:
        number = func.unnest(bindparam("ids", type_=ARRAY(String()))).column_valued()
        insert = postgresql.insert
    row = bindparam("account", type_=String()), number, bindparam("at", type_=UtcTime())
    rows = select(*row).where(true())  # without it SQLite takes ON CONFLICT for the ON of a join
    taken = insert(cast(Table, TakenUpdate.__table__)).from_select(["account", "event_id", "at"], rows)
    return taken.on_conflict_do_nothing().returning(TakenUpdate.event_id)


TAKE = {dialect: _take(dialect) for dialect in ("sqlite", "postgresql")}


def take_updates(session: Session, account: str, event_ids: Collection[str], now: datetime) -> set[str]:
    """Those that nobody took before, ours from now on; a machine that takes the same ones now is waited for."""
    given = {"account": account, "ids": list(event_ids), "at": now}
    take = TAKE[session.get_bind().dialect.name]
    return set(session.scalars(take, given, execution_options={APART: True})) if event_ids else set()


def give_back_updates(session: Session, account: str, event_ids: Collection[str]) -> None:
    """Taken by this transaction, and not dealt with: they are as if it had never seen them."""
    theirs = (TakenUpdate.account == account) & TakenUpdate.event_id.in_(event_ids)
    session.execute(delete(TakenUpdate).where(theirs), execution_options={"synchronize_session": False})
