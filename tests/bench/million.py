"""The same work with a hundred times as many tickets stored: chatter, openings, answers, letters, beats and lookups."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.postman import Postman
from models.messages import Sender
from tests.bench.county import START, County, CountyClock, county, found_county, loaded_judge, member_of
from tests.bench.quiet import Quiet
from tests.bench.rows import Row, Run, paired, seconds
from tests.bench.years import fill

GRIDS, FEW, MANY, ROUNDS = 237, 10_000, 1_000_000, 15
QUICK_GRIDS, QUICK_FEW, QUICK_MANY, QUICK_ROUNDS = 24, 1_000, 10_000, 3
NOTE = "已经修好了，换了新的灯泡"


@dataclass
class Work:
    """One database in which people go on with their day; two of the same seed do the same."""

    town: County
    grids: int
    runner: asyncio.Runner
    channel: Quiet = field(default_factory=Quiet)
    opened: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.postman = Postman(self.town.sessions, self.town.clock, self.town.config.policy, [self.channel])
        self.chance = self.town.chance

    def stretch(self) -> None:
        """An hour of the county, made short: eight parts in turn, letters carried after each."""
        parts: tuple[Callable[[int], None], ...] = (
            self._chatter,
            self._open,
            self._join,
            self._ask,
            self._take,
            self._chatter,
            self._settle,
            self._look,
        )
        for part in parts:
            part(self.chance.randrange(self.grids))
            self.town.passes(timedelta(minutes=7))
            self.town.heartbeat.beat_now()
            self._carry()

    def _chatter(self, grid: int) -> None:
        for _ in range(6):
            self.town.receives(self.town.chatter(grid))

    def _open(self, grid: int) -> None:
        for _ in range(3):
            message = self.town.report(grid)
            found = self.town.receives(message)
            self.opened += [(grid, number, message.message_id) for number in found.tickets]

    def _join(self, _: int) -> None:
        for grid, _number, message_id in self.opened[-3:]:
            self.town.receives(self.town.says(grid, self.town.neighbour(grid), "+1", reply=message_id))

    def _ask(self, grid: int) -> None:
        for word in ("没人管吗", "谢谢大家", "好了"):
            self.town.receives(self.town.says(grid, self.town.neighbour(grid), word))

    def _take(self, _: int) -> None:
        for grid, number, _message_id in self.opened[-3:]:
            self.town.receives(self.town.says(grid, member_of(grid), f"/take {number}"))

    def _settle(self, _: int) -> None:
        for grid, number, _message_id in self.opened[-2:]:
            self.town.receives(self.town.says(grid, member_of(grid), f"/done {number} {NOTE}"))

    def _look(self, grid: int) -> None:
        neighbour, member = self.town.neighbour(grid), member_of(grid)
        asked = (
            self.town.tells(member, "/todo"),
            self.town.tells(Sender("10", "县赵主任"), "/todo"),
            self.town.tells(neighbour, "/my"),
            self.town.says(grid, neighbour, f"/status {self.opened[-1][1]}"),
            self.town.says(grid, neighbour, "/who"),
        )
        for message in asked:
            self.town.receives(message)

    def _carry(self) -> None:
        """Until nothing more can go out now."""
        for _ in range(200):
            wait = self.runner.run(self.postman.deliver_one(self.channel))
            if wait is None or wait > 70:
                return
            self.town.passes(timedelta(seconds=wait))


def rows(run: Run) -> list[Row]:
    grids, few, many = (QUICK_GRIDS, QUICK_FEW, QUICK_MANY) if run.quick else (GRIDS, FEW, MANY)
    config, judge, base = county(grids), loaded_judge(), run.folder / "base.db"
    found_county(base, config, judge)

    def work(count: int) -> Work:
        file = run.folder / f"{count}.db"
        shutil.copy(base, file)
        fill(file, grids, count)
        town = County.at(file, config, judge, run.seed, CountyClock(START), 1_000_000)
        return Work(town, grids, runner)

    with asyncio.Runner() as runner:
        small, large = work(few), work(many)
        for warm in (small, large):
            warm.stretch()
        rounds = QUICK_ROUNDS if run.quick else ROUNDS
        found = paired(lambda _: seconds(large.stretch), lambda _: seconds(small.stretch), rounds)
    spread = f"{found.spread[0]:.2f} to {found.spread[1]:.2f} in {rounds} rounds of 8 parts"
    name = f"{many:,} tickets stored against {few:,}"
    return [Row(name, found.first, found.second, found.ratio, 1.5, 1.1, "s a stretch", spread)]
