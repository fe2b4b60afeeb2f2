"""Two problems joined by a comma: the clauses of a message that each name a thing of their own."""

import re
from collections.abc import Iterable, Mapping

from bot.reading.normalise import alternation
from bot.reading.tables import SHIPPED, read_table

_CLAUSE = re.compile(r"[，,、]|(?=还有|而且|并且)")
_LINK = re.compile(r"^(?:还有|而且|并且|同时)")
_DOOR = re.compile(r"[\dA-Za-z一二三四五六七八九十]+(?:号楼|栋|幢|座|单元|#)")
_NO_TWO = re.compile(r"因为|导致|造成|害得|所以|结果|如果|要是|的话|以为|不是|[?？]")
ALSO = r"[^，,]{0,3}(?:也|又|还|都)"


class Several:
    """Immutable after loading. A clause begins a problem of its own when it names another thing, and says so (也, 还有,
    another door); all that follows from a thing named before stays with it.
    """

    def __init__(self, subjects: Mapping[str, Iterable[str]], brings: Mapping[str, list[str]]) -> None:
        self._brings = brings
        self._subject_of = {word: subject for subject, words in subjects.items() for word in words}
        longest_first = sorted(self._subject_of, key=lambda word: (-len(word), word))
        self._named = re.compile(alternation(longest_first))
        self._also = re.compile(rf"(?:{alternation(longest_first)}){ALSO}")

    @classmethod
    def load(cls) -> "Several":
        table = read_table(SHIPPED / "subjects.toml")
        return cls(table["subjects"], table["brings"])

    def parts(self, text: str) -> list[list[str]]:
        """The clauses of the text, cut before each that begins another problem; one part when there is but one."""
        parts: list[list[str]] = []
        known: set[str] = set()
        for clause in filter(None, _CLAUSE.split(text)):
            mine = self._subjects(clause)
            if self._another(mine, known) and self._stands_alone(clause, "".join(parts[-1])):
                parts.append([_LINK.sub("", clause)])
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
        if _NO_TWO.search(clause):
            return False
        doors, earlier = set(_DOOR.findall(clause)), set(_DOOR.findall(before))
        elsewhere = bool(doors) and bool(earlier) and not doors & earlier
        return elsewhere or bool(_LINK.match(clause)) or bool(self._also.search(clause))
