"""Learns the weights in bot/rules/places_learned.toml from labelled JSON Lines; offline and deterministic.

python tests/bench/fit_places.py OUT FILE…  [--tuned FILE…]      (needs numpy and scipy)

Rows with `location` teach: a text and the words in it that name the place, or null. Rows of no issue and follow-ups do
not. The rules' own span is a hint with learned weights; for files that the rules were tuned on (--tuned), two of five
lines are taught without it, or it would be believed too much. --folds K only prints how well
unseen conversations are read.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.reading.judge import Judge
from bot.reading.spans import PARTS, Span, Spans, digits_alike

LONGEST = 18  # letters of a place
SEEN = 2  # how often a gram must occur to be learned
RIDGE = 2.0
ROUNDS = 80
KEPT = 12_000
LEAN = 2.0  # in doubt a place is named: it is only asked of lines that report
UNHINTED = 40  # of a hundred lines of tuned files


@dataclass(frozen=True)
class Example:
    text: str
    hint: Span | None
    place: Span | None
    group: str
    hinted: bool = True  # is it taught with its hint?

    @property
    def usable(self) -> bool:
        return len(self.text) > 1 and (self.place is None or 1 < self.place[1] - self.place[0] <= LONGEST)


def read(file: Path, judge: Judge, *, tuned: bool) -> Iterator[Example]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        if "location" not in row or row.get("label") in ("none", "followup", "not-issue"):
            continue
        text, place = row["text"], row["location"]
        at = text.find(place) if place else -1
        hinted = not tuned or crc32(text.encode()) % 100 >= UNHINTED
        named = (at, at + len(place)) if at >= 0 else None
        yield Example(
            text, judge.library.places.by_rules(text), named, f"{file.name}:{row.get('conv', number)}", hinted
        )


def grams(example: Example) -> list[list[str]]:
    """What each letter shows: as a first letter, then as a last one, then inside. The order of PARTS."""
    plain = digits_alike(example.text)
    across = [one + other for one, other in zip(f"^{plain}", f"{plain}$", strict=True)]
    keys = (
        {"across": across, "letter": plain, "pair": across[1:]},
        {"across": across[1:], "letter": plain, "pair": across},
    )
    inside = {"letter": plain, "pair": across}
    shown = []
    for part, of in zip(PARTS, (*keys, inside), strict=True):
        shown += [[f"{part} {name} {of[name][n]}" for name in PARTS[part]] for n in range(len(plain))]
    return _hinted(shown, example, len(plain))


def _hinted(shown: list[list[str]], example: Example, size: int) -> list[list[str]]:
    if example.hint and example.hinted:
        begin, stop = example.hint
        shown[begin].append("hint start")
        shown[size + stop - 1].append("hint end")
        for n in range(begin, stop):
            shown[2 * size + n].append("hint inside")
    return shown


@cache
def spans_of(size: int) -> tuple[np.ndarray, np.ndarray]:
    first, last = np.triu_indices(size, 1)
    near = last - first < LONGEST
    return first[near], last[near]


class Fit:
    """A choice among all spans of a text and none of them: log-linear, with a ridge."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = [example for example in examples if example.usable]
        shown = [row for example in self.examples for row in grams(example)]
        often = Counter(gram for row in shown for gram in row)
        self.names = sorted(gram for gram, times in often.items() if times >= SEEN)
        number = {gram: n for n, gram in enumerate(self.names)}
        columns = [[number[gram] for gram in row if gram in number] for row in shown]
        starts = np.concatenate([[0], np.cumsum([len(row) for row in columns])])
        flat = np.array([n for row in columns for n in row])
        self.matrix = csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(columns), len(self.names)))

    def weights(self) -> tuple[dict[str, float], float]:
        """(gram -> weight, score of none)."""
        found = minimize(
            self._loss, np.zeros(len(self.names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}
        )
        return dict(zip(self.names, found.x[:-1], strict=True)), float(found.x[-1])

    def _loss(self, asked: np.ndarray) -> tuple[float, np.ndarray]:
        weights, none = asked[:-1], asked[-1]
        shown = self.matrix @ weights
        slope, none_slope, loss, at = np.zeros_like(shown), 0.0, 0.0, 0
        for example in self.examples:
            size = len(example.text)
            block = slice(at, at + 3 * size)
            cost, slope[block], of_none = one_loss(shown[block].reshape(3, size), none, example.place)
            loss, none_slope, at = loss + cost, none_slope + of_none, at + 3 * size
        ridge = weights / RIDGE
        return loss + ridge @ weights / 2, np.append(self.matrix.T @ slope + ridge, none_slope)


def one_loss(shown: np.ndarray, none: float, place: Span | None) -> tuple[float, np.ndarray, float]:
    """(minus log likelihood of the right span, its slope by each letter's start, end and inside, its slope by none)."""
    size = shown.shape[1]
    first, last = spans_of(size)
    so_far = np.concatenate([[0.0], np.cumsum(shown[2])])
    scores = np.append(shown[0][first] + shown[1][last] + so_far[last + 1] - so_far[first], none)
    right = len(first) if place is None else int(np.flatnonzero((first == place[0]) & (last == place[1] - 1))[0])
    highest = scores.max()
    likely = np.exp(scores - highest)
    total = likely.sum()
    slope = likely / total
    slope[right] -= 1
    ends = np.bincount(first, slope[:-1], size + 1) - np.bincount(last + 1, slope[:-1], size + 1)
    by_letter = np.bincount(first, slope[:-1], size), np.bincount(last, slope[:-1], size), np.cumsum(ends)[:size]
    return float(highest + np.log(total) - scores[right]), np.concatenate(by_letter), float(slope[-1])


def as_table(weights: dict[str, float], none: float) -> dict[str, object]:
    """What Spans reads: whole thousandths, the loudest grams, no gram with a blank or a quote in it."""
    loud = sorted(weights, key=lambda gram: (-abs(weights[gram]), gram))
    rows: dict[tuple[str, str], list[str]] = {}
    for name in sorted(loud[:KEPT]):
        part, kind, *gram = name.split(" ")
        if gram and gram[0].strip() and "'" not in gram[0] and (mills := round(1000 * weights[name])):
            rows.setdefault((part, kind), []).append(f"{gram[0]} {mills}")
    table: dict[str, object] = {
        part: {kind: "\n".join(rows.get((part, kind), [])) for kind in kinds} for part, kinds in PARTS.items()
    }
    hints = {part: round(1000 * weights.get(f"hint {part}", 0.0)) for part in PARTS}
    return {"none": round(1000 * (none - LEAN)), "hint": hints, **table}


def written(table: dict[str, object]) -> str:
    told = ["# Written by tests/bench/fit_places.py: edges and insides of places, in thousandths. Edit freely.", ""]
    told += [f"none = {table['none']}"]
    for part, entries in table.items():
        if isinstance(entries, dict):
            told += ["", f"[{part}]"]
            told += [f"{name} = {value if part == 'hint' else quoted(value)}" for name, value in entries.items()]
    return "\n".join(told) + "\n"


def quoted(value: str) -> str:
    return f"'''\n{value}\n'''"


def figures(examples: Sequence[Example], folds: int) -> Iterator[str]:
    """By file: exact and overlapping, where a place is named, and how often one is seen where none is."""
    counts: dict[str, Counter[str]] = {}
    for fold in range(folds):
        taught = [example for example in examples if crc32(example.group.encode()) % folds != fold]
        spans = Spans(as_table(*Fit(taught).weights()))
        for example in examples:
            if crc32(example.group.encode()) % folds == fold:
                count(counts.setdefault(example.group.split(":")[0], Counter()), example, spans)
    for name, told in sorted(counts.items()):
        named = max(1, told["named"])
        yield (
            f"{name:28s} {told['named']:5d} named, exact {told['exact'] / named:.3f}, overlapping"
            f" {told['over'] / named:.3f}; of {told['none']} without a place {told['made_up']} got one"
        )


def count(told: Counter[str], example: Example, spans: Spans) -> None:
    found, wanted = spans.best(example.text, example.hint), example.place
    if wanted is None:
        told.update(none=1, made_up=int(found is not None))
    else:
        over = found is not None and max(found[0], wanted[0]) < min(found[1], wanted[1])
        told.update(named=1, exact=int(found == wanted), over=int(over))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--tuned", type=Path, nargs="*", default=[])
    parser.add_argument("--folds", type=int, default=0)
    asked, judge = parser.parse_args(), Judge.load()
    examples = [e for file in asked.files for e in read(file, judge, tuned=False)]
    examples += [e for file in asked.tuned for e in read(file, judge, tuned=True)]
    if asked.folds:
        print("\n".join(figures(examples, asked.folds)))  # noqa: T201
        return
    asked.out.write_text(written(as_table(*Fit(examples).weights())), encoding="utf-8")


if __name__ == "__main__":
    main()
