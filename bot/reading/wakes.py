"""Which rules the words of a text wake, by the lists of words that rules are made of."""

from collections.abc import Iterable, Sequence
from itertools import chain

from bot.reading.rules import Rule


class Wakes:
    """Every list of every rule has a number; most rules end with the numbers, and nothing else of them is looked at."""

    def __init__(self, rules: Sequence[Rule], most: Sequence[float], words: Iterable[str]) -> None:
        """`most` is what each rule could add to a score; `words` are all that will be asked for."""
        lists_of: dict[str, list[int]] = {word: [] for word in words}
        self._wanted: list[frozenset[int]] = []
        self._never: list[int] = []
        self._woken: list[int | None] = []
        self._add: list[float] = []
        for number, rule in enumerate(rules):
            lists = range(len(self._woken), len(self._woken) + 1 + len(rule.groups))
            for mine, words_of in zip(lists, (rule.never, *rule.groups), strict=True):
                for word in words_of:
                    lists_of[word].append(mine)
            self._never.append(lists[0])
            self._wanted.append(frozenset(lists[1:]))
            waking = min(rule.groups, key=len, default=None)  # the shortest: the rule is asked least often
            first = rule.groups.index(waking) + 1 if waking is not None else None
            self._woken += [number if n == first else None for n in range(len(lists))]
            self._add += [most[number] if n == first else 0.0 for n in range(len(lists))]
        self._most = most
        self._lists_of = lists_of.__getitem__
        most_of = {word: sum(self._add[number] for number in lists) for word, lists in lists_of.items()}
        self._most_of = most_of.__getitem__
        self._always = [number for number, rule in enumerate(rules) if not rule.groups]
        self._always_most = sum(most[number] for number in self._always)

    def lists(self, words: Iterable[str]) -> frozenset[int]:
        """The lists in which one of the words stands."""
        return frozenset(chain.from_iterable(map(self._lists_of, words)))

    def most(self, words: Iterable[str]) -> float:
        """The most that the rules woken by these words could add; a rule counts once for each word that wakes it."""
        return sum(map(self._most_of, words), self._always_most)

    def most_of(self, asked: Iterable[int]) -> float:
        """The same of rules that will be asked: less, and dearer to know."""
        return sum(map(self._most.__getitem__, asked))

    def asked(self, lists: frozenset[int]) -> list[int]:
        """The rules to ask, in their order: a word of each of their lists is there, and none that forbids."""
        asked = self._always.copy()
        for number in map(self._woken.__getitem__, lists):
            if number is not None and self._wanted[number] <= lists and self._never[number] not in lists:
                asked.append(number)
        return sorted(asked)
