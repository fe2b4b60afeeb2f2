"""How much of a file that somebody hands us is read: what no honest file has is refused before it fills the memory."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

SETTINGS_MOST = 8 << 20  # bytes of a file of settings or rules; the shipped rules have one
RECORDING_MOST = 1 << 30  # bytes of a recording, read line by line
DOCUMENT_MOST = 256 << 20  # bytes of a file that must be read as a whole
LINE_MOST = 32 << 20  # characters


class TooLarge(OSError):
    """Worded like every other file that cannot be read."""

    def __init__(self) -> None:
        super().__init__(errno.EFBIG, os.strerror(errno.EFBIG))


def read_within(path: Path, most: int = SETTINGS_MOST) -> bytes:
    """The whole file. Raises OSError, TooLarge among them."""
    with path.open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise TooLarge
    return raw


def lines_within(file: TextIO) -> Iterator[str]:
    """The lines with their ends. Raises TooLarge for one without end."""
    while line := file.readline(LINE_MOST + 1):
        if len(line) > LINE_MOST:
            raise TooLarge
        yield line
