"""Puts a watcher around any function of the program, without the program knowing."""

import asyncio
import functools
import importlib
import inspect
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from types import CodeType, FunctionType
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
    """`name` as module:Class.function, watched wherever it is called from. Raises ValueError for what is no function.

    Its body is exchanged and not its name: a router, a listener or another module may hold the function itself.
    """
    found = function_named(name)
    body = FunctionType(found.__code__, found.__globals__, found.__name__, found.__defaults__, found.__closure__)
    body.__kwdefaults__ = found.__kwdefaults__
    watched = _watched(name, body, before, after)
    found.__code__ = _calling(watched, found.__code__)


def function_named(name: str) -> FunctionType:
    """The plain function under decorators of the standard library. Raises ValueError where there is none."""
    module_name, _, path = name.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
        for part in path.split("."):
            found = inspect.getattr_static(found, part)
            found = getattr(found, "__func__", None) or getattr(found, "fget", None) or found
    except (ImportError, AttributeError) as missing:
        raise ValueError(f"{name}: {missing}") from None
    found = inspect.unwrap(found)
    if not isinstance(found, FunctionType):
        raise ValueError(f"{name} is no function of Python")
    return found


def _calling(watched: Any, instead_of: CodeType) -> CodeType:
    """Code that calls `watched` with whatever it is given; to the eye of asyncio it is what it was."""
    free = instead_of.co_freevars  # a body may only be exchanged for one that closes over the same names
    waits = instead_of.co_flags & inspect.CO_COROUTINE
    kind, answer = ("async def", "await 'IT'") if waits else ("def", "'IT'")
    source = [
        "def around():",
        *(f"    {name} = None" for name in free),
        f"    {kind} instead(*given, **named):",
        *(f"        if False: {name}" for name in free),
        f"        return {answer}(*given, **named)",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # a text is called: it is exchanged for the function below
        around = compile("\n".join(source), "<watched>", "exec").co_consts[0]
    made: CodeType = next(one for one in around.co_consts if isinstance(one, CodeType))
    return made.replace(co_consts=tuple(watched if one == "IT" else one for one in made.co_consts))


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
