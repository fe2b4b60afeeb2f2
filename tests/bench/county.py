"""A county to measure in: grids under communities under streets, each with its people and its group."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.clock import MovableClock
from bot.config.load import Config
from bot.heartbeat import Heartbeat
from bot.inbox import Inbox, Outcome
from bot.loading import loading
from bot.reading.judge import Judge
from bot.seed import seed
from handlers import ROUTER
from handlers.desk import Desk
from handlers.planning import replan
from handlers.router import Step
from models.database import Sessions, open_engine, open_sessions
from models.messages import Event, Incoming, Press, Quoted, Sender
from models.schema import create_tables

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ACCOUNT = "999"
GRIDS_A_COMMUNITY, COMMUNITIES_A_STREET = 6, 8
TROUBLES = (
    "楼道灯坏了三天了没人修",
    "水管爆了水流了一地",
    "门口垃圾堆了三天没人清",
    "电梯又坏了老人下不来",
    "楼道里堆满了纸箱走不过去",
    "下水道堵了一直往上冒水",
    "单元门锁坏了关不上",
    "墙皮掉下来差点砸到人",
    "路面塌了一个坑骑车摔了人",
    "有人在楼道里给电动车充电",
)
CHATTER = (
    "今天天气真好",
    "谁家的猫在楼下",
    "晚上一起跳广场舞吗",
    "超市鸡蛋打折了",
    "收到，谢谢",
    "哈哈哈哈",
    "孩子放学谁顺路接一下",
    "明天降温多穿点",
)


def county(grids: int) -> Config:
    """A member, a building contact and two groups in each grid, a cadre over six grids, supervisors above."""
    units = [{"name": "和平县", "level": "县"}]
    people = [_person("县赵主任", 10, "和平县", "supervisor")]
    groups: list[dict[str, object]] = []
    for number in range(grids):
        community = number // GRIDS_A_COMMUNITY
        street = community // COMMUNITIES_A_STREET
        if number % GRIDS_A_COMMUNITY == 0:
            if community % COMMUNITIES_A_STREET == 0:
                units.append({"name": f"第{street}街道", "level": "街道", "parent": "和平县"})
                people.append(_person(f"街道{street}主任", 1000 + street, f"第{street}街道", "supervisor"))
            units.append({"name": f"第{community}社区", "level": "社区", "parent": f"第{street}街道"})
            people.append(_person(f"社区{community}书记", 2000 + community, f"第{community}社区", "cadre"))
        name = f"第{number}网格"
        units.append({"name": name, "level": "网格", "parent": f"第{community}社区"})
        people.append(_person(f"网格员{number}", 10_000 + number, name, "grid_member"))
        people.append(_person(f"楼长{number}", 20_000 + number, name, "building_contact", ["3号楼"]))
        groups.append({"unit": name, "telegram": int(group_of(number))})
        groups.append({"unit": name, "telegram": int(staff_of(number)), "kind": "staff"})
    return Config.model_validate({"units": units, "people": people, "groups": groups})


def _person(name: str, account: int, unit: str, role: str, scope: list[str] | None = None) -> dict[str, object]:
    return {"name": name, "telegram": account, "posts": [{"unit": unit, "role": role, "scope": scope or []}]}


def loaded_judge() -> Judge:
    """As the program loads it: what stays to the end is not collected again and again."""
    with loading():
        return Judge.load()


def group_of(grid: int) -> str:
    return str(-1_000_000 - grid)


def staff_of(grid: int) -> str:
    return str(-3_000_000 - grid)


def member_of(grid: int) -> Sender:
    return Sender(str(10_000 + grid), f"网格员{grid}")


class CountyClock(MovableClock):
    """Machine time goes with business time, so that no send limit holds up the measuring."""

    def machine(self) -> float:
        return self.now().timestamp()


@dataclass
class County:
    """The running program on a file; what happens in it is scripted by a seed."""

    engine: Engine
    config: Config
    judge: Judge
    chance: random.Random
    clock: "CountyClock"
    events: int

    @classmethod
    def at(
        cls, file: Path, config: Config, judge: Judge, number: int, clock: "CountyClock | None" = None, events: int = 0
    ) -> "County":
        """`number`: the seed; `events`: how many came before."""
        engine = open_engine(f"sqlite:///{file}")
        return cls(engine, config, judge, random.Random(number), clock or CountyClock(START), events)

    def __post_init__(self) -> None:
        self.sessions: Sessions = open_sessions(self.engine)
        self.inbox = Inbox(self.sessions, self.clock, self.config.policy, self.judge)
        self.inbox.me[ACCOUNT] = "gridbot"
        self.heartbeat = Heartbeat(self.sessions, self.clock, self.config.policy, also=[self.inbox.read_aside])

    def receives(self, event: Event) -> Outcome:
        return self.inbox.receive_now([event])[0]

    def steps(self) -> list[Step]:
        """What a beat does, one due thing at a time."""
        return list(ROUTER.steps)

    def does(self, step: Step) -> bool:
        """One of them, in a transaction of its own; False when nothing was due."""
        with self.sessions.begin() as session:
            return step(Desk(session, self.clock.now(), self.config.policy))

    def passes(self, span: timedelta) -> None:
        self.clock.move_to(self.clock.now() + span)

    def says(self, grid: int, who: Sender, text: str, reply: str | None = None) -> Incoming:
        """A line in a grid's group."""
        number = self._next()
        quoted = Quoted(reply) if reply else None
        chat = group_of(grid)
        return Incoming(
            "telegram", ACCOUNT, number, chat, "group", number, who, self.clock.now(), text, reply_to=quoted
        )

    def tells(self, who: Sender, text: str) -> Incoming:
        """A line in private chat."""
        number = self._next()
        assert who.id is not None
        return Incoming("telegram", ACCOUNT, number, who.id, "private", number, who, self.clock.now(), text)

    def presses(self, grid: int, who: Sender, action: str) -> Press:
        number = self._next()
        return Press(
            "telegram", ACCOUNT, number, f"q{number}", group_of(grid), "group", "1", who, action, self.clock.now()
        )

    def report(self, grid: int) -> Incoming:
        """A neighbour's trouble at a door of its own."""
        door = f"{self.chance.randint(4, 90)}号楼{self.chance.randint(1, 4)}单元"
        return self.says(grid, self.neighbour(grid), door + self.chance.choice(TROUBLES))

    def chatter(self, grid: int) -> Incoming:
        return self.says(grid, self.neighbour(grid), self.chance.choice(CHATTER))

    def neighbour(self, grid: int) -> Sender:
        number = self.chance.randint(0, 199)
        return Sender(f"{1_000_000 + grid * 200 + number}", f"邻居{number}")

    def grids(self) -> Iterator[int]:
        """One grid after another, at random, without end."""
        count = sum(1 for unit in self.config.units if unit.level == "网格")
        while True:
            yield self.chance.randrange(count)

    def _next(self) -> str:
        self.events += 1
        return str(self.events)


def found_county(file: Path, config: Config, judge: Judge) -> None:
    """The tables, what the configuration says, and every person in charge reachable privately."""
    engine = open_engine(f"sqlite:///{file}", durable=False)
    create_tables(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        seed(session, config, judge, "telegram", ACCOUNT)
    with sessions.begin() as session:
        replan(Desk(session, START, config.policy))
    engine.dispose()
    staff = County.at(file, config, judge, 0)
    for person in config.people:
        staff.receives(staff.tells(Sender(str(person.telegram), person.name), "/start"))
    staff.engine.dispose()
