"""Everybody who joined a matter hears how it goes: privately where they can be reached, and the end in their group."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from handlers.desk import Buttons, Desk, Envelope
from handlers.passing.helpers import tell_helpers
from handlers.wording import what
from models.chats import Chat, private_chat
from models.followers import Follower, households
from models.letters import withdraw
from models.people import Person
from models.tickets import Ticket

OVERTAKEN = timedelta(minutes=3)  # 签收 is often followed by the next step at once: then only that one is told
TO_REPORTER = frozenset({"taken", "merged", "parted", "raised"})  # the group reads nothing that calls the reporter


def tell_followers(
    desk: Desk, ticket: Ticket, step: str, by: Person | None = None, buttons: Buttons = (), **values: Any
) -> None:
    """One short private line to each, after quiet hours unless urgent; `by`, who took the step, knows it already.

    Helpers hear how it ended. A line about an earlier step that has not left yet gives way to it.
    """
    for person in _listeners(ticket, step):
        chat = private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account)
        if chat is None or not chat.present or person is by:
            continue
        lane = f"step:{ticket.number}:{chat.id}:"
        withdraw(desk.session, lane)
        says = desk.texts.segments(
            f"step_{step}", number=ticket.number, what=what(desk, ticket, openly=False), **values
        )
        how = Envelope(kind="reminder", ticket_id=ticket.id, buttons=buttons, due_at=_leaves(desk, ticket, step))
        desk.write(chat, says, how.but(dedupe=f"{lane}{len(ticket.history)}"))
    tell_helpers(desk, ticket, step, by, **values)


def tell_other_groups(desk: Desk, ticket: Ticket, key: str, **values: Any) -> None:
    """The end of the matter in every other group from which somebody joined: one line a group."""
    if ticket.private:
        return
    for chat, joined in other_groups(ticket):
        says = desk.texts.segments(
            key, number=ticket.number, what=what(desk, ticket), count=households("-", joined) - 1, **values
        )
        once = f"end:{ticket.number}:{chat.id}:{len(ticket.history)}"
        desk.write(chat, says, Envelope(ticket_id=ticket.id, silent=desk.is_quiet(), dedupe=once))


def other_groups(ticket: Ticket) -> list[tuple[Chat, list[Follower]]]:
    """Groups other than the ticket's own, with who joined there."""
    found: dict[int, tuple[Chat, list[Follower]]] = {}
    for follower in ticket.followers:
        if follower.chat is not None and follower.chat_id != ticket.chat_id:
            found.setdefault(follower.chat.id, (follower.chat, []))[1].append(follower)
    return list(found.values())


def _listeners(ticket: Ticket, step: str) -> Iterator[Person]:
    if step in TO_REPORTER and ticket.reporter is not None:
        yield ticket.reporter
    yield from (f.person for f in ticket.followers if f.person is not None)


def _leaves(desk: Desk, ticket: Ticket, step: str) -> Any:
    if ticket.urgent:
        return None
    waits = OVERTAKEN if step == "taken" else timedelta()
    return desk.policy.quiet.ends_after(desk.policy.local(desk.now + waits))
