"""Says every few seconds that this process lives, and looks every few minutes what an operator should know."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from handlers.desk import Desk
from handlers.health.away import look_back
from handlers.health.looking import look_around
from handlers.policy import Policy
from models.database import Sessions
from models.incidents import note_past, standing
from models.pulses import beat, sign_in, sign_out
from models.schema import schema_state

log = logging.getLogger(__name__)

BEAT = 10.0  # seconds between two signs of life: one small write
LOOK_EVERY = timedelta(minutes=10)
SHORT = timedelta(minutes=1)  # a database that is back sooner was only busy

Seen = Mapping[str, bool]


def nothing() -> Seen:
    return {}


class Watchman:
    """`account` as channel:account. `holds`: do we fetch the messages? `sees`: troubles that only the channel knows."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        policy: Policy,
        account: str,
        holds: Callable[[], bool] = lambda: True,
        sees: Callable[[], Seen] = nothing,
    ) -> None:
        self._sessions, self._clock, self._policy, self._account = sessions, clock, policy, account
        self._holds, self._sees = holds, sees
        self._pulse: int | None = None
        self._looked: datetime | None = None
        self._broken: datetime | None = None
        self._known: set[str] = set()

    async def run(self) -> None:
        """Until cancelled; then a last sign, so that the next process knows when we went."""
        try:
            while True:
                await asyncio.to_thread(self.watch_now)
                await asyncio.sleep(BEAT)
        finally:
            await asyncio.to_thread(self.leave_now)

    def watch_now(self) -> None:
        """One sign of life and, when it is time, one look. An engine that fails is remembered until it works again."""
        now = self._clock.now()
        try:
            self._beat(now)
            if self._looked is None or now - self._looked >= LOOK_EVERY:
                self._look(now)
        except DBAPIError as fault:
            self._broken = self._broken or now
            log.error("database: %(why)s", {"event": "database_fault", "loop": "watchman", "why": fault.orig})
        except Exception:
            log.exception("watchman: our own fault", {"event": "loop_fault", "loop": "watchman"})

    def leave_now(self) -> None:
        if self._pulse is None:
            return
        try:
            with self._sessions.begin() as session:
                sign_out(session, self._pulse, self._clock.now())
        except DBAPIError as fault:
            log.error("database: %(why)s", {"event": "database_fault", "loop": "watchman", "why": fault.orig})

    def _beat(self, now: datetime) -> None:
        with self._sessions.begin() as session:
            look_back(Desk(session, now, self._policy), self._account)
            if self._pulse is None:
                self._pulse = sign_in(session, self._account, socket.gethostname(), os.getpid(), now).id
            beat(session, self._pulse, now, holds_inbox=self._holds())
            self._works_again(session, now)

    def _works_again(self, session: Session, now: datetime) -> None:
        """A trouble of the database itself is written down when it is over: before, nothing could be."""
        since, self._broken = self._broken, None
        if since is not None and now - since >= SHORT:
            note_past(session, "database", "", since, now)
            log.warning("the database works again", {"event": "database_back"})

    def _look(self, now: datetime) -> None:
        seen = {**self._sees(), "schema": self._other_shape()}
        with self._sessions.begin() as session:
            look_around(Desk(session, now, self._policy), self._account, seen)
            found = {incident.kind for incident in standing(session)}
        self._log_changes(found)
        self._looked = now

    def _log_changes(self, found: set[str]) -> None:
        """The log tells what /health tells; of whom or what, only that."""
        for kind in sorted(found - self._known):
            log.warning("trouble: %(kind)s", {"event": "incident", "kind": kind})
        for kind in sorted(self._known - found):
            log.info("no more trouble: %(kind)s", {"event": "incident_over", "kind": kind})
        self._known = found

    def _other_shape(self) -> bool:
        """Did another version change the tables under us?"""
        with self._sessions() as session:
            engine = session.get_bind().engine
        return schema_state(engine) == "old"
