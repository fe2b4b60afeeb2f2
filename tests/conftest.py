"""Every test may ask for a world; tests/world.py says what that is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, small_town


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, small_town())
    yield world
    world.close()
