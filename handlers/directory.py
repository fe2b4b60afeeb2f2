"""Whom to ask, what to write, and which numbers stand in the configuration: /who /help /id."""

from handlers.duty.roster import OnDuty, read_roster
from handlers.duty.telling import duty_name
from handlers.rights import is_member, may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import role_word
from models.messages import Incoming
from models.people import ON_DUTY, holders
from models.units import Unit

router = Router()


@router.command("who", "谁负责")
def who(turn: Turn) -> None:
    """Who is responsible here, and who is above. Names only: a question calls nobody."""
    units = [turn.chat.unit] if turn.chat.unit else [p.unit for p in (turn.known.held() if turn.known else [])]
    turn.outcome.became("command")
    if not units:
        raise Refusal("which_group" if turn.chat.private else "unbound")
    turn.answer(turn.texts.segments("plain", text="\n\n".join(_who_text(turn, u) for u in dict.fromkeys(units))))


@router.command("id", "看编号")
def ids(turn: Turn) -> None:
    """The channel's own numbers, for config.toml."""
    key = "id_private" if turn.chat.private else "id_group"
    says = turn.texts.line(key, chat=turn.event.chat_id, person=turn.event.sender.id or "?")
    quoted = turn.event.reply_to if isinstance(turn.event, Incoming) else None
    if quoted is not None and quoted.sender is not None:
        says += turn.texts.line("id_replied", other=quoted.sender.id or "?")
    turn.outcome.became("command")
    turn.answer(turn.texts.segments("plain", text=says))


@router.command("help", "帮助")
def help_(turn: Turn) -> None:
    """As much as concerns the asker."""
    lines = turn.policy.hotlines.model_dump()
    text = turn.texts.line("help_resident", **lines)
    units = [p.unit for p in (turn.known.held() if turn.known else [])]
    if any(is_member(turn.known, u) for u in units):
        text += turn.texts.line("help_member")
    if any(may_run(turn.known, u) for u in units):
        text += turn.texts.line("help_staff")
    turn.outcome.became("command")
    turn.answer(turn.texts.segments("plain", text=text))


def _who_text(turn: Turn, unit: Unit) -> str:
    line = turn.texts.line
    lines = [line("who_head", unit=unit.name)]
    own = holders(turn.session, unit, *ON_DUTY, "building_contact")
    staff = turn.chat.kind == "staff" or (turn.chat.private and is_member(turn.known, unit))
    roster = read_roster(turn, unit)
    for p in own:
        there = roster.present(OnDuty(p.person, unit, p.role), turn.now) or OnDuty(p.person, unit, p.role)
        phone = f" {there.person.phone}" if there.person.phone and staff else ""  # residents call by @ or here
        lines.append(line("who_line", role=role_word(turn, p.role), name=duty_name(turn, there), phone=phone))
    if not any(p.role == "grid_member" for p in own):
        lines.append(line("who_none"))
    for above in unit.above():
        for p in holders(turn.session, above, "cadre", "supervisor"):
            lines.append(line("who_above", unit=above.name, role=role_word(turn, p.role), name=p.person.name))
    return "".join(lines)
