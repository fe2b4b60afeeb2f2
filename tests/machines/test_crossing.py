"""Two machines cross on PostgreSQL: a deadlock, a serialization failure. The batch comes again, once in effect."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.inbox import Inbox
from models.messages import Event
from models.tickets import Ticket, TicketEvent
from tests import postgres
from tests.channels.botapi import BotApiServer
from tests.machines.conftest import needs_postgres
from tests.machines.street import Street, looking, streets, until
from tests.machines.test_at_once import at_once, kinds
from tests.world import World, small_town

STRICT = r"-cdefault_transaction_isolation=repeatable\ read"  # some operators set it for all of a server
LIGHT = "3号楼的路灯坏了三天了，没人修"

pytestmark = needs_postgres


@pytest.fixture
def strict(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    url = make_url(postgres_url)
    url = url.update_query_dict({"options": f"{url.query['options']} {STRICT}"})
    world = World(tmp_path, small_town(), url=url.render_as_string(hide_password=False))
    yield world
    world.close()
    postgres.sweep(postgres_url)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_deadlock_ends_one_batch_and_it_comes_again(api: BotApiServer, empty: str, tmp_path: Path) -> None:
    """Our batch writes to the first matter and then to the second; the other session the other way round."""
    street = Street(api, tmp_path, empty)
    with streets(street), looking(empty) as engine, engine.connect() as other:
        machine, before = street.start(), deadlocks(engine.connect)
        street.report(1)
        street.report(2)
        until(lambda: street.cards() == [1, 2], 20, lambda: machine.log)
        other.execute(text("SET deadlock_timeout = '60s'"))  # it is not the one that gives way
        other.execute(text("UPDATE tickets SET version = version + 1 WHERE number = 2"))
        joins_both(street)
        until(lambda: waits(engine.connect), 20, lambda: machine.log)
        with ThreadPoolExecutor(1) as pool:
            crossing = pool.submit(other.execute, text("UPDATE tickets SET place = place WHERE number = 1"))
            until(crossing.done, 20, lambda: machine.log)
        other.rollback()
        until(lambda: households(street) == {1: 2, 2: 2}, 20, lambda: machine.log)
        assert "could not be stored (OperationalError)" in machine.log
        until(lambda: deadlocks(engine.connect) > before, 20)
        assert joined(street) == [1, 2], "each once, though the batch came twice"


def joins_both(street: Street) -> None:
    """A neighbour has the same trouble at both, and both words come in one batch."""
    cards = {m.text: m.message_id for m in street.api.sent if m.chat_id == street.group}
    neighbour = {"id": 60_001, "is_bot": False, "first_name": "小赵"}
    with street.api.lock:
        for card in cards.values():
            street.api.say(street.group, neighbour, "我家也是", reply_to=card)


def waits(connect: Callable[[], Connection]) -> bool:
    blocked = text("SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0")
    with connect() as connection:
        return bool(connection.scalar(blocked))


def deadlocks(connect: Callable[[], Connection]) -> int:
    """How many this server has ended so far."""
    with connect() as connection:
        return connection.scalar(text("SELECT sum(deadlocks) FROM pg_stat_database")) or 0


def households(street: Street) -> dict[int, int]:
    with looking(street.url) as engine, Session(engine) as session:
        return {t.number: t.households for t in session.scalars(select(Ticket))}


def joined(street: Street) -> list[int]:
    """The numbers of the tickets, as often as somebody joined them."""
    with looking(street.url) as engine, Session(engine) as session:
        told = select(Ticket.number).join(TicketEvent).where(TicketEvent.kind == "joined")
        return sorted(session.scalars(told))


def test_who_loses_a_race_under_repeatable_read_takes_the_batch_again(strict: World) -> None:
    """The engine refuses the second to write what it read before the first did: nothing of that batch is kept."""
    strict.says("王阿姨", LIGHT)
    card = strict.card(1)
    strict.says("孙姐", "我家也是", reply=card)
    other, _, _ = strict.another_process()
    refused: list[OperationalError] = []

    def until_it_is_taken(inbox: Inbox, *batch: Event) -> None:
        while True:
            try:
                inbox.receive_now(batch)
            except OperationalError as fault:
                refused.append(fault)
            else:
                return

    words = [
        (strict.incoming(who, "大家早", "-1001"), strict.incoming(who, "我家也是", "-1001", reply=card))
        for who in ("小李", "小赵")
    ]
    at_once(
        strict,
        "SELECT 1 FROM tickets FOR UPDATE",
        lambda: until_it_is_taken(strict.inbox, *words[0]),
        lambda: until_it_is_taken(other, *words[1]),
    )
    assert [type(fault.orig).__name__ for fault in refused] == ["SerializationFailure"]
    assert strict.ticket(1).households == 4 and kinds(strict).count("joined") == 3
    again = [outcome.kind for batch in words for outcome in other.receive_now(batch)]
    assert again == ["seen"] * 4
