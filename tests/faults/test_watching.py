"""A point of the rig is passed however its function is called."""

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.wrapping import function_named, wrap


def plain(first: int, *, second: int = 2) -> int:
    return first + second


async def waiting() -> str:
    return "waited"


def closing_over(word: str) -> Callable[[], str]:
    def says() -> str:
        return word

    return says


class Bell:
    @property
    def loud(self) -> bool:
        return True

    @classmethod
    def made(cls) -> "Bell":
        return cls()


closed = closing_over("closed")
HELD = {"plain": plain, "waiting": waiting, "closed": closed}  # as a router holds its handlers


def passes(name: str) -> list[str]:
    """What is noted from now on at each call."""
    noted: list[str] = []
    wrap(f"{__name__}:{name}", lambda: noted.append("before"), lambda: noted.append("after"))
    return noted


def test_a_function_that_somebody_holds_is_watched() -> None:
    noted = passes("plain")
    assert HELD["plain"](1, second=4) == 5  # type: ignore[operator]
    assert plain(1) == 3
    assert noted == ["before", "after"] * 2


def test_a_function_that_waits_still_waits() -> None:
    noted = passes("waiting")
    assert asyncio.iscoroutinefunction(waiting)
    assert asyncio.run(waiting()) == "waited"
    assert noted == ["before", "after"]


def test_what_closes_over_a_value_keeps_it() -> None:
    noted = passes("closed")
    assert (HELD["closed"](), noted) == ("closed", ["before", "after"])  # type: ignore[operator]


def test_properties_and_methods_of_a_class_can_be_points() -> None:
    loud, made = passes("Bell.loud"), passes("Bell.made")
    assert Bell.made().loud
    assert (loud, made) == (["before", "after"], ["before", "after"])


@pytest.mark.parametrize("mistaken", [f"{__name__}:HELD", f"{__name__}:nothing", "no.module:plain", f"{__name__}:Bell"])
def test_what_is_no_function_is_refused(mistaken: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        function_named(mistaken)
