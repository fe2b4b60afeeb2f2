"""The verdict as a table, and as JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from tests.faults.verdict import INSTANT, Verdict

NAMES = 30
SHOWN = 8  # differences of one check; the JSON has all


def table(verdict: Verdict) -> str:
    return "\n".join(_lines(verdict))


def as_json(verdict: Verdict) -> str:
    whole = asdict(verdict) | {"holds": verdict.holds}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _some(names: Iterable[str]) -> str:
    """The JSON has all."""
    all_of_them = list(names)
    more = len(all_of_them) - NAMES
    return ", ".join(all_of_them[:NAMES]) + (f", and {more} more" if more > 0 else "")


def _lines(verdict: Verdict) -> Iterator[str]:
    kills = sum(verdict.lives.values())
    yield f"{kills} kills in {verdict.seconds:.0f} s"
    points = [name for name in verdict.lives if name != INSTANT]
    yield f"  at {len(points)} points: " + _some(f"{name} {count}" for name, count in sorted(verdict.lives.items()))
    if verdict.unreached:
        yield f"  {len(verdict.unreached)} points never passed: " + _some(verdict.unreached)
    yield "the world: " + (", ".join(f"{name} {count}" for name, count in sorted(verdict.troubles.items())) or "calm")
    width = max(len(check.name) for check in verdict.checks)
    for check in verdict.checks:
        expected = "" if check.expected is None else f" of {check.expected}"
        yield f"{'ok  ' if check.holds else 'FAIL'} {check.name:<{width}} {check.found}{expected}"
        yield from (f"       {line}" for line in check.differences[:SHOWN])
        if len(check.differences) > SHOWN:
            yield f"       and {len(check.differences) - SHOWN} more"
    yield "nothing lost, nothing doubled" if verdict.holds else "DIFFERENCES"
