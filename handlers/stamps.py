"""A number may be given twice: its row was erased, or an older backup put back. A button says which of them it means.

What has stood in a chat since before buttons said so counts by its number alone.
"""

from datetime import datetime

SECONDS = 10**6  # of eleven days: enough to tell two rows of one number apart


def stamped(action: str, number: int, at: datetime) -> str:
    """What a button says: yes:12:456789, of what was asked at that time."""
    return f"{action}:{number}:{_stamp(at)}"


def is_meant(stamp: str, at: datetime) -> bool:
    """Does the button mean what was asked at that time?"""
    return stamp in ("", _stamp(at))


def _stamp(at: datetime) -> str:
    return str(int(at.timestamp()) % SECONDS)
