"""Where a copy comes to lie: written beside under another name, safe on the disk, and never over another file."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

OWN = re.compile(r"gridbot-\d{8}-\d{6}\.(db|dump)")
HALF = re.compile(rf"\.{OWN.pattern}\.part")
"""Names that we give; nothing else is ever removed."""
LONGEST = timedelta(days=1)  # an unfinished copy of before is nobody's work any more


class Taken(Exception):
    """There is a file of that name already."""


def named_for(target: Path, at: datetime, ending: str) -> Path:
    """The file itself, or in a folder one named after the moment."""
    return target / f"gridbot-{at:%Y%m%d-%H%M%S}.{ending}" if target.is_dir() else target


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """An empty file to be filled, readable by its owner alone; it gets its name when nothing went wrong."""
    if target.exists():
        raise Taken(target)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)  # of one that was killed
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        _flush(part)
        _name(part, target)
        _flush(target.parent)
    finally:
        part.unlink(missing_ok=True)


def keep_newest(folder: Path, most: int, now: datetime) -> list[Path]:
    """Remove our older copies, and what was left of one that was killed; returns the copies that are gone."""
    ours = sorted(file for file in folder.iterdir() if OWN.fullmatch(file.name))
    old = ours[:-most]
    halves = [file for file in folder.iterdir() if HALF.fullmatch(file.name)]
    forgotten = [file for file in halves if file.stat().st_mtime < (now - LONGEST).timestamp()]
    for file in (*old, *forgotten):
        file.unlink()
    return old


def _name(part: Path, target: Path) -> None:
    """A link fails where a file is; some file systems know none, there we look first."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise Taken(target) from None
    except OSError:
        if target.exists():
            raise Taken(target) from None
        part.rename(target)


def _flush(path: Path) -> None:
    """Onto the disk, as far as the system lets us: a folder cannot be flushed everywhere."""
    with suppress(PermissionError, IsADirectoryError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
