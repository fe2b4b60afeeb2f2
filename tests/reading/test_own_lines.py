"""The made-up lines of this folder are understood: what is an issue, of which class, how urgent."""

from pathlib import Path

import pytest

from models.messages import CATEGORIES

CLASS_OF = dict(zip("安环建纠民堆治", CATEGORIES, strict=True))


def lines(name):
    rows = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [(row.split(" ", 1)[0], row.split(" ", 1)[1]) for row in rows if row and not row.startswith("#")]


def understood(judge, mark, text):
    verdict = judge.read(text)
    if mark == "无":
        return verdict.decision == "ignore"
    wanted = ("open", CLASS_OF[mark[0]], mark.endswith("!"))
    return (verdict.decision, verdict.category, verdict.urgent) == wanted


@pytest.mark.parametrize(("name", "share"), [("own_lines.txt", 0.97), ("plain_lines.txt", 0.88)])
def test_nearly_all_of_our_own_lines_are_understood(judge, name, share):
    misunderstood = [row for row in lines(name) if not understood(judge, *row)]
    assert len(misunderstood) <= (1 - share) * len(lines(name)), misunderstood


def test_of_the_quiet_lines_none_opens_a_ticket(judge):
    quiet = [text for name in ("own_lines.txt", "plain_lines.txt") for mark, text in lines(name) if mark == "无"]
    assert [text for text in quiet if judge.read(text).decision == "open"] == []


def test_of_the_urgent_lines_none_is_ignored(judge):
    urgent = [text for name in ("own_lines.txt", "plain_lines.txt") for mark, text in lines(name) if mark[-1] == "!"]
    assert [text for text in urgent if not judge.read(text).urgent] == []
