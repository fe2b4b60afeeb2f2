"""When it happened, read from what people write: never in the future, and rather not at all than wrongly."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.proxy.moments import happened

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
PIECES = st.sampled_from(
    (
        "昨天",
        "前天",
        "今天",
        "今晚",
        "上周三",
        "3月1日",
        "12月30日",
        "2026-03-01",
        "三天前",
        "两小时前",
        "半小时前",
        "下午",
    )
    + ("晚上", "凌晨", "3点", "15:00", "十点半", "明天", "3号楼", "水管漏水", "，", "的", "20", "月", "日", "点", "前")
    + ("2月30日", "99天前", "24点")
)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("昨天下午 水管漏水", (3, 1, 15)),
        ("3号楼2单元昨天下午3点20分开始漏水", (3, 1, 15, 20)),
        ("上周三晚上8点", (2, 25, 20)),
        ("昨晚十点半", (3, 1, 22, 30)),
        ("昨晚12点", (3, 2)),
        ("两小时前漏水", (3, 2, 7)),
        ("3天前 15:00", (2, 27, 15)),
        ("二十天前", (2, 10)),
        ("３月１日", (3, 1)),
        ("2026-02-28 10:00", (2, 28, 10)),
        ("昨天中午1点", (3, 1, 13)),
        ("昨天凌晨3点", (3, 1, 3)),
    ],
)
def test_what_people_write_is_understood(text, at):
    found = happened(text, MONDAY)
    assert found is not None
    assert found.at == datetime(2026, *(*at, 0)[: max(len(at), 2) + 1], tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    [
        "今天下午3点停水",
        "3月10日起停水",
        "明天上午",
        "说好昨天来修没来",
        "3月1号楼",
        "昨天25点",
        "2月30日",
        "0天前",
        "水管漏水",
    ],
)
def test_nothing_is_better_than_something_wrong(text):
    assert happened(text, MONDAY) is None


def test_a_date_of_last_year_is_the_last_one_of_that_name():
    found = happened("12月30日路灯坏", MONDAY)
    assert found is not None
    assert found.at.year == 2025


@given(st.lists(PIECES, min_size=1, max_size=6).map("".join), st.integers(0, 800_000))
def test_it_is_never_in_the_future(text, minutes):
    now = MONDAY + timedelta(minutes=minutes)
    found = happened(text, now)
    assert found is None or (found.at <= now and text[found.start : found.end].strip())
