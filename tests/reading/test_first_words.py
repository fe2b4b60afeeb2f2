"""The judge answers the plainest lines of a group as a neighbour would."""

import pytest

from bot.reading.judge import Judge


@pytest.fixture(scope="module")
def judge():
    return Judge.load()


def test_a_burst_pipe_is_an_issue_and_the_door_is_found(judge):
    verdict = judge.read("4号楼3单元501水管爆了，没人管")
    assert (verdict.decision, verdict.place.text, verdict.place.key) == ("open", "4号楼3单元501", "4-3-501")


def test_a_bare_acknowledgement_is_left_alone(judge):
    assert judge.read("收到").decision == "ignore"
