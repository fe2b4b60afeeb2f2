"""Tying a group to its unit, what it is set to, and the bot's own coming and going."""

from handlers.appoint import has_started
from handlers.desk import Desk, Envelope
from handlers.planning import plan_chat
from handlers.rights import may_run
from handlers.router import Router
from handlers.tuning import show_tuning, tune
from handlers.turn import Refusal, Turn
from handlers.wording import listed, role_word
from models.chats import Chat
from models.codes import use_code
from models.delivery import drop_letters
from models.messages import Membership
from models.people import ON_DUTY, Post, find_identity, holders
from models.posts import Button
from models.units import Unit, unit_named

router = Router()


@router.command("setup", "绑定网格", text=True)
def setup(turn: Turn) -> None:
    """`绑定网格 CODE`, or the unit's name from somebody with a post there; alone: how things stand."""
    if turn.chat.private:
        raise Refusal("setup_where")
    turn.outcome.became("command")
    written, _, kind = turn.args.partition(" ")
    if not written:
        show_state(turn)
        return
    if tune(turn, written, kind.strip()):
        return
    unit = _own_unit(turn, written) or use_code(turn.session, written, turn.now)
    if unit is None:
        raise Refusal("code_wrong")
    turn.chat.unit, turn.chat.kind = unit, _kind(turn, kind.strip())
    setter = _give_post(turn, unit)
    plan_chat(turn, turn.chat)
    introduce(turn, turn.chat)
    turn.say("setup_done", unit=unit.name, kind=turn.texts.word("kinds", turn.chat.kind), setter=setter)


def show_state(turn: Turn) -> None:
    """The group's unit, and who on duty cannot be written to privately yet."""
    unit = turn.chat.unit
    if unit is None:
        raise Refusal("unbound")
    if not may_run(turn.known, unit):
        raise Refusal("staff_only")
    on_duty = [p.person for u in unit.ladder() for p in holders(turn.session, u, *ON_DUTY, "building_contact")]
    silent = [p.name for p in dict.fromkeys(on_duty) if not has_started(turn, p)]
    people = turn.texts.line("setup_all_started")
    if silent:
        people = turn.texts.line("setup_unstarted", names=listed(turn, silent))
    if not holders(turn.session, unit, "grid_member"):
        people += turn.texts.line("setup_need_member")
    buttons = ((Button(turn.texts.line("button_start"), start="hello"),),) if silent else ()
    kind = turn.texts.word("kinds", turn.chat.kind)
    turn.say("setup_state", Envelope(buttons=buttons), unit=unit.name, kind=kind, people=people + show_tuning(turn))


def come_or_go(desk: Desk, chat: Chat, event: Membership) -> None:
    """Added to a group: introduce ourselves, once. Thrown out, or blocked by a person: stop writing there, unless
    another bot of ours does.
    """
    if not event.present and chat.account not in ("", event.account):
        return
    if chat.private and (identity := find_identity(desk.session, event.channel, event.chat_id)):
        identity.started_at = (identity.started_at or desk.now) if event.present else None
    chat.present = event.present
    if not event.present:
        drop_letters(desk.session, chat)
    elif not chat.private:
        introduce(desk, chat)


def introduce(desk: Desk, chat: Chat) -> None:
    """What is stored, who sees it, how to delete it."""
    if chat.introduced_at is not None:
        return
    chat.introduced_at = desk.now
    says = desk.texts.segments("intro", **desk.policy.hotlines.model_dump())
    if chat.unit is None:
        says += desk.texts.segments("intro_unbound")
    desk.write(chat, says, Envelope(silent=desk.is_quiet(), dedupe=f"intro:{chat.id}"))


def _own_unit(turn: Turn, name: str) -> Unit | None:
    unit = unit_named(turn.session, name)
    return unit if may_run(turn.known, unit) else None


def _kind(turn: Turn, written: str) -> str:
    kinds = {word: kind for kind, word in turn.texts.table("kinds").items()}
    return kinds.get(written, written if written in kinds.values() else "residents")


def _give_post(turn: Turn, unit: Unit) -> str:
    """Whoever set the group up by code must be able to name its people."""
    if may_run(turn.sender, unit):
        return ""
    turn.session.add(Post(person=turn.sender, unit=unit, role="cadre", scope=[]))
    turn.session.flush()
    turn.session.refresh(turn.sender)
    return turn.texts.line("setup_setter", unit=unit.name, role=role_word(turn, "cadre"))
