"""In which grid somebody lives who writes to us privately: from posts, earlier matters and groups."""

from handlers.proxy.where import units_to_enter
from handlers.turn import Turn
from models.chats import groups_with_unit
from models.heard import chats_heard_in
from models.matters import units_of
from models.units import Unit

MOST = 6  # grids that one question offers


def may_live_in(turn: Turn) -> list[Unit]:
    """The one that is known, those that are likely, or else all that the bot serves here."""
    return _known(turn) or _served(turn)


def offered(units: list[Unit]) -> list[Unit]:
    """What one question can show; of very many none, and the name must be written."""
    return units if len(units) <= MOST else []


def named_among(units: list[Unit], text: str) -> Unit | None:
    """The only one, else the one that these words name, also by the end of its name."""
    if len(units) == 1:
        return units[0]
    named = [u for u in units if u.name in text] or [
        u for u in units if len(text) > 1 and u.name.endswith(text.strip())
    ]
    return named[0] if len(named) == 1 else None


def _known(turn: Turn) -> list[Unit]:
    found = units_to_enter(turn) or ([p.unit for p in turn.known.held()] if turn.known else [])
    found += units_of(turn.session, turn.known) if turn.known else []
    account = turn.event.sender.id
    heard = chats_heard_in(turn.session, turn.chat.channel, account) if account else []
    found += [chat.unit for chat in heard if chat.unit is not None and chat.kind == "residents"]
    return list(dict.fromkeys(found))


def _served(turn: Turn) -> list[Unit]:
    """Units with a group of residents on this channel."""
    groups = [g for g in groups_with_unit(turn.session) if g.kind == "residents" and g.channel == turn.chat.channel]
    return list(dict.fromkeys(g.unit for g in groups if g.unit is not None))
