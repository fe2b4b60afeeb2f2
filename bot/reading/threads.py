"""Which open ticket is a line of the group about? Clues with learned weights, summed, and a threshold; nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.reading.bounds import Bounds
from bot.reading.clues import Clue, Clues
from bot.reading.learned import Pieces
from bot.reading.library import Library, open_library
from bot.reading.tables import SHIPPED, read_table
from bot.reading.talk import Onlooker
from bot.reading.traits import Around, Traits, around, line_clues, traits_of
from models.messages import Reason
from models.talk import Candidate, Pick, Utterance

SLACK = 0.01  # more than rounding can add
SHOWN = 6  # learned pieces named in `because`, besides every clue


class Threads:
    """Immutable after loading, so any number of threads may ask it."""

    def __init__(self, table: Mapping[str, Any], learned: Mapping[str, Any], library: Library) -> None:
        onlooker = Onlooker(table, learned["rarity"], library)
        self.clues = Clues(onlooker)
        self._weight: Mapping[str, float] = {**learned["clues"], **table["weights"]}
        self._bounds = Bounds(self._weight, onlooker.rarest)
        self._worth_of_line = lru_cache(maxsize=4096)(self._sum_of_line)
        self._pieces = Pieces(learned["pieces"])
        self._bias = float(learned["bias"])
        self._join_at, self._over_open = float(table["join_at"]), float(table["join_over_open"])
        self._margin = float(table["margin"])

    @classmethod
    def load(cls, library: Library | None = None) -> "Threads":
        """The shipped weights, a deployment's own above them. RuleFault names the file that cannot be used."""
        table, learned = read_table(SHIPPED / "threads.toml"), read_table(SHIPPED / "threads_learned.toml")
        library = library or open_library()
        own = library.threads
        weights = {**table["weights"], **own.get("weights", {})}
        return cls({**table, **own, "weights": weights}, unpacked(learned), library)

    @property
    def names(self) -> frozenset[str]:
        """The clues that have a weight."""
        return frozenset(self._weight)

    def pick(self, said: Utterance, candidates: Sequence[Candidate]) -> Pick:
        """The ticket that the line is about, if any. Never raises; the order of the candidates does not matter."""
        return self._best(said, candidates, self._alone(said)) if candidates else Pick(None)

    def joined(self, said: Utterance, candidates: Sequence[Candidate]) -> Pick:
        """The same for whoever asks only what it joins: a line that could be about none is told without its scores."""
        if not candidates:
            return Pick(None)
        alone, shown, others = self._alone(said), self.clues.look(said.text), around(candidates)
        missing = self._needed(said) - alone - SLACK
        if all(self._bounds.most(said, shown, ticket, others) < missing for ticket in candidates):
            return Pick(None)
        return self._best(said, candidates, alone)

    def _alone(self, said: Utterance) -> float:
        """What the line says by itself."""
        shown = self.clues.look(said.text)
        return self._bias + self._worth_of_line(traits_of(said, shown)) + self._pieces.worth(shown.clean)

    def _sum_of_line(self, traits: Traits) -> float:
        return sum(self._weight.get(name, 0.0) for name, _ in line_clues(traits))

    def _needed(self, said: Utterance) -> float:
        return self._over_open if said.verdict.decision == "open" else self._join_at

    def _best(self, said: Utterance, candidates: Sequence[Candidate], alone: float) -> Pick:
        others = around(candidates)
        ranked = sorted((self._ranked(said, ticket, others, alone) for ticket in candidates), reverse=True)
        (score, minus_number), (second, other) = ranked[0], (*ranked, (float("-inf"), 0))[1]
        sure = score >= self._needed(said)
        close = sure and score - second < self._margin
        best = next(ticket for ticket in candidates if ticket.number == -minus_number)
        return Pick(
            number=best.number if sure and not close else None,
            score=score,
            second=second,
            best=best.number,
            rival=-other if close else None,
        )

    def _ranked(self, said: Utterance, ticket: Candidate, others: Around, alone: float) -> tuple[float, int]:
        """Of equals the older ticket comes first."""
        tied = self._sum(self.clues.of_pair(said, ticket, others))
        return round(alone + tied, 3), -ticket.number

    def _sum(self, clues: Iterable[Clue]) -> float:
        return sum(self._worth(clue) for clue in clues)

    def _worth(self, clue: Clue) -> float:
        return clue.amount * (1.0 if clue.name == "words" else self._weight.get(clue.name, 0.0))

    def because(self, said: Utterance, best: Candidate, candidates: Sequence[Candidate]) -> tuple[Reason, ...]:
        """Why the line is thought to be about that one of them: every clue, and the loudest words."""
        named = [*self.clues.of_pair(said, best, around(candidates)), *self.clues.of_line(said)]
        parts = self._pieces.of(self.clues.look(said.text).clean)
        words = [Clue("words", (part,), weight) for part, weight in parts.items()]
        loud = sorted(words, key=lambda clue: (-abs(clue.amount), clue.words))[:SHOWN]
        told = [Reason(clue.name, clue.words, round(self._worth(clue), 3)) for clue in (*named, *loud)]
        return tuple(reason for reason in told if reason.weight)


def unpacked(learned: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of words, one `word number` a line, as dictionaries."""
    return {**learned, "pieces": _rows(learned["pieces"]), "rarity": _rows(learned["rarity"])}


def _rows(written: str) -> dict[str, float]:
    rows = (line.rsplit(" ", 1) for line in written.splitlines() if line.strip())
    return {word: float(number) for word, number in rows}
