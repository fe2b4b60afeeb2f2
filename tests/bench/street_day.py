"""What the neighbours of one street say in a day, for several streets alike: as much of each kind, in other words."""

import random
from collections.abc import Sequence

from tests.bench.talk import Json, Talk, in_batches

SHARES = (("issue", 0.05), ("too", 0.05), ("status", 0.03))  # the rest is chatter
SAID = {"too": "我家也是", "status": "/status@gridbot"}


class Day:
    """Chatter, and in between troubles, 我家也是 and /status. Each street has groups and people of its own."""

    def __init__(self, street: int, grids: int, seed: int) -> None:
        self._street, self._grids, self._chance = street, grids, random.Random(f"{seed} {street}")
        self._talk = Talk(self._chance, grids)

    def batches(self, lines: int, size: int) -> list[Sequence[Json]]:
        """As many of each kind for every street, in an order of its own."""
        kinds = [kind for kind, share in SHARES for _ in range(round(share * lines))]
        kinds += ["chatter"] * (lines - len(kinds))
        self._chance.shuffle(kinds)
        return in_batches([self._line(kind) for kind in kinds], size)

    def _line(self, kind: str) -> Json:
        grid = self._chance.randrange(self._grids)
        if kind in SAID:
            raw = self._talk._message(grid, {"text": SAID[kind]})
        else:
            raw = self._talk.issue(grid) if kind == "issue" else self._talk.chatter(1)[0]
        return self._moved(raw)

    def _moved(self, raw: Json) -> Json:
        message = raw["message"]
        chat = message["chat"] | {"id": message["chat"]["id"] - self._grids * self._street}
        sender = message["from"] | {"id": message["from"]["id"] + 1_000_000 * self._street}
        return raw | {"message": message | {"chat": chat, "from": sender}}
