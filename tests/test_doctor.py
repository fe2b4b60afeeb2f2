"""gridbot doctor: a sound database has no findings, and whatever is spoilt by hand is named."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.asked import Unusable
from bot.config.faults import ConfigFaults
from bot.config.load import Config
from bot.doctor.run import Wanted, run_doctor
from bot.doctor.wording import CURES
from bot.sentences import sentences
from models.integrity.histories import histories
from tests.databases import call_it_current
from tests.world import World, china, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口垃圾堆了三天没人清"


def story(world: World) -> None:
    """Settled and confirmed, merged, late, forgotten, drafts and questions: a little of all, over two weeks."""
    world.starts("老王", "王阿姨", "李书记")
    world.says("王阿姨", LEAK)
    world.says("小李", "我家也是", reply=world.card())
    world.says("小李", RUBBISH)
    world.says("路人", "7号楼门口垃圾也堆了三天没人清")
    world.says("老王", "并案2 3")
    world.says("老王", "/done 1 换了灯泡")
    world.presses("王阿姨", "满意")
    world.tells("老王", "代报")
    world.waits_until(china(3, 10))
    world.says("王阿姨", "删除我的信息")
    world.presses("王阿姨", "确定删除")
    world.waits_until(china(3, 13))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, World]]:
    folder = tmp_path_factory.mktemp("doctor")
    world = World(folder, small_town())
    call_it_current(world.engine)
    story(world)
    yield folder / "world.db", world
    world.close()


class Patient:
    """A copy of the story's database, to be spoilt and looked at."""

    def __init__(self, file: Path, world: World) -> None:
        self.file, self.world = file, world

    def suffers(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def seen(self, **wanted: Any) -> tuple[int, list[str], list[str]]:
        """(exit status, standard output, standard error)"""
        out: list[str] = []
        told: list[str] = []
        config = config_of(self.file)
        status = run_doctor(config, Wanted(**wanted), self.world.clock, out.append, told.append)
        return status, out, told

    def findings(self, **wanted: Any) -> list[dict[str, Any]]:
        status, out, _ = self.seen(as_json=True, **wanted)
        *found, summary = map(json.loads, out)
        assert status == (1 if found else 0) and summary["findings"] == len(found)
        return found


def config_of(file: Path, language: str = "zh") -> Config:
    return small_town(database={"url": f"sqlite:///{file}"}, language=language)


@pytest.fixture
def patient(told: tuple[Path, World], tmp_path: Path) -> Patient:
    file, world = told
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(file)) as theirs, closing(sqlite3.connect(copy)) as ours:
        theirs.backup(ours)
    return Patient(copy, world)


def test_a_database_that_only_the_program_wrote_is_sound(patient: Patient) -> None:
    status, out, told = patient.seen()
    assert (status, out) == (0, [])
    assert told[0].startswith("完好：3件，")


