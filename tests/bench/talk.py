"""What neighbours say, made up by a seed, and the raw updates in which Telegram would bring it."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.county import TROUBLES, group_of

Json = dict[str, Any]

READING = Path(__file__).parents[1] / "reading"
CHATS = ("own_chats_typical", "own_chats_hard", "own_chats_hard2", "own_chats_urgent", "own_none", "own_none2")
BEGIN = ("", "", "", "", "哈哈，", "那个，", "大家好，", "嗯嗯 ", "对了，", "我跟你们说，")
END = ("", "", "", "", "。", "～", "😂", "哈", "[呲牙]", "！！", "，你们说呢")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
CALLED = ("阿姨", "叔", "姐", "哥", "奶奶", "师傅", "老师", "大爷")


@cache
def plain_lines() -> tuple[str, ...]:
    """What residents say that reports nothing, of our own made-up chats."""
    rows = [json.loads(row) for name in CHATS for row in (READING / f"{name}.jsonl").read_text("utf-8").splitlines()]
    said = [row["text"] for row in rows if row.get("role") == "resident" and row.get("label", "none") == "none"]
    return tuple(dict.fromkeys(text for text in said if text))


@dataclass
class Talk:
    """Updates for one bot, numbered on; each line is changed a little, so that few are ever met twice."""

    chance: random.Random
    grids: int
    is_chatter: Callable[[str], bool] = lambda text: True  # what is taken for an issue is measured in another row
    update: int = 1_000_000
    message: int = 0
    said: dict[int, list[Json]] = field(default_factory=dict)

    def chatter(self, count: int) -> list[Json]:
        """As groups are: mostly words, some replies, pictures and stickers."""
        return [self._line() for _ in range(count)]

    def issue(self, grid: int) -> Json:
        """A trouble at a door of its own."""
        door = f"{self.chance.randint(4, 90)}号楼{self.chance.randint(1, 4)}单元"
        return self._message(grid, {"text": door + self.chance.choice(TROUBLES)})

    def _line(self) -> Json:
        grid = self.chance.randrange(self.grids)
        kind = self.chance.random()
        earlier = self.said.get(grid, [])
        if kind < 0.08 and earlier:
            return self._message(grid, {"text": self._words(), "reply_to_message": self.chance.choice(earlier)})
        if kind < 0.10:
            return self._message(
                grid, {"sticker": self._file() | {"type": "regular", "is_animated": False, "is_video": False}}
            )
        if kind < 0.12:
            return self._message(grid, {"photo": [self._file(), self._file()], "caption": self._words()})
        return self._message(grid, {"text": self._words()})

    def _words(self) -> str:
        while True:
            said = self.chance.choice(BEGIN) + self.chance.choice(plain_lines()) + self.chance.choice(END)
            if self.is_chatter(said):
                return said

    def _file(self) -> Json:
        name = f"AgAC{self.chance.getrandbits(120):x}"
        return {"file_id": name, "file_unique_id": name[:14], "width": 1280, "height": 960, "file_size": 120_000}

    def _message(self, grid: int, content: Json) -> Json:
        self.update, self.message = self.update + 1, self.message + 1
        message = {
            "message_id": self.message,
            "from": self._neighbour(grid),
            "chat": {"id": int(group_of(grid)), "title": f"第{grid}网格居民群", "type": "supergroup"},
            "date": 1_772_413_200 + self.message // 50,
            **content,
        }
        plain = {key: value for key, value in message.items() if key != "reply_to_message"}
        self.said[grid] = [*self.said.get(grid, [])[-20:], plain]
        return {"update_id": self.update, "message": message}

    def _neighbour(self, grid: int) -> Json:
        number = self.chance.randrange(200)
        name = SURNAMES[number % len(SURNAMES)] + CALLED[number % len(CALLED)]
        told: Json = {
            "id": 1_000_000 + grid * 200 + number,
            "is_bot": False,
            "first_name": name,
            "language_code": "zh-hans",
        }
        return told | ({"username": f"neighbour{grid}x{number}"} if number % 3 else {})


def in_batches(updates: Sequence[Json], size: int) -> list[Sequence[Json]]:
    return [updates[start : start + size] for start in range(0, len(updates), size)]
