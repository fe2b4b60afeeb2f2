"""The real program, killed for hours: what waited at the Bot API server is taken in by its own time."""

import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.database import open_engine, open_sessions
from models.outages import Outage
from models.pulses import Pulse
from models.tickets import Ticket
from tests.channels.botapi import BotApiServer, person
from tests.program.program import GROUP, Program

AUNT = person(7001, "王阿姨")


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server
        assert server.complaints == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_waited_is_taken_in_by_its_own_time(api: BotApiServer, tmp_path: Path) -> None:
    program = Program(api, tmp_path)
    sessions = open_sessions(open_engine(f"sqlite:///{tmp_path}/gridbot.db"))
    with program.running():
        api.say(GROUP, AUNT, "/who")
        api.wait(lambda: any("负责人" in m.text for m in api.sent), 30)
    with sessions.begin() as session:
        pulse = session.scalars(select(Pulse)).one()
        assert pulse.stopped_at is not None, "it said goodbye"
        gone = pulse.beat_at - timedelta(hours=3)
        session.execute(update(Pulse).values(beat_at=gone))
    said = int(time.time()) - 7200
    api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修", date=said)
    with program.running():
        api.wait(lambda: any("\n补收：" in m.text for m in api.sent), 30)
    with sessions() as session:
        ticket, outage = session.scalars(select(Ticket)).one(), session.scalars(select(Outage)).one()
        assert ticket.opened_at.timestamp() == said
        assert outage.gone_at == gone
        assert outage.lines == {str(GROUP): 1}
        assert outage.settled_at is None, "the staff hear of it when a minute has brought nothing more"
