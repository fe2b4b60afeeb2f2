"""The neighbourhood in which the rig's programs run: grids with their groups and members, and their configuration."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)  # a Monday, a working day
TALK_DAYS, CALLS, WEEK_AT = range(2, 29), ((1, 18, 0), (0, 9, 20)), (9, 40)  # days before, hour, minute
STAFF = -1_000_900
CADRE, SUPERVISOR = 9001, 9002

HEAD = """
[telegram]
base_url = "{base_url}"
base_file_url = "{base_url}"
[database]
url = "{database}"
[hotlines]
gas = "96777"
[talk_days]
days = {days}
remind = ["-1d 18:00", "09:20"]
start = "14:00"
end = "17:00"
[weekly]
at = "mon 09:40"
[limits]
take_hours = 1
answer_days = 1
[[units]]
name = "和平街道"
level = "街道"
[[units]]
name = "幸福里社区"
level = "社区"
parent = "和平街道"
[[people]]
name = "李书记"
telegram = 9001
posts = [{{ unit = "幸福里社区", role = "cadre" }}]
[[people]]
name = "赵主任"
telegram = 9002
posts = [{{ unit = "和平街道", role = "supervisor" }}]
[[groups]]
unit = "幸福里社区"
telegram = {staff}
kind = "staff"
"""

GRID = """
[[units]]
name = "{name}"
level = "网格"
parent = "幸福里社区"
[[people]]
name = "{member}"
telegram = {member_id}
posts = [{{ unit = "{name}", role = "grid_member" }}]
[[groups]]
unit = "{name}"
telegram = {group}
"""

SURNAMES = "王李张刘陈杨黄周吴徐"


@dataclass
class Grid:
    """One grid; `chat` changes when its group becomes a supergroup."""

    number: int
    chat: int

    @property
    def name(self) -> str:
        return f"幸福里第{self.number}网格"

    @property
    def member(self) -> str:
        return f"{SURNAMES[self.number % 10]}网格"

    @property
    def member_id(self) -> int:
        return 8000 + self.number


def grids(count: int) -> list[Grid]:
    return [Grid(n, -1_000_000 - n) for n in range(1, count + 1)]


def configuration(base_url: str, database: str, town: list[Grid]) -> str:
    """config.toml of the program under test."""
    parts = [HEAD.format(base_url=base_url, database=database, days=list(TALK_DAYS), staff=STAFF)]
    for grid in town:
        parts.append(
            GRID.format(name=grid.name, member=grid.member, member_id=grid.member_id, group=grid.chat),
        )
    return "".join(parts)
