"""Puts a watcher around any function of the program, without the program knowing."""

import asyncio
import functools
import importlib
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from tests.faults.points import COMMIT, Point

INSIDE: ContextVar[frozenset[str]] = ContextVar("inside", default=frozenset())
"""Which watched functions run at this moment; it goes along into tasks and threads."""


class Watch:
    """Calls `passed` at every passage of the point."""

    def __init__(self, where: Point, passed: Callable[[], None]) -> None:
        self._where, self._passed = where, passed
        self._wrote: set[int] = set()
        if where.function == COMMIT:
            self._watch_commits()
        else:
            wrap(where.function, self._pass_if(not where.after), self._pass_if(where.after))
        if where.within:
            wrap(where.within, _nothing, _nothing)

    def _pass_if(self, so: bool) -> Callable[[], None]:
        return self._met if so else _nothing

    def _met(self) -> None:
        if not self._where.within or self._where.within in INSIDE.get():
            self._passed()

    def _watch_commits(self) -> None:
        commit = DefaultDialect.do_commit

        def watched(dialect: Any, connection: Any) -> None:
            wrote = id(connection.dbapi_connection if hasattr(connection, "dbapi_connection") else connection)
            says = wrote in self._wrote
            self._wrote.discard(wrote)
            if says and not self._where.after:
                self._met()
            commit(dialect, connection)
            if says and self._where.after:
                self._met()

        def writing(_: Any, cursor: Any, statement: str, *__: Any) -> None:
            if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE", "CREATE"):
                self._wrote.add(id(cursor.connection))

        DefaultDialect.do_commit = watched  # type: ignore[method-assign]
        event.listen(Engine, "before_cursor_execute", writing)


def wrap(name: str, before: Callable[[], None], after: Callable[[], None]) -> None:
    """`name` as module:Class.function; copies of it that other modules imported are replaced too."""
    module_name, _, path = name.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, last = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    original = getattr(owner, last)
    watched = _watched(name, original, before, after)
    setattr(owner, last, watched)
    for module in [] if outer else list(sys.modules.values()):
        for key in [k for k, v in list(vars(module).items()) if v is original]:
            setattr(module, key, watched)


def _watched(name: str, original: Any, before: Callable[[], None], after: Callable[[], None]) -> Any:
    @functools.wraps(original)
    def plain(*given: Any, **named: Any) -> Any:
        inside = INSIDE.set(INSIDE.get() | {name})
        try:
            before()
            result = original(*given, **named)
            after()
            return result
        finally:
            INSIDE.reset(inside)

    @functools.wraps(original)
    async def waiting(*given: Any, **named: Any) -> Any:
        inside = INSIDE.set(INSIDE.get() | {name})
        try:
            before()
            result = await original(*given, **named)
            after()
            return result
        finally:
            INSIDE.reset(inside)

    return waiting if asyncio.iscoroutinefunction(original) else plain


def _nothing() -> None:
    """Most watched functions only say that they run."""
