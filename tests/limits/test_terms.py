"""Limits as people write them, and when they end."""

from datetime import timedelta

import pytest
from test_worktime import CALENDAR, at, wall

from handlers.limits.terms import Term
from handlers.limits.worktime import Span


@pytest.mark.parametrize("written", ["3d 18:00", "2d", "3h", "90m", "30m!", "2h!", "0d 18:00"])
def test_a_term_reads_back_as_written(written: str) -> None:
    assert str(Term.read(written)) == written


@pytest.mark.parametrize("written", ["", "3", "3w", "-1d", "3d 25:00", "3h 18:00"])
def test_what_is_no_term_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        Term.read(written)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-11-20 17:59", "3d 18:00", "11-25 18:00"),
        ("2026-11-20 17:59", "0d 18:00", "11-20 18:00"),
        ("2026-11-20 18:00", "0d 18:00", "11-23 18:00"),
        ("2026-11-21 10:00", "1d 18:00", "11-23 18:00"),  # Saturday's first working day is Monday
        ("2026-09-29 20:00", "2d 18:00", "10-08 18:00"),
        ("2026-11-20 17:59", "2h", "11-23 10:59"),
        ("2026-11-20 17:59", "2h!", "11-20 19:59"),
        ("2026-10-02 23:50", "30m!", "10-03 00:20"),
    ],
)
def test_when_a_term_ends(start: str, term: str, end: str) -> None:
    assert wall(Term.read(term).ends(CALENDAR, at(start))) == end


def test_a_pause_puts_the_end_off_by_the_working_time_it_covers() -> None:
    pause = Span(at("2026-11-23 09:00"), at("2026-11-24 09:00"))
    assert wall(Term.read("3d 18:00").ends(CALENDAR, at("2026-11-20 17:59"), [pause])) == "11-26 18:00"


def test_counted_time_is_what_lies_between() -> None:
    start = at("2026-11-20 17:00")
    assert Term.read("3h").between(CALENDAR, start, at("2026-11-23 10:00")) == timedelta(hours=2)
