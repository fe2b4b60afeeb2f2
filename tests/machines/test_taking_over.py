"""Two processes with one token: one fetches; killed at any moment, the other goes on; nothing is lost or doubled."""

import sys

import pytest

from tests.machines.street import FETCHING, LOST, STANDING_BY, Street, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

TEN_SECONDS = 10.0


def test_killed_in_the_middle_of_the_talk_the_standby_goes_on(street: Street) -> None:
    first, second = street.start(wait=False), street.start(wait=False)
    until(lambda: all(m.says(FETCHING, STANDING_BY)() for m in (first, second)), 40, lambda: first.log + second.log)
    holder, standby = (first, second) if first.says(FETCHING)() else (second, first)
    assert not standby.says(FETCHING)(), "one of them fetches, whoever came first"
    assert street.api.called("deleteWebhook") == [{}], "only the one that fetches tells Telegram how"
    for n in range(1, 6):
        street.report(n)
    until(lambda: street.cards(), 20, lambda: holder.log)
    killed = holder.kill()
    for n in range(6, 9):
        street.report(n)
    assert until(standby.says(FETCHING), 20, lambda: standby.log) - killed < TEN_SECONDS
    until(lambda: len(street.numbers()) == 8, 10, lambda: standby.log)
    assert street.numbers() == {n: n for n in range(1, 9)}, "each once, in the order in which it was said"
    assert len(street.cards()) <= len(set(street.cards())) + 4, "what was on its way at the kill may come twice"


def test_a_process_that_hangs_is_replaced_and_stands_by_when_it_comes_back(street: Street) -> None:
    if street.url.startswith("sqlite"):
        pytest.skip("the system frees the lock of a process that is gone, not of one that hangs")
    holder = street.start()
    standby = street.start()
    holder.freeze()
    street.report(1)
    until(standby.says(FETCHING), TEN_SECONDS, lambda: standby.log)
    until(lambda: street.cards() == [1], 10, lambda: standby.log)
    holder.thaw()
    until(holder.says(LOST), 10, lambda: holder.log)
    street.report(2)
    until(lambda: street.cards() == [1, 2], 10, lambda: standby.log)
    assert street.numbers() == {1: 1, 2: 2}
