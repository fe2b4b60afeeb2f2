"""演练: who would be called when, told beforehand - and then it happens just so."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels import Sent
from bot.understanding import Understanding
from handlers.desk import Desk
from handlers.planner.play import pretended, rehearse
from handlers.planner.steps import Moved, Rehearsal, Told
from models.base import Base
from models.chats import find_chat
from models.people import find_person
from models.posts import Post
from models.roster import Leave
from tests.world import CHINA, OTHER, RESIDENTS, STAFF, World, small_town, the_judge

OF_ITS_OWN_ACCORD = ("🗣", "📋")  # calls to talk days and summaries of the week: no step of a matter
Line = tuple[datetime, str, str]
LEAK = "3号楼2单元水管漏水，楼道都是水"
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 59, tzinfo=CHINA)
NATIONAL_DAY = datetime(2026, 10, 2, 23, 0, tzinfo=CHINA)


@dataclass
class Ear:
    """Writes down what the channel is asked to do, to the minute."""

    world: World
    heard: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        deliver = self.world.channel.deliver

        async def listening(post: Post) -> Sent:
            self.heard.append((to_the_minute(self.world.clock.now()), post.chat_id, post.plain))
            return await deliver(post)

        self.world.channel.deliver = listening  # type: ignore[method-assign]


def to_the_minute(instant: datetime) -> datetime:
    return instant.astimezone(CHINA).replace(second=0, microsecond=0)


def rehearsed(world: World, text: str, who: str = "王阿姨", group: str = RESIDENTS) -> Rehearsal:
    """What the planner says of this line, said now."""
    with world.session() as session:
        chat = find_chat(session, "telegram", group)
        assert chat is not None
        desk = Desk(session, world.clock.now(), world.config.policy)
        return rehearse(pretended(desk, Understanding.of(the_judge()).reader("gridbot"), chat, text, who))


def dump(world: World) -> dict[str, Any]:
    with world.engine.connect() as connection:
        return {t.name: connection.execute(t.select().order_by(t.c.id)).all() for t in Base.metadata.sorted_tables}


@dataclass(frozen=True)
class Case:
    text: str
    start: datetime
    started: tuple[str, ...] = ("老王", "陈副", "李书记", "赵主任")
    without: tuple[str, ...] = ()  # nobody of these holds a post
    away: tuple[str, str, int, int] | None = None  # who, who stands in, from and to so many hours after the line


CASES = {
    "friday": Case(LEAK, FRIDAY_EVENING),
    "national_day": Case("3栋漏水", NATIONAL_DAY),
    "urgent_at_night": Case("3号楼楼道里有很浓的煤气味", datetime(2026, 3, 4, 2, 10, tzinfo=CHINA)),
    "private_dispute": Case("楼上又漏水，把我家吊顶泡坏了，说了不听", datetime(2026, 3, 5, 12, 30, tzinfo=CHINA)),
    "nobody_started": Case(LEAK, FRIDAY_EVENING, started=()),
    "no_grid_member": Case(LEAK, datetime(2026, 9, 19, 21, 40, tzinfo=CHINA), without=("老王", "陈副")),
    "about_the_member": Case("网格员老王态度太差，叫他三次都不来", FRIDAY_EVENING),
    "about_the_cadre": Case("李书记包庇亲戚搭棚子", NATIONAL_DAY),
    "leave_begins_meanwhile": Case(LEAK, datetime(2026, 3, 4, 9, 0, tzinfo=CHINA), away=("老王", "陈副", 2, 30)),
    "on_leave": Case(LEAK, FRIDAY_EVENING, away=("老王", "", -24, 100), without=("陈副",)),
    "no_level_between": Case(LEAK, datetime(2026, 2, 13, 16, 0, tzinfo=CHINA), without=("李书记",)),
}


def go_away(world: World, who: str, stand_in: str, first: int, last: int) -> None:
    """A gap in the roster, or a change of hands while the matter waits."""
    start, end = (world.clock.now() + timedelta(hours=h) for h in (first, last))
    with world.sessions.begin() as session:
        person = find_person(session, "telegram", world.id_of(who))
        instead = find_person(session, "telegram", world.id_of(stand_in)) if stand_in else None
        next_at = start if first > 0 else end
        session.add(Leave(person=person, stand_in=instead, start=start, end=end, next_at=next_at))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def town(case: Case, tmp_path: Path) -> Iterator[World]:
    config = small_town()
    people = [p for p in config.people if p.name not in case.without]
    world = World(tmp_path, config.model_copy(update={"people": people}), start=case.start)
    world.starts(*case.started)
    if case.away:
        go_away(world, *case.away)
    yield world
    world.close()


def test_the_live_run_does_what_the_planner_said_minute_by_minute(town: World, case: Case) -> None:
    foretold = rehearsed(town, case.text)
    told = [step for step in foretold.steps if isinstance(step, Told)]
    ear = Ear(town)
    town.says("王阿姨", case.text)
    town.waits_until(told[-1].at + timedelta(seconds=59))
    happened = [line for line in ear.heard if not line[2].startswith(OF_ITS_OWN_ACCORD)]
    assert Counter((to_the_minute(s.at), s.chat_id, s.text) for s in told) == Counter(happened)
    assert town.ticket(1).is_open and foretold.opened[0].number == 1
    moves = [step for step in foretold.steps if isinstance(step, Moved)]
    last = moves[-1] if moves else foretold.opened[0]
    assert (last.to if isinstance(last, Moved) else last.assignee) == "赵主任"
    assert foretold.repeats and foretold.steps[-1].at > last.due  # up to the last rung, until it only repeats itself


@pytest.mark.parametrize("text", [LEAK, "3栋漏水", "明天吃什么", "3号楼楼道里有很浓的煤气味", "登记 楼上太吵"])
def test_a_rehearsal_leaves_no_trace(world: World, text: str) -> None:
    world.starts("老王", "李书记")
    world.says("小李", "7号楼门口路灯不亮")
    before = dump(world)
    rehearsed(world, text)
    assert dump(world) == before


# told in the chat


def test_a_cadre_reads_it_in_private(world: World) -> None:
    world.starts("老王", "李书记")
    world.clock.move_to(NATIONAL_DAY - timedelta(hours=5))
    lines = world.tells("李书记", f"演练 幸福里第3网格 {LEAK} 10月2日 23:00")[-1].splitlines()
    assert lines[:2] == ["演练，什么也没发出去", f"幸福里第3网格 10月2日 23:00：“{LEAK}”"]
    assert lines[2].startswith("会立第1件：3号楼2单元 水管漏水") and "老王 负责" in lines[2]
    assert "10月3日 7:30 私聊 老王：🔔 第1件 等您接手" in "\n".join(lines)
    assert "10月2日 23:00 群里：📌 第1件" in "\n".join(lines) and lines[3].endswith("（静音）")
    assert any(line.startswith("10月8日 11:30 → 社区李书记") for line in lines)
    assert "节假日：10月1日–10月7日不计时" in lines or "节假日：10月2日–10月7日不计时" in lines
    assert "调休上班：10月10日照常计时" in lines
    assert world.tickets() == 0 and world.lines() == []


@pytest.mark.both_databases
def test_the_next_real_ticket_takes_the_number_that_was_rehearsed(world: World) -> None:
    world.starts("李书记")
    world.tells("李书记", f"演练 幸福里第3网格 {LEAK}")
    world.says("王阿姨", LEAK)
    assert world.ticket(1).reporter.name == "王阿姨"  # type: ignore[union-attr]


def test_nothing_of_it_stands_in_the_residents_group(world: World) -> None:
    world.starts("李书记")
    assert world.says("李书记", f"演练 {LEAK}") == []
    assert "演练，什么也没发出去" in world.private("李书记")[-1]
    assert world.says("王阿姨", f"演练 {LEAK}") == []
    assert world.says("赵主任", f"演练 {LEAK}") == []  # could not be answered privately
    assert world.lines() == [] and world.tickets() == 0


def test_the_staff_group_may_read_it(world: World) -> None:
    assert "会立第1件" in world.says("李书记", f"演练 {LEAK}", group=STAFF)[-1]
    assert world.says("周物业", f"演练 {LEAK}", group=STAFF) != []
    assert "会立" not in world.lines(STAFF)[-1]


def test_whoever_has_several_grids_says_which(world: World) -> None:
    world.starts("李书记")
    assert "网格名" in world.tells("李书记", f"演练 {LEAK}")[-1]
    assert "钱网格" in world.tells("李书记", f"演练 幸福里第4网格 {LEAK}")[-1]


def test_a_member_may_not_rehearse(world: World) -> None:
    world.starts("老王")
    assert "演练，" not in world.tells("老王", f"演练 幸福里第3网格 {LEAK}")[-1]


def test_what_opens_nothing_says_why(world: World) -> None:
    world.starts("李书记")
    assert "当作闲话" in world.tells("李书记", "演练 幸福里第3网格 明天吃什么")[-1]
    world.says("王阿姨", LEAK)
    assert "不另立，并到第1件" in world.tells("李书记", f"演练 幸福里第3网格 {LEAK}")[-1]


def test_a_time_that_is_none_is_refused(world: World) -> None:
    world.starts("李书记")
    assert "这样写" in world.tells("李书记", f"演练 幸福里第3网格 {LEAK} 2月30日 8:00")[-1]
    assert "这样写" in world.tells("李书记", "演练 幸福里第3网格 10月2日 23:00")[-1]


def test_open_matters_of_others_do_not_speak_in_it(world: World) -> None:
    world.starts("老王", "李书记")
    world.says("李阿姨", "5号楼电梯坏了", group=OTHER)
    world.says("王阿姨", "7号楼门口路灯不亮")
    told = [step for step in rehearsed(world, LEAK).steps if isinstance(step, Told)]
    assert told and not any("电梯" in step.text or "路灯" in step.text for step in told)
