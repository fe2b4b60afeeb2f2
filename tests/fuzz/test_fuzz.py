"""A few seconds at each door; `python -m tests.fuzz --minutes 10` goes on for longer."""

import pytest

from tests.fuzz import doors
from tests.fuzz.recordings import RECORDINGS
from tests.fuzz.targets import TARGETS, thrown


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_nothing_that_is_thrown_at_it_breaks_a_door(name: str) -> None:
    thrown(name, 60)()


def test_after_all_of_it_an_issue_still_opens_a_ticket() -> None:
    doors.town().still_listens()


@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_the_recordings_are_good_before_they_are_damaged(name: str) -> None:
    with doors.file_of(RECORDINGS[name], "record") as path:
        recording = doors.open_recording(path)
        assert list(recording) and not recording.findings.broken
