"""The loop that asks what is due. One transaction for each due thing; a row that fails waits, the others go on."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import DBAPIError

from bot.bell import Bell
from bot.clock import Clock
from bot.observing.signs import SILENT, Signs
from handlers import ROUTER
from handlers.asking import prune
from handlers.desk import Desk
from handlers.policy import Policy
from handlers.router import Step
from models.base import Claimed, put_off
from models.database import CONFLICTS, Sessions, is_engine_fault
from models.heard import forget_old

log = logging.getLogger(__name__)

BEAT = 5  # seconds
PRUNE_EVERY = timedelta(minutes=1)
PUT_OFF = timedelta(minutes=10)
MOST = 500  # due things in one beat, so that a beat always ends


OneDue = Callable[[], bool]
"""Does one due thing in a transaction of its own; False when there was none."""


class Heartbeat:
    """`also`: what is due beside the steps of the handlers."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        policy: Policy,
        bell: Bell | None = None,
        signs: Signs = SILENT,
        also: Sequence[OneDue] = (),
    ) -> None:
        self._sessions, self._clock, self._policy, self._bell = sessions, clock, policy, bell or Bell()
        self._signs, self._also = signs, also
        self._pruned: datetime | None = None

    async def run(self) -> None:
        """Beat until cancelled. The due columns decide what happens; the scheduler only wakes us."""
        scheduler = AsyncIOScheduler(timezone=self._policy.zone)
        scheduler.add_job(
            self._woken, "interval", seconds=BEAT, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        scheduler.start()
        try:
            await self.beat()
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def _woken(self) -> None:
        """Told to stop in the middle of a beat: its thread comes to an end by itself, and nothing is wrong."""
        with suppress(asyncio.CancelledError):
            await self.beat()

    async def beat(self) -> None:
        try:
            if await asyncio.to_thread(self.beat_now):
                self._bell.ring()
        except DBAPIError as fault:
            log.error("database: %(why)s", {"event": "database_fault", "loop": "heartbeat", "why": fault.orig})
        except Exception:
            log.exception("heartbeat: our own fault", {"event": "loop_fault", "loop": "heartbeat"})

    def beat_now(self) -> int:
        """Do everything that is due; returns how many things were."""
        began = time.monotonic()
        steps: list[OneDue] = [partial(self._one, step) for step in ROUTER.steps]
        done = sum(_repeat(one) for one in [*steps, *self._also])
        self._prune()
        self._signs.beat(time.monotonic() - began)
        return done

    def _one(self, step: Step) -> bool:
        self._signs.turned("heartbeat", BEAT)
        try:
            return self._do(step, again=True)
        except CONFLICTS:  # somebody wrote to the same matter at this moment: look at it as it is now
            return self._do(step, again=False)

    def _do(self, step: Step, *, again: bool) -> bool:
        session = self._sessions()
        try:
            with session.begin():
                was_due = step(Desk(session, self._clock.now(), self._policy))
            if was_due:
                self._signs.stepped(step.__name__, "done")
            return was_due
        except Exception as fault:
            if is_engine_fault(fault) or (again and isinstance(fault, CONFLICTS)):
                raise
            log.exception("%(step)s failed", {"event": "step_failed", "step": step.__name__})
            self._signs.stepped(step.__name__, "failed")
            return self._put_off(session.info.get("claimed"))
        finally:
            session.close()

    def _put_off(self, claimed: Claimed | None) -> bool:
        """The row on which our code failed comes later; True when there was one, so that the next is tried."""
        if claimed is None:
            return False
        with self._sessions.begin() as session:
            put_off(session, claimed, self._clock.now() + PUT_OFF)
        return True

    def _prune(self) -> None:
        now = self._clock.now()
        if self._pruned is not None and now - self._pruned < PRUNE_EVERY:
            return
        self._pruned = now
        try:
            self._prune_now(now)
        except CONFLICTS:  # somebody wrote to what was to go
            self._prune_now(now)

    def _prune_now(self, now: datetime) -> None:
        with self._sessions.begin() as session:
            forget_old(session, now)
            prune(Desk(session, now, self._policy))


def _repeat(one: OneDue) -> int:
    count = 0
    while count < MOST and one():
        count += 1
    return count
