"""What the replay tells: a JSON object a line, or an account that reads like a diary, with totals."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from bot.json_line import as_line
from bot.outcome import Outcome
from bot.reading.privacy import mask
from bot.replay.recorded import Findings
from bot.replay.timeline import Line
from bot.sentences import say
from handlers.policy import Policy

ASKED = {"which": "asked"}  # asked which ticket they mean: a question too
KINDS = ("opened", "joined", "command", "asked", "refused", "ignored")
NAMED_FAULTS = 20  # beyond these, broken lines are only counted
SHOWN = 60  # characters of a message in the diary


class Account(ABC):
    """Takes results in the order of time and writes them in the order of the file."""

    def __init__(self, out: TextIO, policy: Policy, faults: TextIO) -> None:
        self._out, self._policy, self._faults = out, policy, faults
        self._waiting: dict[int, str] = {}
        self._next = 0

    def add(self, line: Line, outcome: Outcome) -> None:
        self._waiting[line.place] = self._written(line, outcome)
        while self._next in self._waiting:
            self._out.write(self._waiting.pop(self._next))
            self._next += 1

    @abstractmethod
    def close(self, findings: Findings) -> None:
        """Say what can be said only at the end."""

    @abstractmethod
    def _written(self, line: Line, outcome: Outcome) -> str: ...


class JsonLines(Account):
    """One object a message, for programs."""

    def _written(self, line: Line, outcome: Outcome) -> str:
        kind = ASKED.get(outcome.kind, outcome.kind)
        row = {
            "id": line.message.id,
            "outcome": kind if kind in KINDS else "ignored",  # the log tells of what failed
            "ticket": outcome.tickets[0] if outcome.tickets else None,
            "tickets": list(outcome.tickets),
            "category": outcome.category,
            "urgent": outcome.urgent,
            "place": outcome.place,
        }
        return as_line(row) + "\n"

    def close(self, findings: Findings) -> None:
        """Standard output holds nothing but the objects; what went wrong is told beside it."""
        self._faults.writelines(f"{line}\n" for line in told(findings, self._policy.language))


class Diary(Account):
    """For people: the lines that something came of, then totals."""

    def __init__(self, out: TextIO, policy: Policy, faults: TextIO) -> None:
        super().__init__(out, policy, faults)
        self._kinds: Counter[str] = Counter()
        self._classes: Counter[str] = Counter()
        self._urgent = 0
        self._conv: str | None = None

    def _written(self, line: Line, outcome: Outcome) -> str:
        self._count(outcome)
        return "" if outcome.kind == "ignored" else self._entry(line, outcome)

    def _count(self, outcome: Outcome) -> None:
        self._kinds[ASKED.get(outcome.kind, outcome.kind)] += 1
        if outcome.kind == "opened":
            self._classes[outcome.category or ""] += len(outcome.tickets)
            self._urgent += outcome.urgent

    def _entry(self, line: Line, outcome: Outcome) -> str:
        text = mask(" ".join(line.message.text.split()))
        said = self._say(
            "replay_said",
            at=f"{self._policy.local(line.at):%Y-%m-%d %H:%M}",
            group=line.message.conv,
            who=line.message.sender_name,
            text=text if len(text) <= SHOWN else text[: SHOWN - 1] + "…",
        )
        return f"{said.strip()}\n    {self._came_of(outcome)}\n"

    def _came_of(self, outcome: Outcome) -> str:
        comma = self._say("replay_comma")
        tickets = comma.join(self._say("replay_ticket", number=n) for n in outcome.tickets)
        urgent = self._say("replay_urgent") if outcome.urgent else ""
        more = comma.join(filter(None, (outcome.category, outcome.place, urgent)))
        more = self._say("replay_more", more=more) if more else ""
        return self._say(f"replay_{outcome.kind}", tickets=tickets, more=more).rstrip()

    def close(self, findings: Findings) -> None:
        self._out.writelines(f"{line}\n" for line in ["", *self._totals(), *told(findings, self._policy.language)])

    def _totals(self) -> Iterator[str]:
        yield self._say("replay_totals", messages=self._kinds.total(), **{k: self._kinds[k] for k in KINDS})
        if self._classes:
            comma = self._say("replay_comma")
            classes = comma.join(f"{name} {count}" for name, count in self._classes.most_common())
            yield self._say("replay_classes", classes=classes, urgent=self._urgent)

    def _say(self, key: str, **values: object) -> str:
        return say(self._policy.language, key, **values)


def told(findings: Findings, language: str) -> Iterator[str]:
    """What the parser met beside messages, in sentences."""
    for key in findings.notes:
        yield say(language, key)
    if findings.guessed:
        yield say(language, "replay_guessed", names=say(language, "replay_comma").join(findings.guessed))
    if findings.skipped:
        yield say(language, "replay_skipped", count=findings.skipped)
    if findings.broken:
        yield say(language, "replay_broken", count=len(findings.broken))
    for broken in findings.broken[:NAMED_FAULTS]:
        detail = f" ({broken.detail})" if broken.detail else ""
        yield say(language, "replay_broken_line", line=broken.line, why=say(language, broken.why)) + detail
    if (rest := len(findings.broken) - NAMED_FAULTS) > 0:
        yield say(language, "replay_broken_rest", count=rest)
