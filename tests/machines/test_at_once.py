"""Two machines at one matter in the same moment, on PostgreSQL: one after the other, whoever comes first."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, select, text

from models.followers import Follower
from models.messages import Event
from models.tickets import Ticket, TicketEvent
from tests.machines.conftest import needs_postgres
from tests.world import World, china

pytestmark = needs_postgres

LIGHT = "3号楼的路灯坏了三天了，没人修"


def at_once(world: World, statement: str, *acts: Callable[[], object]) -> None:
    """All of them begin while this row is held, and wait for it; then it is let go."""
    with ThreadPoolExecutor(len(acts)) as pool, held(world.engine, statement):
        running = []
        for number, act in enumerate(acts, 1):
            running.append(pool.submit(act))
            wait_for(world.engine, number, running)
    for one in running:
        one.result()


@contextmanager
def held(engine: Engine, statement: str) -> Iterator[None]:
    with engine.connect() as connection, connection.begin():
        connection.execute(text(statement))
        yield


def wait_for(engine: Engine, waiting: int, running: list[Future[object]]) -> None:
    """Until so many sessions wait for a lock, or for one that waits."""
    blocked = text("SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0")
    ends = time.monotonic() + 10
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while looking.scalar(blocked) < waiting:
            assert time.monotonic() < ends, "nobody waits"
            assert not any(one.done() for one in running), [one for one in running if one.done()]
            threading.Event().wait(0.01)


def kinds(world: World) -> list[str]:
    with world.sessions() as session:
        return list(session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id)))


@pytest.mark.parametrize("first", ["settler", "climber"])
def test_settled_and_escalated_at_once(world: World, first: str, caplog: pytest.LogCaptureFixture) -> None:
    """Either it was settled and nobody climbs, or it had climbed and is settled: never both from one state."""
    world.says("王阿姨", LIGHT)
    world.clock.move_to(china(3, 12, 12))
    inbox, heartbeat, _ = world.another_process()
    done: Event = world.incoming("老王", "/done 1 灯泡已换", "-1001")
    acts = [lambda: world.inbox.receive_now([done]), heartbeat.beat_now]
    at_once(world, "SELECT 1 FROM tickets FOR UPDATE", *(acts if first == "settler" else reversed(acts)))
    happened = kinds(world)
    assert happened.count("settle") == 1
    assert world.ticket(1).state == "settled"
    assert "overdue" not in happened[happened.index("settle") :], "what is settled does not climb"
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


def test_settled_twice_at_once_is_settled_once(world: World) -> None:
    """Both read it open; the second is told how it stands."""
    world.says("王阿姨", LIGHT)
    inbox, _, _ = world.another_process()
    one, other = (world.incoming(who, "/done 1 灯泡已换", "-1001") for who in ("老王", "陈副"))
    at_once(
        world,
        "SELECT 1 FROM tickets FOR UPDATE",
        lambda: world.inbox.receive_now([one]),
        lambda: inbox.receive_now([other]),
    )
    assert kinds(world).count("settle") == 1
    assert world.ticket(1).state == "settled"


def test_two_neighbours_join_by_two_machines(world: World) -> None:
    world.says("王阿姨", LIGHT)
    inbox, _, _ = world.another_process()
    card = world.card(1)
    more = [world.incoming(who, "我家也是", "-1001", reply=card) for who in ("小李", "小赵")]
    at_once(
        world,
        "SELECT 1 FROM tickets FOR UPDATE",
        lambda: world.inbox.receive_now(more[:1]),
        lambda: inbox.receive_now(more[1:]),
    )
    with world.sessions() as session:
        assert len(list(session.scalars(select(Follower)))) == 2
        assert len(list(session.scalars(select(Ticket)))) == 1


def test_one_message_given_to_two_machines_has_one_effect(world: World) -> None:
    inbox, _, _ = world.another_process()
    message: Event = world.incoming("王阿姨", LIGHT, "-1001")
    outcomes: list[str] = []
    at_once(
        world,
        "LOCK TABLE tickets IN EXCLUSIVE MODE",
        lambda: outcomes.extend(o.kind for o in world.inbox.receive_now([message])),
        lambda: outcomes.extend(o.kind for o in inbox.receive_now([message])),
    )
    assert sorted(outcomes) == ["opened", "seen"]
    assert world.tickets() == 1
