"""The short run of the crash rig: the program dies once at every named point, and nothing is lost or doubled."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.plans import short
from tests.faults.points import BEAT, NAMED, STARTING, point
from tests.faults.report import table
from tests.faults.rig import Wanted, run
from tests.faults.servers import Strangers, completed

LATER = [name for name in NAMED if name not in STARTING]
MIDDLE = len(LATER) // 2

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


@pytest.mark.parametrize("names", [[*STARTING, *LATER[:MIDDLE]], LATER[MIDDLE:]], ids=["in", "out"])
def test_killed_at_every_point_it_loses_and_doubles_nothing(names: Sequence[str], tmp_path: Path) -> None:
    wanted = Wanted(seed=20260302, grids=3, warm=True, through=timedelta(hours=1, minutes=30))
    verdict = run(tmp_path, wanted, short(names))
    assert verdict.holds and not verdict.unreached, table(verdict)


def test_a_server_of_which_only_the_address_is_known_will_do(tmp_path: Path) -> None:
    stranger = Strangers()
    with stranger.serving():
        wanted = Wanted(seed=20260302, server=stranger.base_url, grids=2, warm=True, through=timedelta(minutes=10))
        verdict = run(tmp_path, wanted, short(["inbox-committed", "sent"]))
    assert verdict.holds and not verdict.unreached, table(verdict)


def test_a_strangers_class_needs_an_address_only() -> None:
    class Theirs:
        base_url = "http://127.0.0.1:9/bot"

    theirs = completed(Theirs())
    with theirs.serving():
        theirs.push({"message": {}})
    assert (theirs.token != "", "callback_query" in theirs.kinds) == (True, False)


def test_a_point_is_a_name_or_an_address() -> None:
    assert point("claimed").within == BEAT
    assert point("models.heard:forget_old:before").function == "models.heard:forget_old"
    for mistaken in ("clamied", "models.heard:forget_old", "forget_old:after"):
        with pytest.raises(ValueError):
            point(mistaken)
