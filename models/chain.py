"""The hash chain of a ticket's history: each row vouches for the one before it, so what is altered by hand shows.

Hashed is what stays for ever and stands in the row openly: no words, nobody's name, nothing that /forget or the end of
the retention term takes away. So `SPEAKS` in models/states may only grow together with a new hashing of old rows.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from models.states import SPEAKS

DIGITS = 32  # of a hash, in hex: 128 bits
TO_SOMEBODY = frozenset({"to", "side"})
"""Keys of a row's data that name a person; with them the whole of the data may be erased."""


def next_link(before: str, number: int, kind: str, state: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The link of one more row of the ticket with this number: "place:hash", where the first row has place 1.

    `before` is the link of the row before it, empty for the first one.
    """
    place = place_of(before) + 1
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [before, number, place, kind, state, instant, _lasting(kind, data)]
    plain = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"{place}:{sha256(plain.encode()).hexdigest()[:DIGITS]}"


def place_of(link: str) -> int:
    """Which row of its ticket has this link; 0 where there is none or it cannot be read."""
    written = link.partition(":")[0]
    return int(written) if written.isascii() and written.isdigit() else 0


def _lasting(kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of the data is never erased."""
    return {} if kind in SPEAKS or TO_SOMEBODY.intersection(data) else data
