"""Afterwards everything is counted: a list of checks, each with what was found and what differs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.gate import Gate
from tests.faults.supervisor import Supervisor

INSTANT = "at an instant"


@dataclass
class Check:
    """`found` of `expected`; `differences` in words, empty when it holds."""

    name: str
    found: int
    expected: int | None = None
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.differences and self.expected in (None, self.found)


@dataclass
class Verdict:
    checks: list[Check]
    lives: dict[str, int]  # how often the program was killed at which point
    unreached: list[str]
    troubles: dict[str, int]
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


def check(name: str, found: int, differences: Iterable[str], expected: int | None = None) -> Check:
    return Check(name, found, expected, list(differences))


def reach_verdict(supervisor: Supervisor, gate: Gate) -> Verdict:
    from tests.faults.judging_letters import letter_checks
    from tests.faults.judging_tickets import ticket_checks
    from tests.faults.judging_whole import whole_check

    checks: list[Check] = []
    with supervisor.books.open() as session:
        if supervisor.books.made():
            checks = [*ticket_checks(session, supervisor, gate), *letter_checks(session, supervisor, gate)]
            checks.append(whole_check(session, supervisor))
    checks.append(check("the program itself", len(supervisor.ran.lives) + 1, supervisor.ran.faults))
    reached: dict[str, int] = {}
    for life in supervisor.ran.lives:
        name = life.at if life.reached else INSTANT
        reached[name] = reached.get(name, 0) + 1
    asked = {life.at for life in supervisor.ran.lives if life.at}
    troubles = dict(gate.troubled)
    for life in supervisor.ran.lives:
        if life.world:
            troubles[life.world] = troubles.get(life.world, 0) + 1
    return Verdict(checks, reached, sorted(asked - set(reached)), troubles)
