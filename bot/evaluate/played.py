"""Plays labelled conversations through the whole bot and counts which line ended up at which ticket."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.config.load import Config
from bot.evaluate.labelled import Told
from bot.outcome import Outcome
from bot.reading.judge import Judge
from bot.replay.run import outcomes_of

JOINED = ("joined", "command")  # 修好了 of a staff member is a command about a ticket


def play(path: Path, told: Mapping[str, Told], config: Config, judge: Judge) -> Counter[str]:
    """The tally behind the rows of joining. Nobody answers what the bot asks, no letter is sent."""
    found = {str(line.message.id): outcome for line, outcome in outcomes_of(path, config, judge)}
    return tallied((told[id], found[id]) for id in told if id in found)


def tallied(lines: Iterable[tuple[Told, Outcome]]) -> Counter[str]:
    """In the order of the conversations: a matter is raised before it is spoken of."""
    tickets: dict[str, tuple[int, ...]] = {}
    counts: Counter[str] = Counter()
    for line, outcome in lines:
        became = outcome.kind
        if line.label == "issue":
            tickets[line.id] = outcome.tickets
        elif line.label == "followup" and became in JOINED:
            right = set(outcome.tickets) & set(tickets.get(line.about or "", ()))
            became = "right" if right else "wrong"
        counts[line.label] += 1
        counts[f"{line.label} {became}"] += 1
    return counts
