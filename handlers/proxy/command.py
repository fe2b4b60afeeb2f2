"""/proxy 代报: staff enter what came by another channel, residents what their own people need."""

from handlers.proxy.dialogue import ask_for_unit, begin
from handlers.proxy.entry import read_entry
from handlers.proxy.opening import enter
from handlers.proxy.where import unit_meant, units_to_enter
from handlers.register import register_words
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import listed

router = Router()


@router.command("proxy", "代报", text=True)
def proxy(turn: Turn) -> None:
    """代报 热线 王奶奶 13800001111 昨天下午 3号楼2单元 水管漏水; alone in private chat it is asked step by step."""
    if not units_to_enter(turn):
        for_kin(turn)
    elif turn.chat.private and not turn.args and not turn.message.files:
        begin(turn)
    else:
        by_line(turn)


def for_kin(turn: Turn) -> None:
    """R33: a granddaughter asks for her grandfather. She is the reporter, and the matter is like any other."""
    if not turn.args:
        raise Refusal("proxy_what")
    message = turn.message
    register_words(turn, turn.args, turn.sender, message.message_id, message.files, proxy=turn.sender)


def by_line(turn: Turn) -> None:
    """All in one line; where the unit is not clear it is asked for, privately."""
    entry = read_entry(turn)
    if not any(c.isalpha() for c in entry.text):
        raise Refusal("proxy_what")
    unit = unit_meant(turn, turn.args)
    if unit is not None:
        enter(turn, entry, unit)
    elif turn.chat.private:
        ask_for_unit(turn, entry)
    else:
        raise Refusal("proxy_which_unit", units=listed(turn, [u.name for u in units_to_enter(turn)]))
