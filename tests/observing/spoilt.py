"""The real program with faults sown into it, each of which quotes what a neighbour wrote or what nobody may know.

python -m tests.observing.spoilt run --config …; with GRIDBOT_BARE set it logs as Python does by default.
"""

import asyncio
import logging
import os
import sys
import threading
import warnings
from typing import Any

from sqlalchemy.exc import IntegrityError

import handlers
from bot import cli
from bot.observing import hooks, logs
from handlers.router import Step
from handlers.turn import Turn

SECRET = os.environ.get("GRIDBOT_TELEGRAM_TOKEN", "")
loops: list[asyncio.AbstractEventLoop] = []


class Unkind:
    """Garbage that complains when it is taken away."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __del__(self) -> None:
        raise RuntimeError(self.words)


def sow(text: str) -> None:
    """Everything that can go wrong with these words, the last of which reaches the inbox."""
    words = f"{text} {SECRET}"
    warnings.warn(words, UserWarning, stacklevel=1)
    logging.getLogger("some.library").error("Could not handle '%s' (%s)", text, SECRET)
    logging.getLogger("bot.spoilt").error("%d of them", words)
    logging.getLogger("bot.spoilt").error("%(why)s", {"event": "spoilt", "why": ValueError(words)})
    thread = threading.Thread(target=_raise, args=(KeyError(words),))
    thread.start()
    thread.join()
    Unkind(words)
    for loop in loops:
        asyncio.run_coroutine_threadsafe(_leave_a_task(words), loop)
    try:
        raise ExceptionGroup(words, [ValueError(words), OSError(2, "no such file", words)])
    except ExceptionGroup as group:
        said = f'duplicate key "x"\nDETAIL: Key (name)=({text}) already exists'
        raise IntegrityError("INSERT", {"name": text}, RuntimeError(said)) from group


def _raise(fault: Exception) -> None:
    raise fault


async def _leave_a_task(words: str) -> None:
    """Its fault is reported by asyncio itself."""
    asyncio.get_running_loop().call_soon(_raise, LookupError(words))


def main() -> int:
    handle, run = handlers.handle, asyncio.run

    def spoilt(turn: Turn) -> None:
        text = getattr(turn.event, "text", "")
        if "出错" in text:
            sow(text)
        handle(turn)

    def noting(life: Any) -> Any:
        async def live() -> Any:
            loops.append(asyncio.get_running_loop())
            return await life

        return run(live())

    def stumbles(desk: Any) -> bool:
        raise ValueError(f"{os.environ['GRIDBOT_WORDS']} {SECRET}")

    handlers.handle, asyncio.run = spoilt, noting  # type: ignore[assignment]
    step: Step = stumbles
    handlers.ROUTER.steps.append(step)
    if os.environ.get("GRIDBOT_BARE"):
        logs.set_up = lambda *_, **__: logging.basicConfig(level=logging.INFO)  # type: ignore[assignment]
        hooks.install = lambda: None
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