SPOILT: list[tuple[str, str, dict[str, Any]]] = [
    (
        "UPDATE ticket_events SET at = '2026-03-02 05:00:00' WHERE ticket_id = 1 AND kind = 'settle'",
        "row_altered",
        {"number": 1},
    ),
    (
        "UPDATE ticket_events SET kind = 'added' WHERE ticket_id = 1 AND kind = 'joined'",
        "row_altered",
        {"number": 1, "row": 2},
    ),
    ("UPDATE ticket_events SET data = 'no json' WHERE ticket_id = 1 AND kind = 'settle'", "row_altered", {"number": 1}),
    (
        "UPDATE ticket_events SET at = 'no time' WHERE ticket_id = 2 AND kind = 'opened'",
        "row_altered",
        {"number": 2, "row": 1},
    ),
    ("INSERT INTO counters (name, value) VALUES ('skipped:x', 3)", "unreadable", {"part": "numbers"}),
    ("UPDATE ticket_events SET chain = '' WHERE ticket_id = 1 AND kind = 'settle'", "row_unlinked", {"number": 1}),
    ("DELETE FROM ticket_events WHERE ticket_id = 1 AND kind = 'joined'", "row_missing", {"number": 1, "row": 2}),
    (
        "DELETE FROM ticket_events WHERE id = (SELECT max(id) FROM ticket_events WHERE ticket_id = 2)",
        "row_missing",
        {"number": 2},
    ),
    ("DELETE FROM ticket_events WHERE ticket_id = 2", "no_history", {"number": 2}),
    (
        "INSERT INTO ticket_events (ticket_id, kind, state, at, note, data, chain) SELECT ticket_id, 'joined', state,"
        " at, '', data, chain FROM ticket_events WHERE ticket_id = 1 AND kind = 'settle'",
        "row_slipped_in",
        {"number": 1},
    ),
    ("UPDATE tickets SET chain = '1:' || substr(chain, 3) WHERE number = 2", "row_appended", {"number": 2, "row": 2}),
    ("UPDATE tickets SET state = 'open' WHERE number = 1", "state_differs", {"number": 1, "after": "confirmed"}),
    (
        "UPDATE ticket_events SET state = 'final' WHERE ticket_id = 1 AND kind = 'settle'",
        "move_unlawful",
        {"number": 1},
    ),
    ("UPDATE tickets SET merged_into_id = NULL WHERE number = 3", "merged_nowhere", {"number": 3}),
    ("UPDATE tickets SET merged_into_id = 1 WHERE number = 2", "merged_still", {"number": 2}),
    (
        "UPDATE tickets SET card_id = 99999 WHERE number = 2",
        "orphan",
        {"table": "tickets", "column": "card_id", "count": 1},
    ),
    (
        "UPDATE tickets SET reporter_id = 99999 WHERE number = 2",
        "orphan",
        {"table": "tickets", "column": "reporter_id"},
    ),
    ("DELETE FROM chats WHERE external_id = '-1001'", "orphan", {"table": "letters", "column": "chat_id"}),
    ("UPDATE pointers SET ticket_id = 99999", "orphan", {"table": "pointers", "column": "ticket_id"}),
    ("UPDATE chats SET about_ticket_id = 99999", "orphan", {"table": "chats", "column": "about_ticket_id"}),
    (
        "UPDATE letters SET state = 'folded', folded_id = 99999 WHERE id = (SELECT max(id) FROM letters)",
        "orphan",
        {"table": "letters", "column": "folded_id"},
    ),
    (
        "UPDATE letters SET state = 'folded', folded_id = NULL, written_at = '2026-03-13 04:00:00.000000'"
        " WHERE id = (SELECT max(id) FROM letters)",
        "folded_nowhere",
        {"count": 1},
    ),
    (
        "INSERT INTO letters (chat_id, kind, priority, body, silent, state, written_at, due_at, tries, uncertain,"
        " error, edits_id) VALUES (1, 'edit', 25, '{}', 0, 'waiting', '2026-03-13', '2026-03-13', 0, 0, '', 99999)",
        "orphan",
        {"table": "letters", "column": "edits_id"},
    ),
    (
        "INSERT INTO letters (chat_id, kind, priority, body, silent, state, written_at, due_at, tries, uncertain,"
        " error) VALUES (1, 'ping', 10, '{}', 0, 'waiting', '2026-03-09', '2026-03-09', 0, 0, '')",
        "unsent",
        {"count": 1},
    ),
    (
        "INSERT INTO choices (chat_id, sender_id, message, verdict, tickets, letter_id, asked_at, next_at)"
        " VALUES (1, '7', '{}', '{}', '[2, 99999]', NULL, '2026-03-13', '2026-03-13')",
        "orphan",
        {"table": "choices", "column": "tickets"},
    ),
    (
        "INSERT INTO choices (chat_id, sender_id, message, verdict, tickets, letter_id, asked_at)"
        " VALUES (1, '7', '{}', '{}', '[]', NULL, '2026-03-13')",
        "hangs",
        {"table": "choices"},
    ),
    (
        "INSERT INTO asks (chat_id, message, verdict, text, rung, asked_at, next_at, expires_at, letters)"
        " VALUES (1, '{}', '{}', '', 0, '2026-03-13', '2026-03-13', '2026-03-14', '[99999]')",
        "orphan",
        {"table": "asks", "column": "letters"},
    ),
    (
        "INSERT INTO asks (chat_id, message, verdict, text, rung, asked_at, expires_at, letters)"
        " VALUES (1, '{}', '{}', '', 0, '2026-03-08', '2026-03-09', '[]')",
        "hangs",
        {"table": "asks"},
    ),
    (
        "INSERT INTO drafts (chat_id, kind, step, answers, started_at) VALUES (1, 'proxy', 'x', '{}', '2026-03-13')",
        "hangs",
        {"table": "drafts"},
    ),
    ("UPDATE tickets SET next_at = NULL WHERE number = 2", "asleep", {"number": 2}),
    (
        "UPDATE tickets SET next_at = '2026-03-10' WHERE number = 2",
        "left_lying",
        {"table": "tickets", "column": "next_at"},
    ),
    ("UPDATE chats SET week_due_at = '2026-03-10'", "left_lying", {"table": "chats", "column": "week_due_at"}),
    ("UPDATE lanes SET leased_until = 9999999999", "lane_ahead", {}),
    ("UPDATE tickets SET number = 9 WHERE number = 3", "numbers_missing", {"first": 3, "last": 8}),
    ("UPDATE counters SET value = 2 WHERE name = 'ticket'", "counter_differs", {"counter": 2, "number": 3}),
]


