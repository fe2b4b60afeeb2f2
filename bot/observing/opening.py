"""Whether anybody looks is a setting; what it takes to look is loaded only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from bot.clock import Clock
from bot.config.load import Config
from bot.observing.signs import SILENT, Signs
from models.database import Sessions

if TYPE_CHECKING:
    from bot.observing.door import OperatorsDoor


def signs_for(config: Config) -> Signs:
    """Who counts what the loops do: nobody while the operators' door is shut."""
    if not config.observe.port:
        return SILENT
    from bot.observing.counts import Counts

    return Counts()


def door_for(
    config: Config, signs: Signs, engine: Engine, sessions: Sessions, clock: Clock, holds: Callable[[], bool]
) -> OperatorsDoor | None:
    """None while it is shut; raises Misconfigured when its port is taken."""
    if not config.observe.port:
        return None
    from bot.observing.counts import Counts
    from bot.observing.door import OperatorsDoor
    from bot.observing.health import Looking

    assert isinstance(signs, Counts)
    event.listen(engine, "handle_error", lambda fault: _count(signs, fault))
    looking = Looking(signs, engine, sessions, config.policy, clock.now, holds)
    return OperatorsDoor(config.observe.listen, config.observe.port, signs, looking)


def _count(signs: Signs, fault: ExceptionContext) -> None:
    signs.database_failed(type(fault.sqlalchemy_exception or fault.original_exception).__name__)
