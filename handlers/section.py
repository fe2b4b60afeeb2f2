"""A piece of the settings, and how a time of day is written in it."""

import re
from datetime import time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def read_time(value: object) -> object:
    """'18:00' -> time; anything else is left for pydantic to refuse."""
    if isinstance(value, str) and (found := re.fullmatch(r"(\d{1,2}):(\d{2})", value.strip())):
        hour, minute = map(int, found.groups())
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise PydanticCustomError("clock_time", 'write a time as "HH:MM", for example "18:00"')


ClockTime = Annotated[time, BeforeValidator(read_time)]
