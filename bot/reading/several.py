"""Two problems joined by a comma: the clauses of a message that each name a thing of their own."""

import re
from collections.abc import Mapping
from typing import Any

from bot.reading.normalise import alternation, one_of
from bot.reading.tables import SHIPPED, read_table

_SHORT = r"[^，,]{0,3}"  # what may stand between a thing and its 也


class Several:
    """Immutable after loading. A clause begins a problem of its own when it names another thing, and says so (也, 还有,
    another door); all that follows from a thing named before stays with it.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._subject_of = {word: subject for subject, words in table["subjects"].items() for word in words}
        self._brings: Mapping[str, list[str]] = table["brings"]
        named, links = alternation(self._subject_of), alternation(table["links"])
        self._clause = re.compile(rf"[，,、]|(?={links})")
        self._named, self._link = one_of(self._subject_of), re.compile(rf"^(?:{links})")
        self._telling = one_of([*table["links"], *table["also"]])
        self._also = re.compile(rf"(?:{named}){_SHORT}(?:{alternation(table['also'])})")
        self._never = re.compile(alternation(table["never"]))
        self._door = re.compile(rf"[\dA-Za-z{table['digits']}]+(?:{alternation(table['doors'])})")

    @classmethod
    def load(cls) -> "Several":
        return cls(read_table(SHIPPED / "subjects.toml"))

    def parts(self, text: str) -> list[list[str]]:
        """The clauses of the text, cut before each that begins another problem; one part when there is but one."""
        return self._parted(text) if self._may_be_two(text) else [[text]]

    def _may_be_two(self, text: str) -> bool:
        """Nearly every message names fewer than two things, or lacks what would part them."""
        if not self._telling.search(text) and len(set(self._door.findall(text))) < 2:
            return False
        return len(self._subjects(text)) > 1

    def _parted(self, text: str) -> list[list[str]]:
        parts: list[list[str]] = []
        known: set[str] = set()
        for clause in filter(None, self._clause.split(text)):
            mine = self._subjects(clause)
            if self._another(mine, known) and self._stands_alone(clause, "".join(parts[-1])):
                parts.append([self._link.sub("", clause)])
            elif parts:
                parts[-1].append(clause)
            else:
                parts.append([clause])
            known |= mine
        return parts

    def _another(self, mine: set[str], known: set[str]) -> bool:
        """Does it name something that is neither known nor follows from what is? Without power the lift stands too."""
        brought = {subject for one in known for subject in self._brings.get(one, ())}
        return bool(known) and bool(mine) and not mine & known and not mine <= brought

    def _subjects(self, clause: str) -> set[str]:
        return {self._subject_of[word] for word in self._named.findall(clause)}

    def _stands_alone(self, clause: str, before: str) -> bool:
        """A link, an 也 after the thing, or a door other than the one before; never a cause, a wish or a question."""
        if self._never.search(clause):
            return False
        doors, earlier = set(self._door.findall(clause)), set(self._door.findall(before))
        elsewhere = bool(doors) and bool(earlier) and not doors & earlier
        return elsewhere or bool(self._link.match(clause)) or bool(self._also.search(clause))
