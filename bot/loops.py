"""Loops that live and end together."""

import asyncio
from collections.abc import Coroutine


async def first_of(*loops: Coroutine[None, None, None]) -> None:
    """Until one of them ends; the others are cancelled and come to their end. Raises what one of them raised."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault
