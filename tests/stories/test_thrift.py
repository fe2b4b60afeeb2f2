"""Ordinary talk costs few questions to the database, however much stands open."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, update

from models.numbers import Counter
from tests.world import World

MATTERS = [
    ("王阿姨", "3号楼2单元的路灯坏了三天了，没人修"),
    ("小李", "5号楼1单元水管漏了，楼道都是水"),
    ("张婶", "7号楼门口的垃圾堆了三天没人清"),
    ("老孙", "8号楼电梯坏了，老人下不了楼"),
]


@contextmanager
def selects(world: World) -> Iterator[list[str]]:
    """The questions that are put to the database meanwhile."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(" ".join(statement.split()))

    event.listen(world.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.engine, "before_cursor_execute", note)


def somebody_writes(world: World) -> None:
    with world.sessions.begin() as session:
        session.execute(update(Counter).values(value=Counter.value))


@pytest.mark.parametrize("open_matters", [1, 4])
@pytest.mark.parametrize("who", ["小张", "周物业"])
def test_a_line_of_chatter_asks_little(world: World, who: str, open_matters: int) -> None:
    for reporter, text in MATTERS[:open_matters]:
        world.says(reporter, text)
    for line in ("大家早上好啊", "今天菜场的鱼很新鲜"):
        world.says(who, line)
    message = world.incoming(who, "晚上一起去跳舞的报名", "-1001")
    with selects(world) as asked:
        assert world.inbox.receive_now([message])[0].kind == "ignored"
    assert asked == [], "all of it is known, and nobody has written since"
    somebody_writes(world)
    message = world.incoming(who, "报名的记得带水", "-1001")
    with selects(world) as asked:
        assert world.inbox.receive_now([message])[0].kind == "ignored"
    of_talk = [s for s in asked if " FROM tickets" in s or "JOIN ticket_events" in s or " FROM heard" in s]
    assert len(of_talk) == 3, "the open tickets, what was said of them, what was heard in between"
    assert len(asked) <= 14
