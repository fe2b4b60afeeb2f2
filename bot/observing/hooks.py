"""The places where Python itself prints a fault or a warning with all its values: there it goes through our log."""

import logging
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, TextIO

log = logging.getLogger(__name__)


def install() -> None:
    """For a process of our own; a library's host would be surprised."""
    sys.excepthook = _crashed
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_crashed
    warnings.showwarning = _warned


def _crashed(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    _note("crashed: %(why)s", "crashed", fault)


def _thread_crashed(ended: threading.ExceptHookArgs) -> None:
    _note("a thread crashed: %(why)s", "thread_crashed", ended.exc_value)


def _unraisable(lost: "sys.UnraisableHookArgs") -> None:
    _note("lost a fault: %(why)s", "fault_lost", lost.exc_value)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    told: dict[str, Any] = {"event": "python_warns", "kind": category.__name__, "place": f"{filename}:{lineno}"}
    log.warning("%(kind)s at %(place)s", told)


def _note(words: str, event: str, fault: BaseException | None) -> None:
    told = {"event": event, "why": type(fault).__name__}
    log.critical(words, told, exc_info=(type(fault), fault, fault.__traceback__) if fault else None)
