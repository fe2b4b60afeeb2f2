"""gridbot check --coverage: every grid, class, level and hour of a week, each hole named."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.check.coverage import coverage, finds_nobody
from bot.check.coverage_run import print_coverage
from bot.check.coverage_source import roster_of
from bot.check.coverage_words import lines
from bot.cli import main
from bot.config.load import Config
from handlers.desk import Desk
from handlers.duty.routing import route
from models.messages import CATEGORIES
from models.units import unit_named
from tests.world import TOWN, World, china, small_town

MONDAY = date(2026, 3, 2)
THIRD, FOURTH = "幸福里第3网格", "幸福里第4网格"


def town(tmp_path: Path, *people: dict[str, object], **sections: object) -> Config:
    """The town with its database elsewhere; people given replace those of the same name."""
    mine = {str(p["name"]): p for p in people}
    kept = [mine.get(p["name"], p) for p in small_town().model_dump()["people"]]
    database = {"url": f"sqlite:///{tmp_path / 'none.db'}"}
    return small_town(people=[*kept], database=database, **sections)


def post(name: str, unit: str, role: str, **more: object) -> dict[str, object]:
    return {"name": name, "posts": [{"unit": unit, "role": role, **more}]}


def said(config: Config, day: date = MONDAY) -> list[str]:
    """What is printed after the matrix."""
    printed: list[str] = []
    print_coverage(config, day, printed.append)
    return printed[printed.index("· 本级有人　↑ 直接找上级　✗ 没有人") + 1 :]


def test_a_town_with_somebody_everywhere_has_no_gap(tmp_path):
    config = town(tmp_path)
    assert said(config) == ["没有空当。"]
    assert print_coverage(config, MONDAY, lambda line: None)


def test_hours_without_a_shift_fall_to_the_level_above_by_name(tmp_path):
    weekdays = {"unit": FOURTH, "person": "钱网格", "days": "mon-fri"}
    config = town(tmp_path, post("钱网格", FOURTH, "grid_member", part_time=True), shifts=[weekdays])
    assert said(config) == ["会越级的，1 处：", f"{FOURTH} 周六 00:00–周日 24:00：无人值班，将直接找社区李书记"]
    assert print_coverage(config, MONDAY, lambda line: None)  # somebody is asked: no fault


def test_spans_are_exact_to_the_minute_and_the_same_hours_are_said_once(tmp_path):
    shift = {"unit": FOURTH, "person": "钱网格", "days": "daily", "start": "08:30", "end": "17:45"}
    config = town(tmp_path, post("钱网格", FOURTH, "grid_member", part_time=True), shifts=[shift])
    assert f"{FOURTH} 周一至周六 17:45–次日08:30：无人值班，将直接找社区李书记" in said(config)


def test_a_level_with_nobody_is_named_and_the_last_one_is_a_hole(tmp_path):
    config = town(tmp_path, post("赵主任", THIRD, "volunteer"))
    assert said(config) == ["没有人的，1 处：", "和平街道 全周：无人，超时后无处可交"]
    assert not print_coverage(config, MONDAY, lambda line: None)


def test_a_level_in_between_is_passed_over_with_a_warning(tmp_path):
    config = town(tmp_path, post("李书记", THIRD, "volunteer"))
    assert said(config) == ["会越级的，1 处：", "幸福里社区 全周：无人，超时后直接交街道赵主任"]


def test_with_nobody_at_all_every_hour_is_a_hole(tmp_path):
    config = Config.model_validate(
        {"units": [{"name": "幸福里"}], "database": {"url": f"sqlite:///{tmp_path / 'none.db'}"}}
    )
    assert said(config) == ["没有人的，1 处：", "幸福里 全周：没有人可找"]


def test_leave_of_that_week_counts_and_a_stand_in_fills_it(tmp_path):
    leave = {"person": "钱网格", "start": "2026-03-05 12:00", "end": "2026-03-06"}
    assert said(town(tmp_path, leaves=[leave])) == [
        "会越级的，1 处：",
        f"{FOURTH} 周四 12:00–周五 24:00：无人值班，将直接找社区李书记",
    ]
    assert said(town(tmp_path, leaves=[leave]), date(2026, 3, 9)) == ["没有空当。"]
    assert said(town(tmp_path, leaves=[{**leave, "stand_in": "陈副"}])) == ["没有空当。"]


def test_a_hole_of_some_classes_names_them(tmp_path):
    routes = [{"categories": ["矛盾纠纷"], "role": "mediator"}]
    people = (post("钱网格", FOURTH, "mediator"),)
    holes = said(town(tmp_path, *people, routes=routes))
    assert holes == [
        "会越级的，1 处：",
        f"{FOURTH} 全周（矛盾纠纷除外）：无人值班，将直接找社区李书记",
    ]


def test_the_matrix_has_a_line_a_unit_and_a_sign_an_hour(tmp_path):
    shift = {"unit": FOURTH, "person": "钱网格", "days": "mon-fri", "start": "08:30", "end": "18:00"}
    config = town(tmp_path, post("钱网格", FOURTH, "grid_member", part_time=True), shifts=[shift])
    printed: list[str] = []
    print_coverage(config, MONDAY, printed.append)
    assert f"{THIRD} 每天       {'·' * 24}" in printed
    assert f"{FOURTH} 周一至周五 {'↑' * 9}{'·' * 9}{'↑' * 6}" in printed
    assert f"{' ' * 14}周六周日   {'↑' * 24}".rstrip() in [line.rstrip() for line in printed]


def test_the_matrix_says_what_a_look_up_says_at_every_hour(tmp_path):
    """And of every class: the two ask the same roster."""
    shifts = [
        {"unit": FOURTH, "person": "钱网格", "days": "mon-fri", "start": "08:30", "end": "18:00"},
        {"unit": FOURTH, "person": "李书记", "days": "holidays", "start": "20:00", "end": "02:00"},
    ]
    routes = [{"categories": ["环境卫生"], "urgent": False, "days": "sat", "role": "supervisor"}]
    config = town(tmp_path, post("钱网格", FOURTH, "grid_member", part_time=True), shifts=shifts, routes=routes)
    midnight = china(3, 2, 0)
    with roster_of(config) as (session, _):
        [row] = [r for r in coverage(session, config.policy, midnight) if r.unit.name == FOURTH]
        desk, unit = Desk(session, midnight, config.policy), unit_named(session, FOURTH)
        assert unit is not None
        for minutes in range(0, 7 * 24 * 60, 145):
            at = midnight + timedelta(minutes=minutes)
            for category in (CATEGORIES[0], "环境卫生"):
                found = route(desk, unit, "", category, False, at)
                assert found is not None
                holes = [h for h in row.holes if h.start <= at < h.end and (category, False) in h.cases]
                wanted = [] if _own(found.name, at) else ["李书记"]
                assert [h.to.person.name for h in holes if h.to] == wanted


def _own(name: str, at: datetime) -> bool:
    """Asked by post, shift or route, and not for want of anybody."""
    night = at.weekday() >= 5 and at.hour >= 20 or at.weekday() in (6, 0) and at.hour < 2
    return name in ("钱网格", "赵主任") or (name == "李书记" and night)


def test_what_coverage_promises_the_live_run_does(tmp_path):
    shift = {"unit": THIRD, "person": "陈副", "days": "sat,sun", "start": "08:00", "end": "20:00"}
    people = [{**post("老王", THIRD, "grid_member", part_time=True), "telegram": 11}]
    people += [{**post("陈副", THIRD, "deputy", part_time=True), "telegram": 13}]
    config = town(tmp_path, *people, shifts=[shift])
    assert f"{THIRD} 周六 20:00–周日 08:00：无人值班，将直接找社区李书记" in said(config)
    world = World(tmp_path, config, start=china(3, 7, 19, 59))
    world.says("王阿姨", "3号楼2单元水管漏水了")
    world.waits_until(china(3, 7, 20))
    world.says("李阿姨", "6号楼门口垃圾堆了三天没人清")
    names = [person.name for n in (1, 2) if (person := world.ticket(n).assignee)]
    world.close()
    assert names == ["陈副", "李书记"]


def test_a_hundred_grids_are_read_at_once(tmp_path):
    grids = [{"name": f"第{n}网格", "level": "网格", "parent": "社区"} for n in range(100)]
    people = [post(f"网格员{n}", f"第{n}网格", "grid_member", part_time=n % 2 == 0) for n in range(100)]
    config = Config.model_validate(
        {
            "units": [{"name": "社区", "level": "社区"}, *grids],
            "people": [post("李书记", "社区", "cadre"), *people],
            "database": {"url": f"sqlite:///{tmp_path / 'none.db'}"},
        }
    )
    with roster_of(config) as (session, _):
        asked: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
        rows = coverage(session, config.policy, china(3, 2, 0))
        assert len(rows) == 101
        assert sum(bool(row.holes) for row in rows) == 50
        assert not finds_nobody(rows)
        assert list(lines(rows, china(3, 2, 0), "zh"))
    assert len(asked) < 20


def test_the_file_alone_is_enough_and_a_database_in_use_wins(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(TOWN + '\n[database]\nurl = "sqlite:///world.db"\n', encoding="utf-8")
    assert main(["check", "--coverage", "--week", "2026-03-02"]) == 0
    assert "按配置文件" in capsys.readouterr().out
    assert not (tmp_path / "world.db").exists()
    assert main(["migrate"]) == 0
    world = World(tmp_path, small_town())
    world.says("钱网格", "请假 3月3日", group="-1003")
    world.close()
    assert main(["check", "--coverage", "--week", "2026-03-02"]) == 0
    printed = capsys.readouterr().out
    assert "按数据库" in printed
    assert f"{FOURTH} 周二 00:00–24:00：无人值班，将直接找社区李书记" in printed


DAY_OFF = '[[leaves]]\nperson = "陈副"\nstart = "2026-03-09"\nend = "2026-03-09"\n'
FAULTS = [
    ('[[shifts]]\nunit = "幸福里第3网"\nperson = "陈副"', "shifts[1].unit", "幸福里第3网格"),
    ('[[shifts]]\nunit = "幸福里第3网格"\nperson = "陈福"', "shifts[1].person", "[[people]]"),
    ('[[shifts]]\nunit = "幸福里第4网格"\nperson = "陈副"', "shifts[1].person", "不能排班"),
    ('[[shifts]]\nunit = "幸福里第3网格"\nperson = "陈副"\nstart = "08:00"\nend = "08:00"', "shifts[1].end", "24:00"),
    ('[[shifts]]\nunit = "幸福里第3网格"\nperson = "陈副"\ndays = "mon-fry"', "shifts[1].days", "mon-fri"),
    ('[[leaves]]\nperson = "陈副"\nstart = "2026-03-09"\nend = "2026-03-08"', "leaves[1].end", "最后一天"),
    ('[[leaves]]\nperson = "陈副"\nstart = "3月9日"\nend = "2026-03-10"', "leaves[1].start", "2026-03-09"),
    (
        '[[leaves]]\nperson = "陈副"\nstand_in = "陈副"\nstart = "2026-03-09"\nend = "2026-03-09"',
        "stand_in",
        "给自己代班",
    ),
    (
        '[[leaves]]\nperson = "陈副"\nstand_in = "谁"\nstart = "2026-03-09"\nend = "2026-03-09"',
        "stand_in",
        "[[people]]",
    ),
    (
        '[[leaves]]\nperson = "陈副"\nstart = "2026-03-09"\nend = "2026-03-12"\n'
        '[[leaves]]\nperson = "陈副"\nstart = "2026-03-12"\nend = "2026-03-13"',
        "leaves[2].start",
        "leaves[1]",
    ),
    ('[[routes]]\nrole = "mediator"\ncategories = ["环境"]', "routes[1].categories", "环境卫生"),
    ('[[routes]]\nrole = "mediator"\nunits = ["幸福"]', "routes[1].units", "[[units]]"),
    ('[[routes]]\nrole = "mayor"', "routes[1].role", "mediator"),
]


@pytest.mark.parametrize(("written", "key", "cure"), FAULTS)
def test_a_roster_that_cannot_be_is_named_with_its_cure(tmp_path, monkeypatch, capsys, written, key, cure):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(f"{TOWN}\n{written}\n", encoding="utf-8")
    assert main(["check", "--offline"]) == 2
    [fault] = [line for line in capsys.readouterr().out.splitlines() if key in line]
    assert cure in fault


def test_a_part_timer_without_a_shift_is_noticed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    part_time = TOWN.replace('role = "deputy" }', 'role = "deputy", part_time = true }')
    (tmp_path / "config.toml").write_text(part_time, encoding="utf-8")
    assert main(["check", "--offline"]) == 0
    assert "陈副是兼职，却没有班次" in capsys.readouterr().out
