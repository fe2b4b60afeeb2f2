"""What arrived at the server, held against the letters that should say it."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from models.letters import Letter
from tests.faults.books import Noted
from tests.faults.gate import UNKNOWN, Call

TAG = re.compile(r"<[^<>]*>")


def words(text: str) -> str:
    """As people read it, without spaces: servers differ in what they do to those."""
    return re.sub(r"\s", "", html.unescape(TAG.sub("", text)))


def says(letter: Letter) -> str:
    return re.sub(r"\s", "", "".join(str(s[1]) for s in letter.body["segments"]))


@dataclass
class Ledger:
    """`repeats`: arrivals beyond the noted one, all of them excused; the others stand in `differences`."""

    calls: list[Call]
    letters: list[Letter]
    moved: dict[str, str]
    moved_in: dict[str, int]
    noted: list[Noted]
    killed: set[int]  # lives that ended by a kill
    repeats: list[Call] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arrivals = [c for c in self.calls if c.method.startswith("send") and c.arrived]
        self._noted = {(one.letter, one.written_at): one.message for one in self.noted}
        self._known = {self._key(letter): letter for letter in self.letters if self._number(letter)}
        self._erased = {(one.chat, one.message): one.letter for one in self.noted}
        self._saying: dict[tuple[str, str], list[Letter]] = defaultdict(list)
        for letter in self.letters:
            self._saying[self.chat(letter.chat.external_id), says(letter)].append(letter)
        self._told: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._last: dict[tuple[int, str], Call] = {}
        for call in self.arrivals:
            self._last[call.life, call.chat] = call

    def chat(self, number: str) -> str:
        """Under its newest number."""
        while number in self.moved:
            number = self.moved[number]
        return number

    def letter_of(self, call: Call) -> Letter | None:
        """The letter for which this arrival was noted."""
        return self._known.get((call.chat, str(call.result["message_id"])))

    def audit(self) -> None:
        """Every arrival is a letter's own, or an excused repetition of one."""
        for call in self.arrivals:
            if (number := self._number_of(call)) is not None:
                self._told[self._key_of(call)].append(number)
        for call in self.arrivals:
            if self._number_of(call) is None:
                self._audit_repeat(call)

    def _number_of(self, call: Call) -> int | None:
        """The id of the letter for which this arrival was noted, though it may be erased by now."""
        letter = self.letter_of(call)
        return letter.id if letter else self._erased.get((call.chat, str(call.result["message_id"])))

    def _key_of(self, call: Call) -> tuple[str, str]:
        return self.chat(call.chat), words(call.params.get("text", ""))

    def erased(self) -> set[tuple[str, str]]:
        """Messages of which a letter or an edit, about no ticket, is no longer kept."""
        here = {(letter.id, letter.written_at) for letter in self.letters}
        return {(n.chat, n.message) for n in self.noted if n.passing and (n.letter, n.written_at) not in here}

    def missing(self) -> Iterator[str]:
        """Letters that are called sent and of which the server knows nothing."""
        here = {(c.chat, str(c.result["message_id"])): words(c.params.get("text", "")) for c in self.arrivals}
        for letter in (one for one in self.letters if one.state == "sent" and not one.edits_id and one.kind != "toast"):
            found = here.get(self._key(letter))
            if found is None and not self._arrived_before_moving(letter):
                yield f"letter {letter.id} is called sent, and the server never had it"
            elif found is not None and says(letter) and found != says(letter):
                yield f"letter {letter.id} does not say what arrived for it"

    def disorder(self, letters: Iterable[Letter], overlap: timedelta = timedelta(0)) -> Iterator[str]:
        """Within one chat and priority, what was written first arrives first; what is due later, later: a clock that
        was set back between the two makes the first one wait. `overlap`: so long two transactions that write at the
        same time may last, where they do; of such two neither is the first.
        """
        first: dict[int, float] = {}
        for call in self.arrivals:
            if letter := self.letter_of(call):
                first.setdefault(letter.id, call.at)
        ways: dict[tuple[int, int], list[Letter]] = defaultdict(list)
        for letter in letters:
            if letter.id in first and letter.due_at <= letter.written_at:
                ways[letter.chat_id, letter.priority].append(letter)
        for way in ways.values():
            for one, next_one in zip(way, way[1:], strict=False):
                at_once = next_one.sent_at is not None and next_one.sent_at - one.written_at < overlap
                if one.due_at <= next_one.due_at and first[one.id] > first[next_one.id] and not at_once:
                    yield f"letter {next_one.id} overtook letter {one.id}"

    def _audit_repeat(self, call: Call) -> None:
        numbers = {letter.id for letter in self._saying.get(self._key_of(call), [])}
        numbers |= set(self._told.get(self._key_of(call), []))
        if not numbers:
            self.differences.append(f"no letter says what arrived in {call.chat}: {call.params.get('text', '')[:60]}")
        elif call.trouble in UNKNOWN or self._unnoted(call) or self._was_moving(call):
            self.repeats.append(call)
        else:
            ids = ", ".join(str(number) for number in sorted(numbers))
            self.differences.append(f"letter {ids} arrived again in life {call.life} without a kill between")

    def _unnoted(self, call: Call) -> bool:
        """Was it the last in its chat before the kill? Whatever came after it went out behind its note."""
        return call.life in self.killed and self._last[call.life, call.chat] is call

    def _was_moving(self, call: Call) -> bool:
        """The program forgot the numbers of its group in this life, before anybody could look."""
        return self.moved_in.get(call.chat) == call.life

    def _number(self, letter: Letter) -> str | None:
        return letter.message_id or self._noted.get((letter.id, letter.written_at))

    def _key(self, letter: Letter) -> tuple[str, str]:
        """Where it stood when it arrived: a migrated group lost its numbers."""
        number = self._number(letter) or ""
        olds = [old for old in self.moved if self.chat(old) == letter.chat.external_id]
        if letter.message_id is None and olds:
            at = next((c for c in self.arrivals if c.chat in olds and str(c.result["message_id"]) == number), None)
            return (at.chat, number) if at else (letter.chat.external_id, number)
        return (letter.chat.external_id, number)

    def _arrived_before_moving(self, letter: Letter) -> bool:
        """Its number went with the move before anybody could look: its words must be there."""
        olds = {old for old in self.moved if self.chat(old) == letter.chat.external_id}
        return any(c.chat in olds and words(c.params.get("text", "")) == says(letter) for c in self.arrivals)
