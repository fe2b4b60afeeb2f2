"""Is the program alive, and is it ready to hear and to speak? What /healthz and /readyz answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.observing.counts import Counts
from bot.observing.probe import Probe
from handlers.desk import Desk
from handlers.health.figures import Health, health
from handlers.policy import Policy
from models.database import Sessions
from models.observed import Matters, matters
from models.schema import schema_state

Answer = dict[str, Any]
AGAIN = 5.0  # seconds until the database is asked again whether it takes writes and has our shape
FIGURES = 10.0  # seconds until it is counted again


class Looking:
    """Asks the loops and the database. `holds`: do we fetch the messages, or stand by for the process that does?"""

    def __init__(
        self,
        counts: Counts,
        engine: Engine,
        sessions: Sessions,
        policy: Policy,
        now: Callable[[], datetime],
        holds: Callable[[], bool],
    ) -> None:
        self._counts, self._engine, self._sessions, self._policy = counts, engine, sessions, policy
        self._now, self.holds = now, holds
        self._shape = Probe(lambda: schema_state(engine), AGAIN)
        self._figures = Probe(self._count, FIGURES)

    def alive(self) -> tuple[bool, Answer]:
        """The process answers, and no loop is stuck."""
        turning = self._counts.turning()
        alive = all(loop.lives for loop in turning)
        return alive, {"alive": alive, "loops": {t.loop: {"age": round(t.age, 1), "lives": t.lives} for t in turning}}

    async def ready(self) -> tuple[bool, Answer]:
        """Messages can be taken and answered, by us or, while we stand by, after us."""
        database, connected = await self._database(), self._counts.reaches_platform
        ready = database == "current" and connected and not self._counts.is_stopping
        told = {"database": database, "telegram": "connected" if connected else "unreachable"}
        inbox = "held" if self.holds() else "standby"
        return ready, {"ready": ready, **told, "inbox": inbox, "stopping": self._counts.is_stopping}

    async def figures(self) -> tuple[Health, Matters] | None:
        """What the database counts; None when it does not answer."""
        try:
            return await self._figures.ask()
        except DBAPIError:
            return None

    async def _database(self) -> str:
        """current, or what keeps it from being used: busy, unreachable, old, foreign, empty."""
        try:
            return await self._shape.ask() or "busy"
        except DBAPIError:
            return "unreachable"

    def _count(self) -> tuple[Health, Matters]:
        reading = self._engine.execution_options(read_only=True)
        with self._sessions(bind=reading) as session:
            now = self._now()
            return health(Desk(session, now, self._policy)), matters(session, now)
