"""Which functions of the program run at all: any of them can be the point of a later life."""

import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.faults.wrapping import function_named

OURS = ("bot", "handlers", "models")
FUNCTIONS = "functions.txt"
START = ("bot.cli", "bot.parser", "bot.commands")
"""Hardly one of these runs again after the first second."""


def note_functions(file: Path) -> None:
    """From now on each function of the program that is called for the first time gives a line."""
    seen: set[CodeType] = set()

    def called(frame: FrameType, kind: str, _: Any) -> None:
        code = frame.f_code
        if kind != "call" or code in seen:
            return
        seen.add(code)
        module = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] in OURS and "<" not in code.co_qualname:
            with file.open("a") as opened:
                opened.write(f"{module}:{code.co_qualname}\n")

    threading.setprofile(called)
    sys.setprofile(called)


def functions_in(file: Path) -> list[str]:
    """Those that can be watched, in an order that does not depend on the run."""
    noted = sorted(set(file.read_text().split())) if file.exists() else []
    return [name for name in noted if name.partition(":")[0] not in START and _can_be_watched(name)]


def _can_be_watched(name: str) -> bool:
    try:
        function_named(name)
    except ValueError:
        return False
    return True