@pytest.mark.parametrize(
    ("statement", "kind", "values"), SPOILT, ids=[f"{n}-{kind}" for n, (_, kind, _) in enumerate(SPOILT)]
)
def test_what_was_spoilt_by_hand_is_named(patient: Patient, statement: str, kind: str, values: dict[str, Any]) -> None:
    patient.suffers(statement)
    found = patient.findings()
    assert any(f["kind"] == kind and values.items() <= f.items() for f in found), found


def test_the_first_row_that_is_wrong_is_named_in_one_line(patient: Patient) -> None:
    patient.suffers("DELETE FROM ticket_events WHERE ticket_id = 1 AND kind = 'joined'")
    status, out, told = patient.seen()
    rows = 1 + next(len(h.rows) for h in histories_of(patient) if h.number == 1)
    assert status == 1
    assert out == [f"第1件：经过共{rows}条，第2条没了。" + sentences("zh")["doctor_cure_compare"]]
    assert "1处不对" in told[0]


def histories_of(patient: Patient) -> list[Any]:
    from models.frozen import frozen, open_frozen

    engine = open_frozen(f"sqlite:///{patient.file}")
    with frozen(engine) as session:
        found = list(histories(session))
    engine.dispose()
    return found


def test_a_ticket_taken_out_with_all_its_rows_leaves_a_hole(patient: Patient) -> None:
    patient.suffers(
        "DELETE FROM ticket_events WHERE ticket_id = 1",
        "DELETE FROM letters WHERE ticket_id = 1",
        "DELETE FROM tickets WHERE id = 1",
    )
    assert "numbers_missing" in {f["kind"] for f in patient.findings()}


def test_two_tickets_with_one_number(patient: Patient) -> None:
    """Only where the table has lost its own guard."""
    patient.suffers(
        "CREATE TABLE unguarded AS SELECT * FROM tickets",
        "DROP TABLE tickets",
        "ALTER TABLE unguarded RENAME TO tickets",
        "UPDATE tickets SET number = 2 WHERE number = 3",
    )
    assert "number_twice" in {f["kind"] for f in patient.findings()}


