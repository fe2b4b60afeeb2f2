"""What is thrown at which door."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import doors
from tests.fuzz.recordings import RECORDINGS
from tests.fuzz.shapes import TEXT, damaged, updates

CONFIG = (Path(__file__).parents[2] / "config.example.toml").read_bytes()
BODIES = st.one_of(st.binary(max_size=200), updates().map(lambda u: json.dumps({"update_id": 5, **u}).encode()))

TARGETS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], object]]] = {
    "updates": (updates(), lambda raw: doors.town().takes(raw)),
    "texts": (TEXT, doors.reads_text),
    "recordings": (
        st.sampled_from(sorted(RECORDINGS)).flatmap(lambda n: damaged(RECORDINGS[n])),
        doors.reads_recording,
    ),
    "config": (damaged(CONFIG), doors.reads_config),
    "webhook": (BODIES, doors.answers_webhook),
}


def thrown(name: str, examples: int) -> Callable[[], None]:
    """So many examples at this door; the first fault is raised, made as small as it can be."""
    strategy, door = TARGETS[name]

    @settings(max_examples=examples, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def throw(thing: Any) -> None:
        door(thing)

    return throw
