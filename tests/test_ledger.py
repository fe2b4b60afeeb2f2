"""The ledger (台账): every matter a row, text that stays text, dates that are dates, and nobody's secret in it."""

import csv
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.asked import Unusable
from bot.ledger.run import Wanted, write_ledger
from handlers.desk import Desk
from models.figures import figures
from models.units import subtree, unit_named
from tests.world import OTHER, World, china

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINE = "代报 热线 王奶奶 13800001111 昨天下午3点 3号楼2单元水管漏水"


@pytest.fixture
def town(world: World) -> World:
    """One from the hotline, settled and asked; one of the group in hand; one private; one of grid 4 a week later."""
    world.starts("老王", "李书记", "王阿姨")
    world.tells("老王", LINE)
    world.tells("李书记", "办结1 水管换了新的")
    world.waits(minutes=1)
    world.presses("老王", "已告诉", chat=world.id_of("老王"))
    world.presses("老王", "满意", chat=world.id_of("老王"))
    world.says("王阿姨", "5号楼路灯不亮")
    world.tells("老王", "我来办2")
    world.says("小李", "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了")
    world.waits_until(china(3, 9))
    world.says("刘大爷", "7号楼垃圾堆了三天没人清", group=OTHER)
    return world


def write(world: World, file: Path, **wanted: object) -> list[dict[str, str]]:
    with world.session() as session:
        write_ledger(Desk(session, world.clock.now(), world.config.policy), Wanted(file, **wanted))  # type: ignore[arg-type]
    return read(file)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def cells(file: Path) -> list[list[tuple[str, str]]]:
    """(type, value) of every cell; s: a string of the table."""
    with zipfile.ZipFile(file) as book:
        table = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        strings = ["".join(t.text or "" for t in item.iter(f"{SHEET}t")) for item in table]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [[cell(c, strings) for c in row.iter(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row")]


def cell(found: ElementTree.Element, strings: list[str]) -> tuple[str, str]:
    assert found.find(f"{SHEET}f") is None, "no cell is a formula"
    kind, value = found.get("t", "n"), found.findtext(f"{SHEET}v") or ""
    return kind, strings[int(value)] if kind == "s" else value


def test_a_row_holds_what_a_book_needs(town, tmp_path):
    first = write(town, tmp_path / "l.csv")[0]
    assert first == {
        "编号": "1",
        "单位": "幸福里第3网格",
        "登记时间": "2026-03-02 09:00",
        "发生时间": "2026-03-01 15:00",
        "渠道": "热线",
        "反映人": "王**",
        "联系方式": "138****1111",
        "诉求": "3号楼2单元水管漏水",
        "地点": "3号楼2单元",
        "类别": "民生诉求",
        "承办人": "老王",
        "首问": "老王",
        "办理方式": first["办理方式"],
        "办理层级": "社区",
        "时限": "2026-03-05 18:00",
        "响应时间": "2026-03-02 09:00",
        "办结时间": "2026-03-02 09:00",
        "结果": "确认",
        "回访": "当面或电话问过",
        "返工": "0",
        "补收（收到时间）": "",
    }
    assert first["办理方式"]


def test_names_numbers_and_private_words_come_only_on_request(town, tmp_path):
    short, full = write(town, tmp_path / "l.csv"), write(town, tmp_path / "f.csv", full=True)
    assert (short[2]["诉求"], short[2]["地点"], short[2]["反映人"]) == ("", "", "小**")
    assert full[2]["诉求"].startswith("楼上")
    assert (full[0]["反映人"], full[0]["联系方式"]) == ("王奶奶", "13800001111")


def test_nobodys_mark_is_in_it(town, tmp_path):
    assert "满意" not in str(write(town, tmp_path / "l.csv", full=True))


def test_the_span_counts_days_of_registering_and_the_unit_what_is_below_it(town, tmp_path):
    def numbers(**wanted: object) -> list[str]:
        return [row["编号"] for row in write(town, tmp_path / "l.csv", **wanted)]

    assert numbers() == ["1", "2", "3", "4"]
    assert numbers(start=date(2026, 3, 3)) == ["4"]
    assert numbers(end=date(2026, 3, 2)) == ["1", "2", "3"]
    assert numbers(start=date(2026, 3, 9), end=date(2026, 3, 9)) == ["4"]
    assert numbers(unit="幸福里第3网格") == ["1", "2", "3"]
    assert numbers(unit="和平街道") == ["1", "2", "3", "4"]


def test_the_account_balances_with_the_figures_of_the_span(town, tmp_path):
    rows = write(town, tmp_path / "l.csv", start=date(2026, 3, 2), end=date(2026, 3, 8))
    with town.session() as session:
        street = unit_named(session, "和平街道")
        assert street is not None
        week = figures(session, subtree(session, street), china(3, 2, 0), china(3, 9, 0))
    assert len(rows) == week.received
    assert sum(row["结果"] in ("办结", "确认") for row in rows) == week.settled


def test_the_sheet_keeps_text_as_text_and_dates_as_dates(town, tmp_path):
    file = tmp_path / "l.xlsx"
    town.says("王阿姨", '登记 =HYPERLINK("http://x.example","点我") 路灯不亮')
    with town.session() as session:
        said = write_ledger(Desk(session, town.clock.now(), town.config.policy), Wanted(file))
    assert said == f"{file}：5件。待接手 4、确认 1"
    head, *rows = cells(file)
    assert [value for _, value in head][:3] == ["编号", "单位", "登记时间"]
    assert [row[0] for row in rows] == [("n", str(n)) for n in range(1, 6)]
    assert rows[0][2] == ("n", "46083.375")
    assert rows[0][6] == ("s", "138****1111")
    assert rows[4][7][0] == "s"
    assert rows[4][7][1].startswith("=HYPERLINK")
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert 'state="frozen"' in sheet
        assert "wrapText" in book.read("xl/styles.xml").decode()


def test_lines_start_with_no_formula_either(town, tmp_path):
    town.says("王阿姨", "登记 =1+1 路灯不亮")
    assert write(town, tmp_path / "l.csv")[-1]["诉求"].startswith("'=1+1")


def test_a_ticket_whose_reporter_was_forgotten_keeps_its_row(town, tmp_path):
    town.tells("小李", "/start")
    town.tells("小李", "/forget")
    town.presses("小李", "确定删除", chat=town.id_of("小李"))
    row = write(town, tmp_path / "l.csv", full=True)[2]
    assert (row["编号"], row["反映人"], row["结果"]) == ("3", "", "本人删除")


def test_an_empty_span_is_a_sheet_with_its_head(world, tmp_path):
    file = tmp_path / "l.xlsx"
    with world.session() as session:
        write_ledger(Desk(session, world.clock.now(), world.config.policy), Wanted(file))
    assert len(cells(file)) == 1


@pytest.mark.parametrize(
    "wanted", [{"file": "l.doc"}, {"unit": "幸福里第33网格"}, {"file": "no/l.xlsx"}, {"file": "no/l.csv"}]
)
def test_what_cannot_be_written_is_said(world, tmp_path, wanted):
    asked = Wanted(tmp_path / wanted.get("file", "l.csv"), wanted.get("unit", ""))
    with world.session() as session, pytest.raises(Unusable) as said:
        write_ledger(Desk(session, world.clock.now(), world.config.policy), asked)
    assert "幸福里第3网格" in str(said.value) or str(asked.file) in str(said.value)
