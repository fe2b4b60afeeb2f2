"""Groups and private chats, and when each is next to be written to of the bot's own accord."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import BindParameter, ForeignKey, Table, UniqueConstraint, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Base, claim, ours
from models.once import APART, one_of
from models.people import Person
from models.units import Unit

HEARD_EVERY = timedelta(hours=1)


class Chat(Base):
    """`kind` is residents, staff or private; a group whose unit is not known yet has unit None and stays silent."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    kind: Mapped[str] = mapped_column(default="residents")
    title: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    present: Mapped[bool] = mapped_column(default=True)
    introduced_at: Mapped[datetime | None]
    talk_due_at: Mapped[datetime | None] = mapped_column(index=True)
    week_due_at: Mapped[datetime | None] = mapped_column(index=True)
    heard_at: Mapped[datetime | None]  # when somebody last wrote here, to the hour
    about_ticket_id: Mapped[int | None]  # a private chat: the matter that plain lines here belong to
    reading_open: Mapped[float | None]  # this group's own thresholds; None: the deployment's
    reading_ask: Mapped[float | None]

    unit: Mapped[Unit | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def private(self) -> bool:
        return self.kind == "private"


class ChatAlias(Base):
    """The id that a group had before it migrated."""

    __tablename__ = "chat_aliases"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    channel: Mapped[str]
    external_id: Mapped[str]
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))


CHANNELS: BindParameter[Any] = bindparam("channels", expanding=True)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
BY_IDS = select(Chat).where(Chat.channel.in_(CHANNELS), Chat.external_id.in_(IDS)).options(joinedload(Chat.unit))
ALIASES = select(ChatAlias).where(ChatAlias.channel.in_(CHANNELS), ChatAlias.external_id.in_(IDS))


def find_chat(session: Session, channel: str, external_id: str) -> Chat | None:
    """The chat with this id, also under an id from before its migration."""
    return one_of(session, "chat", (channel, external_id), lambda keys: _chats_with(session, keys))


def _chats_with(session: Session, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Chat]:
    ids = {"channels": list({channel for channel, _ in keys}), "ids": list({number for _, number in keys})}
    found = {(chat.channel, chat.external_id): chat for chat in session.scalars(BY_IDS, ids)}
    if all(key in found for key in keys):
        return found
    old = {(alias.channel, alias.external_id): alias.chat_id for alias in session.scalars(ALIASES, ids)}
    moved = {key: session.get(Chat, chat_id) for key, chat_id in old.items()}
    return {**{key: chat for key, chat in moved.items() if chat is not None}, **found}


def enter_chat(
    session: Session, channel: str, account: str, external_id: str, *, kind: str = "residents", title: str = ""
) -> Chat:
    """The chat with this id, made known if new."""
    chat = find_chat(session, channel, external_id)
    if chat is None:
        with suppress(IntegrityError), session.begin_nested():  # another machine may meet it at the same time
            session.add(Chat(channel=channel, account=account, external_id=external_id, kind=kind, title=title))
        chat = find_chat(session, channel, external_id)
        assert chat is not None
    if not chat.account:  # written by the file before the bot itself was known
        chat.account = account
    return chat


CHATS = cast(Table, Chat.__table__)
HEARD_AT = update(CHATS).where(CHATS.c.id == bindparam("chat")).values(heard_at=bindparam("now"))


def mark_heard(session: Session, chat: Chat, now: datetime) -> None:
    """Somebody wrote here; noted at most once an hour, so that chatter costs nothing."""
    if chat.heard_at is None or now - chat.heard_at >= HEARD_EVERY:
        session.execute(HEARD_AT, {"chat": chat.id, "now": now}, execution_options={APART: True})
        set_committed_value(chat, "heard_at", now)


def private_chat(session: Session, person: Person, channel: str, account: str) -> Chat | None:
    """Where this person can be written to privately; None while they have not pressed Start."""
    identity = person.identity(channel)
    if identity is None or identity.started_at is None:
        return None
    chat = enter_chat(session, channel, account, identity.external_id, kind="private")
    if chat.person_id != person.id:
        chat.person_id = person.id
    return chat


def groups_of(session: Session, unit_ids: list[int], *kinds: str) -> list[Chat]:
    """Groups of these units in which the bot is present."""
    found = select(Chat).where(Chat.unit_id.in_(unit_ids), Chat.kind.in_(kinds), Chat.present)
    return list(session.scalars(found.order_by(Chat.id)))


def groups_to_plan(session: Session) -> list[Chat]:
    """Groups of our own street that belong to a unit and have the bot in them."""
    found = select(Chat).where(Chat.unit_id.is_not(None), Chat.present, *ours(session, Chat))
    return list(session.scalars(found.order_by(Chat.id)))


def groups_with_unit(session: Session) -> list[Chat]:
    """Every group that belongs to a unit and has the bot in it."""
    return list(session.scalars(select(Chat).where(Chat.unit_id.is_not(None), Chat.present).order_by(Chat.id)))


def move_chat(session: Session, channel: str, old: str, new: str) -> None:
    """Let the chat follow to its new id; both announcements of one migration may come, in any order."""
    chat = session.scalars(select(Chat).where(Chat.channel == channel, Chat.external_id == old)).first()
    if chat is None:
        return
    newer = session.scalars(select(Chat).where(Chat.channel == channel, Chat.external_id == new)).first()
    if newer is not None:  # the new group spoke before its announcement: it gives way under another name
        newer.external_id, newer.present, newer.unit_id = f"merged:{newer.id}:{new}", False, None
        session.flush()
    chat.external_id = new
    session.add(ChatAlias(channel=channel, external_id=old, chat_id=chat.id))
    session.flush()


def take_due_chat(session: Session, column: str, now: datetime) -> tuple[Chat, datetime] | None:
    """One chat whose `column` (talk_due_at, week_due_at) has come, claimed, with the instant that was due."""
    attribute = getattr(Chat, column)
    due = select(Chat).where(attribute <= now, Chat.present, *ours(session, Chat)).order_by(attribute, Chat.id).limit(1)
    while chat := session.scalars(due, execution_options={"populate_existing": True}).first():
        instant: datetime = getattr(chat, column)
        if claim(session, chat, column, None):
            return chat, instant
    return None


@dataclass(frozen=True)
class Group:
    """What a summary needs to know of the chat that it goes to."""

    id: int
    kind: str
    unit_id: int | None


def take_due_groups(session: Session, column: str, now: datetime, until: datetime, most: int) -> list[Group]:
    """All chats whose `column` has come, the longest due first; it is set on `until`, and that is our claim."""
    session.flush()
    table, attribute = Chat.__table__.c, Chat.__table__.c[column]
    due = select(table.id, table.kind, table.unit_id).where(attribute <= now, table.present, *ours(session, Chat))
    groups = [Group(*row) for row in session.execute(due.order_by(attribute, table.id).limit(most))]
    mine = update(Chat).where(Chat.id.in_([group.id for group in groups]), attribute <= now).values({column: until})
    unsynchronised = {"synchronize_session": False}
    taken = set(session.scalars(mine.returning(Chat.id), execution_options=unsynchronised)) if groups else set()
    return [group for group in groups if group.id in taken]


def chats_without_plan(session: Session) -> list[Chat]:
    """Groups of a unit for which no next reminder or summary is planned yet."""
    unplanned = Chat.talk_due_at.is_(None) | Chat.week_due_at.is_(None)
    found = select(Chat).where(Chat.unit_id.is_not(None), Chat.present, unplanned, *ours(session, Chat))
    return list(session.scalars(found))
