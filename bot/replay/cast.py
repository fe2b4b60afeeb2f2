"""Who is who in a recording: a unit for each group, its grid member, its staff."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.config.load import Config
from bot.reading.judge import Judge
from bot.replay.recorded import Recorded, Role
from bot.replay.vocabulary import vocabulary
from bot.seed import seed
from models.chats import enter_chat
from models.messages import Sender
from models.people import Person, Post, remember
from models.units import Unit

POSTS = {"grid": "grid_member", "property": "property", "cadre": "cadre", "volunteer": "volunteer"}
STAFF = ("property", "cadre")


@dataclass
class Member:
    """One account of one group; `guessed` when only the nickname spoke for the role."""

    name: str
    role: Role = "resident"
    guessed: bool = False


@dataclass
class Group:
    conv: str
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def has_grid_member(self) -> bool:
        return any(m.role == "grid" for m in self.members.values())


def gather(messages: Iterable[Recorded]) -> dict[str, Group]:
    """The groups by conv, with everybody who speaks in them."""
    groups: dict[str, Group] = {}
    for message in messages:
        group = groups.setdefault(message.conv, Group(message.conv))
        _know(group, account_of(message), message)
    return groups


def account_of(message: Recorded) -> str:
    """The sender's account. Lines without one come from as many residents, but each staff role has one holder."""
    if message.sender_id is not None:
        return message.sender_id
    if message.role == "grid":
        return stand_in(message.conv)
    return f"{message.conv}/{message.role if message.role in STAFF else message.id}"


def stand_in(conv: str) -> str:
    """The account of the grid member who stands ready when none speaks."""
    return f"{conv}/grid"


def _know(group: Group, account: str, message: Recorded) -> None:
    member = group.members.setdefault(account, Member(message.sender_name))
    if message.role is not None and member.role == "resident":
        member.role = message.role
    elif message.role is None and member.role == "resident" and (role := _hinted(message.sender_name)):
        member.role, member.guessed = role, True


def _hinted(name: str) -> Role | None:
    hints: dict[str, Role] = vocabulary("nicknames")
    return next((role for word, role in hints.items() if word in name), None)


def seat(session: Session, channel: str, account: str, group: Group, now: datetime) -> None:
    """Write the group, its unit and everybody with a post into the database."""
    name = group.conv or channel
    above = Unit(name=f"{name} ↑", level="")
    unit = Unit(name=name, level="", parent=above)
    session.add_all([above, unit])
    chat = enter_chat(session, channel, account, chat_id_of(group.conv), title=name)
    chat.unit, chat.introduced_at = unit, now
    if not group.has_grid_member:
        group.members[stand_in(group.conv)] = Member(stand_in(group.conv), "grid")
    for external_id, member in group.members.items():
        if post := POSTS.get(member.role):
            person = _reachable(session, channel, external_id, member.name or external_id, now)
            session.add(Post(person=person, unit=above if post == "cadre" else unit, role=post))
    session.flush()


def seat_from_file(session: Session, config: Config, judge: Judge, account: str, now: datetime) -> set[str]:
    """Seat the deployment's own people and groups, which a Telegram export names by the same ids; gives the groups."""
    seed(session, config, judge, "telegram", account)
    for written in config.people:
        if written.telegram:
            _reachable(session, "telegram", str(written.telegram), written.name, now)
    return {str(group.telegram) for group in config.groups}


def _reachable(session: Session, channel: str, external_id: str, name: str, now: datetime) -> Person:
    """Staff have pressed Start: what would be asked of them privately is part of the replay."""
    person = remember(session, channel, Sender(external_id, name))
    for identity in person.identities:
        identity.started_at = now
    return person


def chat_id_of(conv: str) -> str:
    return conv or "recording"
