"""What grows with the years is never read from end to end: a report asks by indexes alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, inspect

from tests.world import World

GROWING = ("tickets", "ticket_events", "letters", "pointers", "followers", "people", "identities", "taken_updates")
Statement = tuple[str, Any]


@pytest.fixture
def told(world: World) -> Iterator[list[Statement]]:
    """Every statement that is given to the engine."""
    statements: list[Statement] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        statements.append((statement, parameters))

    event.listen(world.engine, "before_cursor_execute", note)
    yield statements
    event.remove(world.engine, "before_cursor_execute", note)


def scanned(world: World, statement: Statement) -> list[str]:
    """The tables that SQLite would read whole, by the names that the statement has for them."""
    with world.engine.connect().execution_options(read_only=True) as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])
        return [step.detail.split()[1] for step in steps if step.detail.startswith("SCAN ")]


def test_a_report_scans_no_table_that_grows(world: World, told: list[Statement]) -> None:
    world.says("王阿姨", "3号楼2单元的路灯坏了三天了，没人修")
    world.says("小李", "5号楼电梯又坏了，老人下不来")
    assert world.tickets() == 2
    asked = [given for given in told if given[0].startswith(("SELECT", "WITH", "UPDATE"))]
    found = {name: given[0] for given in dict(asked).items() for name in scanned(world, given)}
    growing = {name: said for name, said in found.items() if name.rstrip("_0123456789") in GROWING}
    assert growing == {}


def test_the_tables_that_grow_are_there(world: World) -> None:
    assert set(GROWING) <= set(inspect(world.engine).get_table_names())
