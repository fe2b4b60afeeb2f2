"""What the neighbours write, as raw updates, with what must come of it."""

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.faults.gate import Call
from tests.faults.town import CADRE, STAFF, SUPERVISOR, Grid

Json = dict[str, Any]

TROUBLES = (
    ("{place}的路灯坏了三天了，没人修", "路灯灯泡已经换好，{place}亮了"),
    ("{place}楼道灯不亮，晚上摸黑", "{place}楼道灯已经修好"),
    ("{place}门口垃圾堆了好几天没人清", "{place}门口垃圾已经清走"),
    ("{place}下水道堵了，污水都冒出来了", "{place}下水道已经疏通"),
    ("{place}电梯坏了，老人上不去楼", "{place}电梯已经修好"),
)
CHATTER = ("大家早上好", "今天的晚霞真好看", "谁家有多余的葱借两根", "周末一起去爬山吗", "哈哈哈", "孩子今天考试")


@dataclass
class Issue:
    """One report: `message` is its number, `grid` where it was written. `expected`: history kinds and how often."""

    message: int
    grid: Grid
    reporter: Json
    text: str
    raw: Json
    expected: dict[str, int] = field(default_factory=lambda: {"opened": 1})


class Neighbours:
    """Composes updates. Every report has a door and a reporter of its own, so that none can be another's."""

    def __init__(
        self, choice: random.Random, town: list[Grid], now: Callable[[], float], kinds: frozenset[str]
    ) -> None:
        self._choice, self._town, self._now, self._kinds = choice, town, now, kinds
        self._messages, self._people, self._doors = (itertools.count(n) for n in (5_000_001, 20_001, 1))
        self._moves = itertools.count(1)
        self.issues: list[Issue] = []
        self.gone: set[int] = set()  # numbers of grids whose group moved, or threw the bot out for a while
        self.followers: list[tuple[int, int]] = []  # (message of the report, who said 我家也是)
        self.presses: list[str] = []

    def start(self) -> Iterator[Json]:
        """Members press Start, so that they are called privately; every group is heard of."""
        for number, name in [(CADRE, "李书记"), (SUPERVISOR, "赵主任")] + [(g.member_id, g.member) for g in self._town]:
            yield self._update(self._message({"id": number, "type": "private"}, _person(number, name), "/start"))
        for chat in [_group(g) for g in self._town] + [{"id": STAFF, "type": "supergroup", "title": "工作群"}]:
            yield self._update(self._message(chat, _person(CADRE, "李书记"), CHATTER[0]))

    def scene(self, size: int) -> list[Json]:
        """Some matters from their first word on, mixed with each other and with chatter; each in its own order."""
        told = [list(self._matter(self._choice.choice(self._town))) for _ in range(size)]
        told.append([self._chat() for _ in range(size)])
        mixed: list[Json] = []
        while told := [one for one in told if one]:
            mixed.append(self._choice.choice(told).pop(0))
        return mixed

    def throw_out(self, grid: Grid, *, back: bool) -> Json:
        self.gone.add(grid.number)
        states = ("kicked", "member") if back else ("member", "kicked")
        change: Json = {"chat": _group(grid), "from": _person(CADRE, "李书记"), "date": int(self._now())}
        for key, status in zip(("old_chat_member", "new_chat_member"), states, strict=True):
            until = {"until_date": 0} if status == "kicked" else {}
            change[key] = {"user": {"id": 4711, "is_bot": True, "first_name": "bot"}, "status": status, **until}
        return {"my_chat_member": change}

    def migrate(self, grid: Grid) -> tuple[int, list[Json]]:
        """The old number, and what both groups say of the move."""
        old, before = grid.chat, _group(grid)
        grid.chat = -1_900_000 - 100 * grid.number - next(self._moves)
        somebody = _person(CADRE, "李书记")
        leaving = self._message(before, somebody, migrate_to_chat_id=grid.chat)
        coming = self._message(_group(grid), somebody, migrate_from_chat_id=old)
        return old, [self._update(leaving), self._update(coming)]

    def press(self, card: Call) -> Json:
        """［我家也是］ under a card that arrived."""
        self.presses.append(f"q{len(self.presses) + 1}")
        data = re.search(r"join:\d+", card.params["reply_markup"])
        assert data is not None
        chat = {"id": int(card.chat), "type": "supergroup", "title": ""}
        message = {"message_id": card.result["message_id"], "date": int(self._now()), "chat": chat, "text": "card"}
        query = {"id": self.presses[-1], "from": self._somebody(), "chat_instance": "1", "data": data[0]}
        return {"callback_query": {**query, "message": message}}

    def _matter(self, grid: Grid) -> Iterator[Json]:
        issue, repaired = self._report(grid)
        yield self._update(issue.raw)
        if "edited_message" in self._kinds and self._choice.random() < 0.2:
            changed = issue.raw | {"text": issue.text + "，请尽快", "edit_date": int(self._now())}
            yield {"edited_message": changed}
        for _ in range(self._choice.choice((0, 0, 0, 1, 2))):
            neighbour = self._somebody()
            self.followers.append((issue.message, neighbour["id"]))
            yield self._answer(issue, neighbour, "我家也是")
        if self._choice.random() < 0.5:
            issue.expected["settle"] = 1
            yield self._answer(issue, _person(grid.member_id, grid.member), f"/done {repaired}")
            if self._choice.random() < 0.5:
                issue.expected["confirm"] = 1
                yield self._answer(issue, issue.reporter, "好了")

    def _report(self, grid: Grid) -> tuple[Issue, str]:
        door = next(self._doors)
        place = f"{1 + door // 8}号楼{1 + door % 8}单元"
        trouble, repaired = self._choice.choice(TROUBLES)
        reporter, text = self._somebody(), trouble.format(place=place)
        raw = self._message(_group(grid), reporter, text)
        self.issues.append(Issue(raw["message_id"], grid, reporter, text, raw))
        return self.issues[-1], repaired.format(place=place)

    def _answer(self, issue: Issue, who: Json, text: str) -> Json:
        return self._update(self._message(_group(issue.grid), who, text, reply_to_message=issue.raw))

    def _chat(self) -> Json:
        grid = self._choice.choice(self._town)
        return self._update(self._message(_group(grid), self._somebody(), self._choice.choice(CHATTER)))

    def _somebody(self) -> Json:
        number = next(self._people)
        return _person(number, f"邻居{number}")

    def _message(self, chat: Json, who: Json, text: str = "", **more: Any) -> Json:
        message = {"message_id": next(self._messages), "date": int(self._now()), "chat": chat, "from": who, **more}
        return message | ({"text": text} if text else {})

    def _update(self, message: Json) -> Json:
        return {"message": message}


def _person(number: int, name: str) -> Json:
    return {"id": number, "is_bot": False, "first_name": name}


def _group(grid: Grid) -> Json:
    return {"id": grid.chat, "type": "supergroup", "title": grid.name}
