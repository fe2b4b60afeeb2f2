"""The shipped rules may be read when they are first needed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.reading import unread
from bot.reading.judge import Judge
from bot.reading.library import Library, open_library

LINES = ("3号楼2单元的路灯坏了三天了，没人修", "今天天气真好", "")


def test_it_judges_like_one_that_has_read_them() -> None:
    later, now = unread.UnreadJudge(), Judge.load()
    assert [later.read(line) for line in LINES] == [now.read(line) for line in LINES]
    assert later.rules_version == now.rules_version


def test_nothing_is_read_before_it_is_asked_and_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Library] = []

    def opens() -> Library:
        opened.append(open_library())
        return opened[-1]

    monkeypatch.setattr(unread, "open_library", opens)
    judge = unread.UnreadJudge()
    assert opened == []
    with ThreadPoolExecutor(4) as hands:
        assert len(set(hands.map(lambda line: judge.read(line).rules_version, LINES * 2))) == 1
    assert len(opened) == 1


def test_what_it_never_has_is_said_so() -> None:
    with pytest.raises(AttributeError):
        _ = unread.UnreadJudge().colour
