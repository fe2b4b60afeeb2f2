"""Two streets, each with its own file and bot, begin at the same moment on one empty database."""

import sys
from pathlib import Path

import pytest

from tests.channels.botapi import BotApiServer
from tests.machines.conftest import needs_postgres
from tests.machines.street import FETCHING, Street, streets, until

pytestmark = [needs_postgres, pytest.mark.skipif(sys.platform == "win32", reason="signals")]


def test_both_begin_at_once_and_speak_by_their_own_bots(api: BotApiServer, empty: str, tmp_path: Path) -> None:
    with BotApiServer(token="4712:SECRET-of-the-west") as western:
        east = Street(api, tmp_path, empty, grid="东里第1网格")
        west = Street(western, tmp_path, empty, grid="西里第1网格", group=-1009876543210)
        with streets(east, west):
            begun = [street.start(wait=False) for street in (east, west)]
            until(lambda: all(m.says(FETCHING)() for m in begun), 60, lambda: [m.log for m in begun])
            east.report(1)
            west.report(2)
            until(lambda: (east.cards(), west.cards()) == ([1], [2]), 30, lambda: [m.log for m in begun])
        assert sorted(east.numbers().values()) == [1, 2], "one counter for both"
        assert {m.chat_id for m in api.sent if m.chat_id < 0} == {east.group}
        assert {m.chat_id for m in western.sent if m.chat_id < 0} == {west.group}
        assert western.complaints == []
