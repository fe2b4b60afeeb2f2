"""The door out: takes letters one by one, sends them, and notes what became of each."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.bell import Bell
from bot.channels import Channel, ChatGone, DeliveryFailure, Moved, Rejected, TryLater, Uncertain
from bot.clock import Clock
from bot.dropping import tell_dropped
from bot.observing.signs import SILENT, Signs
from handlers.desk import Desk
from handlers.migrate import follow_chat
from handlers.policy import Policy
from handlers.undelivered import given_up, pass_over, refused
from models.base import Claimed, put_off
from models.database import CONFLICTS, Sessions, is_engine_fault
from models.delivery import (
    Look,
    Reach,
    Taken,
    first_letter_at,
    letter_of,
    next_letter_at,
    note_dead,
    note_later,
    note_sent,
    note_uncertain,
    queue_up,
    take_letter,
)

log = logging.getLogger(__name__)

HANDS = 4  # letters under way at once on one channel: a slow chat holds up no other
REST = 5.0  # seconds after which an idle postman looks again, though nobody rang
GRACE = 3.0  # seconds that a letter on its way may take when we are told to stop
PUT_OFF = timedelta(minutes=10)
NOTE_AGAIN = 1.0  # seconds before a database that was away is told once more what became of a letter
AGAIN = 3.0  # seconds before an uncertain letter is tried the second time
OURS = "lane"  # in Session.info: the lane that this transaction leased
Became = Any  # the message's number, or a failure
BECAME: dict[type, str] = {TryLater: "later", Uncertain: "uncertain", Moved: "moved", ChatGone: "gone"}


def nothing() -> None:
    """What is done about it."""


class Postman:
    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        policy: Policy,
        channels: Sequence[Channel],
        bell: Bell | None = None,
        signs: Signs = SILENT,
    ) -> None:
        self._sessions, self._clock, self._policy = sessions, clock, policy
        self._channels, self._bell, self._signs = channels, bell or Bell(), signs
        self._busy: dict[str, int] = {}  # lane: the letter of ours that is under way there
        tell_dropped(sessions)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as group:
            for channel in self._channels:
                looking = asyncio.Lock()
                for _ in range(HANDS):
                    group.create_task(self._work(channel, looking))

    async def deliver_one(self, channel: Channel, found: Callable[[], None] = nothing) -> float | None:
        """Send the next letter; 0 when there was one, else the seconds until there may be (None: unknown). `found` is
        called when there is one, before it is sent.
        """
        taken = await asyncio.to_thread(self._take, _reach(channel))
        if isinstance(taken, Look):
            return taken.wait
        found()
        try:
            sent = await channel.deliver(taken.post)
        except DeliveryFailure as failure:
            self._signs.letter(taken.kind, BECAME.get(type(failure), "dead"))
            await self._note(self._undelivered, taken, failure)
        except Exception as fault:
            log.exception("letter %(letter)d: our own fault", {"event": "letter_fault", "letter": taken.letter_id})
            self._signs.letter(taken.kind, "dead")
            await self._note(self._undelivered, taken, Rejected(type(fault).__name__))
        else:
            await self._note(self._sent, taken, sent.message_id)
        return 0.0

    async def _note(self, note: Callable[[Taken, Became], None], taken: Taken, became: Became) -> None:
        """Only we know what became of it: a database that is away for a moment is told later, nothing is sent again."""
        try:
            noted = await asyncio.to_thread(self._noted, note, taken, became)
            while not noted:
                await asyncio.sleep(NOTE_AGAIN)
                noted = await asyncio.to_thread(self._noted, note, taken, became)
        finally:
            self._busy.pop(taken.lane, None)

    def _noted(self, note: Callable[[Taken, Became], None], taken: Taken, became: Became) -> bool:
        try:
            try:
                note(taken, became)
            except CONFLICTS:  # another machine wrote to the same matter: once more, as it is now
                note(taken, became)
        except DBAPIError as fault:
            if not is_engine_fault(fault):
                raise
            log.error("database: %(why)s", {"event": "database_fault", "loop": "postman", "why": fault.orig})
            return False
        return True

    async def _work(self, channel: Channel, looking: asyncio.Lock) -> None:
        """One hand looks, or waits for the bell; the others have letters under way, or stand behind it."""
        while True:
            async with _kept(looking) as let_go:
                heard = self._bell.rings
                wait = await self._try_one(channel, let_go)
                if wait != 0:
                    await self._bell.wait(min(wait or REST, REST), heard)
            if wait == 0:
                self._bell.ring()  # its lane is free: whoever looks may have passed over the next letter there

    async def _try_one(self, channel: Channel, found: Callable[[], None]) -> float | None:
        self._signs.turned("postman", REST)
        try:
            return await _to_its_end(self.deliver_one(channel, found))
        except DBAPIError as fault:
            log.error("database: %(why)s", {"event": "database_fault", "loop": "postman", "why": fault.orig})
        except Exception:
            log.exception("postman: our own fault", {"event": "loop_fault", "loop": "postman"})
        return REST

    def _take(self, reach: Reach) -> Taken | Look:
        return self._glance() or self._take_one(reach)

    def _glance(self) -> Look | None:
        """None when a letter is due. Most looks find none: only to find that out nobody waits for the inbox to write,
        and it not for us.
        """
        now = self._clock.now()
        with self._sessions() as session:
            session.connection(execution_options={"read_only": True})
            first = first_letter_at(session, self._busy.values())
        if first is not None and first <= now:
            return None
        return Look((first - now).total_seconds() if first else None)

    def _take_one(self, reach: Reach) -> Taken | Look:
        session = self._sessions()
        try:
            with session.begin():
                taken = self._look(session, reach)
        except Exception as fault:
            self._busy.pop(session.info.get(OURS, ""), None)
            if is_engine_fault(fault) or "claimed" not in session.info:
                raise
            stuck = {"event": "letter_unreadable", "letter": session.info["claimed"][1]}
            log.exception("letter %(letter)d cannot be read, it comes later", stuck)
            self._put_off(session.info["claimed"])
            return Look(0.0)
        finally:
            session.close()
        for _ in taken.stale:
            self._signs.letter("any", "stale")
        return taken

    def _look(self, session: Session, reach: Reach) -> Taken | Look:
        queue_up(session, reach)
        now = self._clock.now()
        taken = take_letter(session, now, self._clock.machine(), reach, busy=frozenset(self._busy))
        if isinstance(taken, Taken):  # before the commit lets our next hand in
            self._busy[taken.lane] = taken.letter_id
            session.info[OURS] = taken.lane
        elif taken.wait is None and (later := next_letter_at(session, now)):
            return replace(taken, wait=(later - now).total_seconds())
        return taken

    def _put_off(self, claimed: Claimed) -> None:
        with self._sessions.begin() as session:
            put_off(session, claimed, self._clock.now() + PUT_OFF)

    def _sent(self, taken: Taken, message_id: str | None) -> None:
        now = self._clock.now()
        with self._sessions.begin() as session:
            note_sent(session, taken, message_id, now)
        self._signs.letter(taken.kind, "sent", (now - taken.due_at).total_seconds() if taken.due_at else None)

    def _undelivered(self, taken: Taken, failure: DeliveryFailure) -> None:
        machine = self._clock.machine()
        with self._sessions.begin() as session:
            match failure:
                case TryLater(wait=wait, scope=scope):
                    note_later(session, taken, machine, wait, whole_bot=scope == "bot")
                case Uncertain() if note_uncertain(session, taken, machine, AGAIN, str(failure)):
                    log.warning(
                        "letter %(letter)d: outcome unknown, sending it once more",
                        {"event": "letter_uncertain", "letter": taken.letter_id},
                    )
                case Uncertain():
                    gone = {"event": "letter_given_up", "letter": taken.letter_id}
                    log.error("letter %(letter)d: outcome unknown twice, given up", gone)
                    given_up(Desk(session, self._clock.now(), self._policy), letter_of(session, taken))
                    self._signs.letter(taken.kind, "dead")
                case Moved(new_chat_id=new):
                    note_later(session, taken, machine, 0.0, whole_bot=False)
                    follow_chat(session, taken.reach.channel, taken.post.chat_id, new)
                case ChatGone():
                    letter = note_dead(session, taken, str(failure))
                    lost = {"event": "chat_gone", "letter": taken.letter_id, "why": failure}
                    log.warning("letter %(letter)d: %(why)s", lost)
                    pass_over(Desk(session, self._clock.now(), self._policy), letter)
                case _:
                    letter = note_dead(session, taken, str(failure))
                    dead = {"event": "letter_dead", "letter": taken.letter_id, "why": failure}
                    log.error("letter %(letter)d is dead: %(why)s", dead)
                    refused(Desk(session, self._clock.now(), self._policy), letter)


@asynccontextmanager
async def _kept(lock: asyncio.Lock) -> AsyncIterator[Callable[[], None]]:
    """Ours to the end, or until what it yields is called."""
    await lock.acquire()
    ours = [lock]

    def let_go() -> None:
        while ours:
            ours.pop().release()

    try:
        yield let_go
    finally:
        let_go()


async def _to_its_end(delivery: Coroutine[None, None, float | None]) -> float | None:
    """A letter on its way when we are told to stop is still noted, else it would go out twice."""
    task = asyncio.create_task(delivery)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=GRACE)
        task.cancel()
        raise


def _reach(channel: Channel) -> Reach:
    """The channel's limits, as counts in spans of seconds."""
    can = channel.capabilities
    per_chat = ((1, 1.0 / can.per_chat_per_second),) if can.per_chat_per_second else ()
    per_group = ((can.per_group_per_minute, 60.0),) if can.per_group_per_minute else ()
    per_bot = ((max(1, int(can.per_bot_per_second)), 1.0),) if can.per_bot_per_second else ()
    return Reach(channel.name, channel.account, per_chat, per_group, per_bot)
