"""What the page may ask for, with the bounds that a bad request meets."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(max_length=20)]
Id = Annotated[str, Field(max_length=20)]
Words = Annotated[str, Field(max_length=4096)]
PHOTOS = frozenset({"junk", "leak", "clean"})


class Asked(BaseModel):
    """`who` acts; every ask of the page has one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    who: Key


class Say(Asked):
    chat: Key
    text: Words = ""
    reply_to: Id | None = None
    photo: Key | None = None


class Change(Asked):
    chat: Key
    message: Id
    text: Words


class Push(Asked):
    chat: Key
    message: Id
    action: Annotated[str, Field(max_length=64)]


class Start(Asked):
    parameter: Annotated[str, Field(pattern=r"^\w{0,64}$")] = ""


class Move(Asked):
    to: Key
