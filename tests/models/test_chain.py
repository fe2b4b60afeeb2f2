"""The chain of a ticket's history: it names what was altered by hand, and holds whatever people may ask for."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm.exc import StaleDataError

from models.chain import next_link, place_of
from models.chaining import chain_all
from models.database import open_sessions
from models.schema import migrate, schema_state
from models.states import SPEAKS
from models.tickets import Ticket, TicketEvent, ticket_numbered
from tests import postgres
from tests.databases import empty_databases, old_story, unchained
from tests.world import World

NOON = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC)
LEAK = "3号楼2单元的路灯坏了三天了，没人修"


def link(before: str = "", **changed: Any) -> str:
    facts = {"number": 12, "kind": "settle", "state": "settled", "at": NOON, "data": {"level": "网格", "way": ""}}
    return next_link(before, **{**facts, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"before": "1:ab"},
        {"number": 13},
        {"kind": "void"},
        {"state": "void"},
        {"at": NOON + timedelta(microseconds=1)},
        {"data": {"level": "社区", "way": ""}},
        {"data": {}},
    ],
)
def test_every_lasting_fact_changes_the_link(changed: dict[str, Any]) -> None:
    assert link(**changed) != link()


def test_the_same_instant_and_the_same_data_make_the_same_link() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=8)))
    assert link(at=elsewhere, data={"way": "", "level": "网格"}) == link()


def test_a_link_says_its_place() -> None:
    assert [place_of(written) for written in (link(), link(link()), "", "x:1")] == [1, 2, 0, 0]


@pytest.mark.parametrize("kind", SPEAKS)
def test_what_may_be_erased_is_not_in_it(kind: str) -> None:
    assert link(kind=kind, data={"message": "7"}) == link(kind=kind, data={})
    assert link(data={"to": 5, "text": "x"}) == link(data={})


def links(ticket: Ticket) -> list[str]:
    """The links that the rows should have."""
    found = [""]
    for e in ticket.history:
        found.append(next_link(found[-1], ticket.number, e.kind, e.state, e.at, e.data))
    return found[1:]


def assert_chained(ticket: Ticket) -> None:
    assert [e.chain for e in ticket.history] == links(ticket)
    assert ticket.chain == ticket.history[-1].chain


@pytest.mark.both_databases
def test_a_history_read_back_has_the_links_with_which_it_was_written(world: World) -> None:
    world.starts("老王", "王阿姨")
    world.says("王阿姨", LEAK)
    world.says("小李", "我家也是", reply=world.card())
    world.waits(hours=30)
    world.says("老王", "/done 1 换了灯泡")
    world.presses("王阿姨", "满意")
    assert len(world.ticket(1).history) > 4
    assert_chained(world.ticket(1))


@pytest.mark.both_databases
def test_the_chain_outlives_who_asked_to_be_forgotten(world: World) -> None:
    world.starts("老王", "王阿姨")
    world.says("王阿姨", LEAK)
    world.says("小李", "我家也是", reply=world.card())
    world.says("老王", "/done 1 换了灯泡")
    for who in ("王阿姨", "小李"):
        world.says(who, "删除我的信息")
        world.presses(who, "确定删除")
    assert not world.stored("王阿姨")
    assert_chained(world.ticket(1))


def test_a_row_is_appended_without_reading_those_before(world: World) -> None:
    world.says("王阿姨", LEAK)
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with world.sessions.begin() as session:
        ticket = ticket_numbered(session, 1)
        assert ticket is not None
        ticket.record("chased", by=None, at=NOON)
    assert not [words for words in asked if words.startswith("SELECT") and "ticket_events" in words]
    assert_chained(world.ticket(1))


@pytest.mark.both_databases
def test_two_machines_at_one_ticket_never_write_two_rows_after_the_same_one(world: World) -> None:
    world.says("王阿姨", LEAK)
    one, other = world.sessions(), world.sessions()
    with one.begin():
        seen_before = ticket_numbered(one, 1)
    with other.begin():
        ticket = ticket_numbered(other, 1)
        assert ticket is not None and seen_before is not None
        ticket.record("chased", by=None, at=NOON)
    with pytest.raises(StaleDataError), one.begin():
        seen_before.record("chased", by=None, at=NOON)
    one.close()
    other.close()
    assert_chained(world.ticket(1))


def check_migrated(engine: Engine) -> None:
    old_story(engine, 1203)
    assert schema_state(engine) == "old"
    migrate(engine)
    with open_sessions(engine)() as session:
        for number in (1, 500, 501, 1203):
            ticket = ticket_numbered(session, number)
            assert ticket is not None and len(ticket.history) == 2
            assert_chained(ticket)
        assert session.query(TicketEvent).filter_by(chain="").count() == 0
    with engine.begin() as connection:
        assert chain_all(connection) == 2406
    engine.dispose()


def test_old_histories_get_their_links_with_the_new_shape(tmp_path: Path) -> None:
    check_migrated(unchained(f"sqlite:///{tmp_path / 'old.db'}"))


@pytest.mark.skipif(postgres.which() == "none", reason="no PostgreSQL here")
def test_old_histories_get_their_links_on_postgresql_too() -> None:
    with empty_databases("gridbot_old") as (url,):
        check_migrated(unchained(url))
