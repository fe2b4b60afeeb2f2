"""When each line of a recording is replayed."""

from datetime import UTC, datetime, timedelta

from bot.replay.recorded import Recorded
from bot.replay.timeline import DEFAULT_START, on_one_clock

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)


def said(conv, number, minutes=None):
    at = None if minutes is None else NOON + timedelta(minutes=minutes)
    return Recorded(conv=conv, id=number, sender_id="u1", sender_name="u1", text="", sent_at=at)


def test_without_times_each_group_starts_on_monday_at_nine_and_speaks_once_a_minute():
    lines = on_one_clock([said("a", 1), said("a", 2), said("b", 3), said("b", 4)])
    assert [(line.message.id, line.at - DEFAULT_START) for line in lines] == [
        (1, timedelta(0)),
        (3, timedelta(0)),
        (2, timedelta(minutes=1)),
        (4, timedelta(minutes=1)),
    ]
    assert DEFAULT_START.isoformat() == "2026-03-02T01:00:00+00:00"


def test_time_never_goes_backwards_within_a_group():
    lines = on_one_clock([said("a", 1, 10), said("a", 2, 3), said("a", 3, 12)])
    assert [(line.message.id, line.at - NOON) for line in lines] == [
        (1, timedelta(minutes=10)),
        (2, timedelta(minutes=10)),
        (3, timedelta(minutes=12)),
    ]


def test_groups_run_beside_each_other_in_the_order_of_time():
    lines = on_one_clock([said("a", 1, 0), said("a", 2, 30), said("b", 3, 10)])
    assert [line.message.id for line in lines] == [1, 3, 2]
    assert [line.place for line in lines] == [0, 2, 1]


def test_a_line_without_time_among_others_follows_its_neighbour():
    lines = on_one_clock([said("a", 1), said("a", 2, 5), said("a", 3)])
    assert [line.at - NOON for line in lines] == [timedelta(minutes=m) for m in (5, 5, 6)]
