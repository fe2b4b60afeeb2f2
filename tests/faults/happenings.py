"""What befalls the town and the machine while a process lives."""

import threading
from collections.abc import Callable, Collection
from random import Random

from tests.faults.gate import Gate
from tests.faults.plans import Life
from tests.faults.town import Grid
from tests.faults.workload import Json, Neighbours
from tests.faults.world import Disk, hold

LONGEST = 7.0  # seconds, at most, that a disk is full or a database locked


class Happenings:
    """`push` gives an update to the server; `kinds` are those that it can queue."""

    def __init__(
        self,
        choice: Random,
        town: list[Grid],
        neighbours: Neighbours,
        gate: Gate,
        kinds: Collection[str],
        push: Callable[[Json], None],
    ) -> None:
        self._choice, self._town, self._neighbours, self._gate = choice, town, neighbours, gate
        self._kinds, self._push = kinds, push
        self._away: list[Grid] = []

    def befall(self, life: Life, disk: Disk, database: str) -> None:
        seconds = min(life.seconds, LONGEST) / 2
        if life.world == "full":
            disk.fill()
            threading.Timer(seconds, disk.clear).start()
        elif life.world == "locked":
            threading.Thread(target=hold, args=(database, seconds), daemon=True).start()
        elif life.world == "thrown out" and "my_chat_member" in self._kinds:
            self._throw_out()

    def migrate(self) -> None:
        """A group becomes a supergroup: it has a new number, and the old one is refused."""
        grid = self._choice.choice(self._town)
        old, told = self._neighbours.migrate(grid)
        self._gate.moved[str(old)], self._gate.moved_in[str(old)] = str(grid.chat), self._gate.life
        self._neighbours.gone.add(grid.number)
        for update in told:
            self._push(update)

    def press(self) -> None:
        """A neighbour presses 我家也是 under a card."""
        cards = [c for c in list(self._gate.calls) if c.arrived and "join:" in c.params.get("reply_markup", "")]
        cards = [c for c in cards if c.chat not in self._gate.moved]
        if cards and "callback_query" in self._kinds:
            self._push(self._neighbours.press(self._choice.choice(cards)))

    def bring_back(self) -> None:
        """The bot is let in again where it was thrown out."""
        for grid in self._away:
            self._gate.closed.discard(str(grid.chat))
            self._push(self._neighbours.throw_out(grid, back=True))
        self._away.clear()

    def _throw_out(self) -> None:
        grid = self._town[-1]
        self._gate.closed.add(str(grid.chat))
        self._push(self._neighbours.throw_out(grid, back=False))
        self._away.append(grid)
