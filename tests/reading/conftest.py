"""One judge for all tests of reading: it is immutable, and loading is what takes time."""

import pytest

from bot.reading.judge import Judge


@pytest.fixture(scope="session")
def judge():
    return Judge.load()
