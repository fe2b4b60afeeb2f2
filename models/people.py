"""People, their accounts on each channel, and the posts they hold."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from models.base import Base, apart
from models.direct import columns, insert_now, plain
from models.messages import Sender
from models.once import once, one_of
from models.units import Unit

Role = Literal[
    "grid_member",
    "deputy",
    "building_contact",
    "cadre",
    "supervisor",
    "property",
    "volunteer",
    "mediator",
    "department",
]
ROLES: tuple[str, ...] = Role.__args__  # type: ignore[attr-defined]
ON_DUTY = ("grid_member", "deputy", "cadre", "supervisor")  # who is answerable for a unit, in the order of asking
STAFF = frozenset({*ON_DUTY, "property", "department"})  # whose plain words are a notice, not a report


class Person(Base):
    """Somebody we must remember: a reporter, a follower or a person with a post. No account is needed."""

    __tablename__ = "people"

    name: Mapped[str]
    phone: Mapped[str | None]
    forgotten_at: Mapped[datetime | None]

    identities: Mapped[list["Identity"]] = relationship(back_populates="person")
    posts: Mapped[list["Post"]] = relationship(back_populates="person")

    def identity(self, channel: str) -> "Identity | None":
        return next((i for i in self.identities if i.channel == channel), None)

    def held(self) -> list["Post"]:
        return [p for p in self.posts if p.ended_at is None]


class Identity(Base):
    """One account of a person. `started_at`: may be written to privately (pressed Start and has not blocked us)."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    username: Mapped[str | None] = mapped_column(index=True)
    started_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="identities")


class Post(Base):
    """A role in a unit. `scope`: normalised places (buildings) of a building contact; empty means the whole unit.

    `part_time` (兼职): on duty in their shifts only.
    """

    __tablename__ = "posts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[str]
    scope: Mapped[list[Any]] = mapped_column(default=list)
    part_time: Mapped[bool] = mapped_column(default=False, server_default="0")
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="posts")
    unit: Mapped[Unit] = relationship()

    def covers(self, place_key: str) -> bool:
        """Does this building contact answer for the place? 3-2-501 belongs to 3 and to 3-2."""
        return not self.scope or any(place_key == s or place_key.startswith(f"{s}-") for s in self.scope)


BY_ACCOUNTS = (
    select(Identity)
    .where(
        Identity.channel.in_(bindparam("channels", expanding=True)),
        Identity.external_id.in_(bindparam("accounts", expanding=True)),
    )
    .options(joinedload(Identity.person).joinedload(Person.posts))
)
"""Whoever is found is looked at next: who they are and what they hold."""


PLAIN = columns(Identity)
ANY_OF_THEM = select(PLAIN.id).where(
    PLAIN.channel.in_(bindparam("channels", expanding=True)),
    PLAIN.external_id.in_(bindparam("accounts", expanding=True)),
)


def find_identity(session: Session, channel: str, external_id: str | None) -> Identity | None:
    if external_id is None:
        return None
    return one_of(session, "identity", (channel, external_id), lambda keys: _identities(session, keys))


def _identities(session: Session, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Identity]:
    asked = {"channels": list({channel for channel, _ in keys}), "accounts": list({account for _, account in keys})}
    if not plain(session, ANY_OF_THEM, **asked).first():  # most who speak never had to be remembered
        return {}
    return {(i.channel, i.external_id): i for i in session.scalars(BY_ACCOUNTS, asked).unique()}


def find_person(session: Session, channel: str, external_id: str | None) -> Person | None:
    found = find_identity(session, channel, external_id)
    return found.person if found else None


def remember(session: Session, channel: str, sender: Sender) -> Person:
    """The person behind this account, made known if new; the name follows what the channel says now."""
    assert sender.id is not None, "only people with an account can be remembered this way"
    identity = find_identity(session, channel, sender.id) or _meet(session, channel, sender)
    if identity.username != sender.username:
        identity.username = sender.username
    if identity.person.name != sender.name and not identity.person.held():  # with a post they keep their known name
        identity.person.name = sender.name
    return identity.person


def _meet(session: Session, channel: str, sender: Sender) -> Identity:
    person = Person(name=sender.name, identities=[], posts=[])
    met = Identity(person=person, channel=channel, external_id=sender.id, username=sender.username)
    try:
        with apart(session):
            insert_now(session, person, met)
    except IntegrityError:  # another machine met them at the same time
        found = find_identity(session, channel, sender.id)
        assert found is not None
        return found
    return met


def people_called(session: Session, channel: str, name: str) -> list[Person]:
    """People already known by this name or @username; for /assign."""
    bare = name.removeprefix("@")
    by_account = select(Identity).where(Identity.channel == channel, Identity.username == bare)
    found = [i.person for i in session.scalars(by_account)]
    return found or list(session.scalars(select(Person).where(Person.name == bare)))


def person_named(session: Session, name: str, channel: str, units: list[str]) -> Person | None:
    """Somebody of this name with a post in one of these units who has no account on the channel yet: the file knew them
    before they spoke.
    """
    serves = Person.posts.any(Post.unit.has(Unit.name.in_(units)))
    named = session.scalars(select(Person).where(Person.name == name, serves).order_by(Person.id))
    return next((p for p in named if p.identity(channel) is None), None)


def ever_held(session: Session, person: Person, unit: Unit, role: str) -> bool:
    """Did this person ever have this post, even if it was ended in chat?"""
    same = select(Post.id).where(Post.person_id == person.id, Post.unit_id == unit.id, Post.role == role)
    return session.scalar(same) is not None


def holders(session: Session, unit: Unit, *roles: str) -> list[Post]:
    """Posts held in this unit, in the order of the roles given, then by seniority."""
    held = select(Post).where(Post.unit_id == unit.id, Post.role.in_(roles), Post.ended_at.is_(None))
    return sorted(session.scalars(held), key=lambda p: (roles.index(p.role), p.id))


def posts_of_role(session: Session, role: str) -> list[Post]:
    """Every post of this role, by seniority."""
    return list(session.scalars(select(Post).where(Post.role == role, Post.ended_at.is_(None)).order_by(Post.id)))


HELD = (
    select(Post)
    .where(Post.ended_at.is_(None))
    .order_by(Post.id)
    .options(joinedload(Post.person, innerjoin=True).joinedload(Person.identities))
)
HELD_IN = HELD.where(Post.unit_id.in_(bindparam("units", expanding=True)))


def posts_in(session: Session, units: Iterable[int] | None) -> list[Post]:
    """Every post held in these units, in all where None, by seniority; with the people and their accounts."""
    if units is None:
        return list(session.scalars(HELD).unique())
    these = tuple(units)
    return list(once(session, ("posts in", these), lambda: session.scalars(HELD_IN, {"units": these}).unique().all()))


def everyone_on_duty(session: Session) -> list[Person]:
    """All who hold a post that answers for a unit: those who should press Start."""
    roles = (*ON_DUTY, "building_contact")
    held = select(Person).join(Post).where(Post.role.in_(roles), Post.ended_at.is_(None)).distinct()
    return list(session.scalars(held.order_by(Person.id)))


def start_all(session: Session, at: datetime) -> None:
    """As if everybody had pressed Start: for trying out a configuration."""
    session.execute(update(Identity).values(started_at=at))