def test_a_history_written_anew_with_fitting_links_is_found_with_an_older_copy(
    patient: Patient, tmp_path: Path
) -> None:
    """Whoever knows the program can make links that fit; a copy that lies elsewhere cannot be made to fit."""
    from models.chaining import chain_all
    from models.database import open_engine

    older = tmp_path / "older.db"
    shutil.copy(patient.file, older)
    assert patient.findings(older=str(older)) == []
    patient.suffers("UPDATE ticket_events SET at = '2026-03-02 01:30:00' WHERE ticket_id = 1 AND kind = 'settle'")
    engine = open_engine(f"sqlite:///{patient.file}")
    with engine.begin() as connection:
        chain_all(connection)
    engine.dispose()
    assert patient.findings() == []
    assert [(f["kind"], f["number"]) for f in patient.findings(older=str(older))] == [("rewritten", 1)]


def test_figures_that_differ_from_the_rows_are_named(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own counting is at fault here, so it is replaced by one that forgets."""
    from dataclasses import replace

    from models.figures import figures
    from models.integrity import recount

    monkeypatch.setattr(recount, "figures", lambda *asked: replace(figures(*asked), received=0))
    found = patient.findings()
    assert {f["kind"] for f in found} == {"figure_differs", "unbalanced"}
    assert {(f["figure"], f["counted"], f["recounted"]) for f in found if "figure" in f} == {("received", 0, 3)}
    assert all(f["unit"] == "幸福里第3网格" for f in found)


def test_a_damaged_page_is_the_engines_own_finding(patient: Patient) -> None:
    with closing(sqlite3.connect(patient.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_ticket_events_at'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with patient.file.open("r+b") as file:
        file.seek(page * size - 80)
        file.write(b"\xff" * 80)
    assert {f["kind"] for f in patient.findings()} == {"damaged"}


def test_a_file_that_is_no_database_cannot_be_looked_at(patient: Patient, tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"nothing of ours" * 999)
    with pytest.raises(ConfigFaults):
        patient.seen(file=str(noise))
    with pytest.raises(Unusable):
        patient.seen(file=str(tmp_path / "none.db"))


def test_it_looks_at_another_file_than_the_deployments(patient: Patient, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    shutil.copy(patient.file, copy)
    patient.suffers("DELETE FROM ticket_events WHERE ticket_id = 2")
    assert patient.seen(file=str(copy))[0] == 0
    assert patient.seen()[0] == 1


def test_nothing_is_written(patient: Patient) -> None:
    before = patient.file.read_bytes()
    patient.seen()
    assert patient.file.read_bytes() == before


def test_no_finding_repeats_what_people_said(patient: Patient) -> None:
    patient.suffers(
        "UPDATE ticket_events SET note = '王阿姨家的钥匙', kind = 'joined', data = '{}'",
        "UPDATE tickets SET card_id = 9999",
    )
    _, out, _ = patient.seen()
    assert len(out) > 3
    assert not [line for line in out if any(word in line for word in ("王阿姨", "钥匙", "路灯", "老王"))]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_has_its_words_and_its_cure(language: str) -> None:
    known = sentences(language)
    kinds = {key.removeprefix("doctor_") for key in known if key.startswith("doctor_")}
    assert {k for k in kinds if not k.startswith(("cure_", "no_", "sound", "found"))} == set(CURES) - {"no_history"}
    assert {f"doctor_cure_{cure}" for cure in CURES.values()} <= known.keys()


@pytest.mark.both_databases
def test_beside_the_program_on_both_engines(world: World) -> None:
    call_it_current(world.engine)
    story(world)
    out: list[str] = []
    url = world.engine.url.render_as_string(hide_password=False)
    config = small_town(database={"url": url})
    assert run_doctor(config, Wanted(), world.clock, out.append, out.append) == 0, out
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ticket_events SET state = 'void' WHERE ticket_id = 1 AND kind = 'settle'")
    assert run_doctor(config, Wanted(), world.clock, out.append, out.append) == 1
