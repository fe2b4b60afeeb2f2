"""Every module that has a table, so that the metadata is whole wherever it is asked for."""

from models import (
    asks,
    chats,
    choices,
    codes,
    heard,
    lanes,
    letters,
    meetings,
    numbers,
    people,
    pointers,
    secrets,
    tickets,
    units,
)
from models.base import Base

__all__ = [
    "Base",
    "asks",
    "chats",
    "choices",
    "codes",
    "heard",
    "lanes",
    "letters",
    "meetings",
    "numbers",
    "people",
    "pointers",
    "secrets",
    "tickets",
    "units",
]
