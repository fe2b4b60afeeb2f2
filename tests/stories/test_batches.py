"""Messages that come together are dealt with as if they had come one by one."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from models.heard import Heard
from models.messages import Incoming, Quoted
from tests.world import OTHER, RESIDENTS, World, small_town

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"


def morning(world: World) -> list[Incoming]:
    """Chatter, two reports, what belongs to them, a command that is refused, and another group."""
    said = [
        world.incoming("小李", "大家早上好", RESIDENTS),
        world.incoming("王阿姨", LIGHT, RESIDENTS),
        world.incoming("王阿姨", "", RESIDENTS, photo="p1"),
        world.incoming("小李", "我家也是，黑灯瞎火的", RESIDENTS),
        world.incoming("小赵", "/done 1", RESIDENTS),
        world.incoming("小张", "5号楼门口垃圾堆了三天没人清", OTHER),
        world.incoming("小赵", "今天天气真好", OTHER),
    ]
    report = said[1]
    reply = Quoted(report.message_id, report.text, report.sender)
    return [
        *said,
        world.incoming("孙姐", "晚上都不敢出门", RESIDENTS, reply_to=reply),
        world.incoming("老王", "办结1 灯泡换了", RESIDENTS),
        world.incoming("王阿姨", "好了，谢谢", RESIDENTS),
        world.incoming("小李", "晚上吃什么", RESIDENTS),
    ]


def told(world: World) -> list[object]:
    with world.session() as session:
        heard = [(h.chat_id, h.message_id, h.command) for h in session.query(Heard).order_by(Heard.chat_id, Heard.id)]
    tickets = [world.ticket(number) for number in range(1, world.tickets() + 1)]
    return [heard, [(t.state, t.text, t.households, len(t.files), [e.kind for e in t.history]) for t in tickets]]


def test_a_batch_does_what_its_messages_do_one_by_one(world: World, tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()
    another = World(tmp_path / "another", small_town())
    together = world.inbox.receive_now(morning(world))
    alone = [another.inbox.receive_now([message])[0] for message in morning(another)]
    assert together == alone
    assert [o.kind for o in together].count("refused") == 1 and together[2].kind == "joined"
    assert told(world) == told(another)
    another.close()


def test_one_that_fails_leaves_the_others_as_they_were(world: World, monkeypatch, tmp_path: Path) -> None:
    import handlers

    whole = handlers.listen

    def listen(turn) -> None:
        if "天气" in turn.message.text:
            raise ZeroDivisionError
        whole(turn)

    monkeypatch.setattr(handlers, "listen", listen)
    kinds = [o.kind for o in world.inbox.receive_now(morning(world))]
    assert kinds.count("failed") == 1 and kinds.count("opened") == 2
    assert [o.kind for o in world.inbox.receive_now([world.incoming("小李", "哈哈", RESIDENTS)])] == ["ignored"]


def test_the_same_number_twice_in_a_batch_counts_once(world: World) -> None:
    report = world.incoming("王阿姨", LIGHT, RESIDENTS)
    assert [o.kind for o in world.inbox.receive_now([report, report])] == ["opened", "seen"]
    assert [o.kind for o in world.inbox.receive_now([report])] == ["seen"]


def test_a_report_ends_its_transaction_and_what_came_after_it_is_not_lost(world: World) -> None:
    """Its letters are ready before the next message is looked at; when the engine fails there, the rest comes again."""
    reports = [world.incoming(who, f"{n}号楼的路灯坏了三天了", OTHER) for n, who in enumerate(("小张", "小赵"), 3)]
    batch = [world.incoming("小李", "早", RESIDENTS), *reports, world.incoming("小李", "晚安", RESIDENTS)]
    ready: list[int] = []

    def fill_up(_: object, cursor: sqlite3.Cursor, statement: str, *__: object) -> None:
        if statement.startswith("INSERT INTO taken_updates"):
            ready.extend(cursor.connection.execute("SELECT count(*) FROM letters").fetchone())
            if len(ready) > 1:
                event.remove(world.engine, "before_cursor_execute", fill_up)
                raise OperationalError(statement, {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(world.engine, "before_cursor_execute", fill_up)
    with pytest.raises(OperationalError):
        world.inbox.receive_now(batch)
    assert ready[0] == 0 < ready[1] and world.tickets() == 1
    assert [o.kind for o in world.inbox.receive_now(batch)] == ["seen", "seen", "opened", "ignored"]
    assert [o.kind for o in world.inbox.receive_now(batch)] == ["seen"] * 4
    assert world.tickets() == 2
