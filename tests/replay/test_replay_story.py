"""A recorded conversation through the real bot: what became of each line."""

import io
import json
import tempfile
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.config.load import Config
from bot.replay.cast import account_of, gather, stand_in
from bot.replay.formats import open_recording
from bot.replay.recorded import Recorded
from bot.replay.run import replay
from bot.replay.stage import Stage
from bot.replay.timeline import on_one_clock
from models.letters import Letter
from models.tickets import ticket_numbered
from tests.world import CHINA, china, small_town, the_judge

LEAK = "3号楼2单元楼道水管漏水，地上全是水"
DAY = 86_400
NINE = 1_772_413_200  # Monday 2026-03-02 09:00 in China


class Record:
    """Writes a recording line by line and replays it."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, []

    def says(self, who: str, text: str, role: str = "resident", **more: object) -> None:
        number = more.pop("id", len(self.rows) + 1)
        self.rows.append({"id": number, "conv": "甲", "sender": who, "role": role, "text": text, **more})

    def replayed(self, **config: object) -> list[dict]:
        self.path.write_text("\n".join(json.dumps(row) for row in self.rows), encoding="utf-8")
        return as_json(self.path, Config(**config))


def as_json(path: Path, config: Config) -> list[dict]:
    out = io.StringIO()
    assert replay(path, as_json=True, out=out, config=config, judge=the_judge()) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


def outcomes(rows: list[dict]) -> list[tuple]:
    return [(row["id"], row["outcome"], row["ticket"]) for row in rows]


def test_a_report_its_echo_and_its_settling(record: Record):
    record.says("u1", "大家早上好呀")
    record.says("u2", LEAK, id="leak")
    record.says("u3", "我家也是", reply_to="leak")
    record.says("u4", "/done 1")
    record.says("u5", "办结1 阀门换好了", role="grid")
    record.says("u5", "办结1 阀门换好了", role="grid")
    rows = record.replayed()
    assert outcomes(rows) == [
        (1, "ignored", None),
        ("leak", "opened", 1),
        (3, "joined", 1),
        (4, "refused", None),
        (5, "command", 1),
        (6, "refused", None),
    ]
    assert rows[1] == {
        "id": "leak",
        "outcome": "opened",
        "ticket": 1,
        "tickets": [1],
        "category": rows[1]["category"],
        "urgent": False,
        "place": rows[1]["place"],
    }
    assert rows[1]["category"] and rows[1]["place"] in LEAK
    assert rows[0]["category"] is None and rows[0]["place"] is None and rows[0]["tickets"] == []


def test_each_conversation_is_a_group_of_its_own(record: Record):
    record.says("u1", LEAK)
    record.says("u1", LEAK, conv="乙")
    record.says("u9", "办结1 灯修好了", role="grid", conv="乙")
    record.says("u9", "办结2 修好了", role="grid", conv="乙")
    assert outcomes(record.replayed()) == [
        (1, "opened", 1),
        (2, "opened", 2),
        (3, "refused", None),
        (4, "command", 2),
    ]


def test_notices_of_the_staff_open_nothing_but_a_volunteer_reports_like_a_resident(record: Record):
    record.says("u1", LEAK, role="property")
    record.says("u2", LEAK, role="cadre", conv="乙")
    record.says("u3", LEAK, role="volunteer", conv="丙")
    assert [row["outcome"] for row in record.replayed()] == ["ignored", "ignored", "opened"]


def test_what_comes_due_between_two_lines_happens_at_its_own_time(record: Record):
    """The ticket climbs when its first word is missed; the calls of the 5th go out on the eve and in the morning."""
    record.says("u1", LEAK, time=NINE)
    record.says("u2", "大家好", role="cadre", time=NINE + 60)
    record.says("u3", "早", time=NINE + 5 * DAY)
    record.replayed()
    lines = on_one_clock(open_recording(record.path))
    groups = gather(line.message for line in lines)
    with Stage(Config(), the_judge(), "recording", groups, lines[0].at) as stage:
        for line in lines:
            stage.play([line])
        with stage.sessions() as session:
            ticket = ticket_numbered(session, 1)
            assert ticket is not None
            events = {event.kind: event.at for event in ticket.history}
            promised = datetime.fromisoformat(next(e for e in ticket.history if e.kind == "opened").data["due"])
            letters = session.query(Letter).filter_by(kind="reminder").order_by(Letter.id).all()
            calls = [(letter.state, letter.sent_at.astimezone(CHINA)) for letter in letters]
    assert events["escalated"] == china(3, 2, 12), "nobody said a first word in three hours of work"
    assert events["overdue"] == promised
    assert calls == [("sent", china(3, 4, 18)), ("sent", china(3, 5, 8))]


def test_times_out_of_order_stop_nothing_and_the_order_of_the_file_stays(record: Record):
    record.says("u1", LEAK, time=NINE + DAY)
    record.says("u2", "早", time=NINE - 300 * DAY)
    record.says("u3", "早", conv="乙", time=NINE)
    assert outcomes(record.replayed()) == [(1, "opened", 1), (2, "ignored", None), (3, "ignored", None)]


def test_the_member_is_asked_where_the_rules_are_unsure(record: Record):
    record.says("u1", LEAK)
    [row] = record.replayed(reading={"open": 50, "ask": 0.1})
    assert row["outcome"] == "asked" and row["ticket"] is None and row["category"]


def test_the_same_number_twice_and_lines_without_speaker_are_all_heard(record: Record):
    record.says("u1", "早", id=7)
    record.says("u1", LEAK, id=7)
    record.rows.append({"text": "8栋的水管爆了，快来人修"})
    record.rows.append({"text": "早上好"})
    assert [row["outcome"] for row in record.replayed()] == ["ignored", "opened", "opened", "ignored"]


def test_staff_lines_without_speaker_come_from_one_person_a_role_and_residents_from_many():
    def said(number: int, role: str) -> Recorded:
        return Recorded("甲", number, None, "", "", role=role)

    roles = ["grid", "grid", "cadre", "cadre", "property", "resident", "resident"]
    messages = [said(number, role) for number, role in enumerate(roles)]
    assert len({account_of(message) for message in messages}) == 5
    assert account_of(messages[0]) == stand_in("甲")


def test_a_quote_in_a_wechat_file_finds_what_it_quotes(tmp_path: Path):
    head = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
    quoted = f"<refermsg><svrid>9</svrid><content>{LEAK}</content></refermsg>"
    quote = f"<msg><appmsg><title>还没人来</title>{quoted}</appmsg></msg>"
    path = tmp_path / "chat.csv"
    path.write_text(
        f"{head}1,5,1,0,0,{NINE},,{LEAK},,,何姐,wxid_he\n2,5,49,57,0,{NINE + DAY // 4},,{quote},,,老吴,wxid_wu\n",
        encoding="gbk",
    )
    assert outcomes(as_json(path, Config())) == [("1", "opened", 1), ("2", "joined", 1)]


def test_a_telegram_export_meets_the_people_of_the_configuration(tmp_path: Path):
    """老王 is account 11 and the grid member of the group -1001: so the file says, not the export."""

    def said(number: int, who: int, text: str, **more: object) -> dict:
        at = str(NINE + number)
        return {"id": number, "type": "message", "date_unixtime": at, "from_id": f"user{who}", "text": text, **more}

    messages = [said(1, 77, LEAK), said(2, 78, "办结1 灯修好了"), said(3, 11, "修好了", reply_to_message_id=1)]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"name": "群", "type": "private_group", "id": 1001, "messages": messages}), "utf-8")
    rows = as_json(path, small_town())
    assert [row["outcome"] for row in rows] == ["opened", "refused", "joined"]
    assert [row["id"] for row in rows] == [1, 2, 3]


def test_a_nickname_tells_the_staff_where_the_format_has_no_roles(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "chat.txt"
    path.write_text(f"2026-03-02 09:00:00 物业小陈\n{LEAK}\n\n2026-03-02 09:05:00 何姐\n{LEAK}\n", "utf-8")
    assert [row["outcome"] for row in as_json(path, Config())] == ["ignored", "opened"]
    assert "物业小陈" in capsys.readouterr().err


def test_the_diary_shows_what_came_of_the_lines_and_ends_with_totals(record: Record):
    record.says("u1", "大家早上好呀")
    record.says("u2", LEAK)
    record.replayed()
    out = io.StringIO()
    replay(record.path, as_json=False, out=out, config=Config(), judge=the_judge())
    told = out.getvalue()
    assert LEAK in told and "第1件" in told and "2026-03-02 09:01" in told
    assert "大家早上好呀" not in told
    assert "共2条：立单1，并入0" in told


def test_broken_lines_are_told_beside_the_objects(record: Record, capsys: pytest.CaptureFixture[str]):
    record.says("u1", LEAK)
    record.path.write_text("{broken\n" + json.dumps(record.rows[0]), encoding="utf-8")
    assert main(["replay", str(record.path), "--json"]) == 0
    printed = capsys.readouterr()
    assert [json.loads(line)["outcome"] for line in printed.out.splitlines()] == ["opened"]
    assert "第1行" in printed.err


def test_a_file_of_no_use_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "novel.txt"
    path.write_text("从前有座山\n", encoding="utf-8")
    assert replay(path, as_json=True, out=io.StringIO(), config=Config(language="en"), judge=the_judge()) == 1
    told = capsys.readouterr().err
    assert str(path) in told and told.count("\n") == 1


def test_a_recording_without_messages_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "result.json"
    path.write_text('{"name": "群", "type": "private_group", "id": 1, "messages": []}', encoding="utf-8")
    assert replay(path, as_json=True, out=io.StringIO(), config=Config(), judge=the_judge()) == 1
    assert str(path) in capsys.readouterr().err


def test_nothing_is_left_behind(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    record.says("u1", LEAK)
    record.replayed()
    assert list(scratch.iterdir()) == []
