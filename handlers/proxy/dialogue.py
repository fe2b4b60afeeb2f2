"""The same step by step in private chat: channel, who, number, matter, when, and a last look. Kept in a row."""

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from handlers.desk import Buttons, Desk, Envelope
from handlers.proxy.callers import find_phone
from handlers.proxy.channels import IN_PERSON, channel_called, channel_word, channels
from handlers.proxy.entry import Entry
from handlers.proxy.moments import happened
from handlers.proxy.opening import enter
from handlers.proxy.where import unit_meant, units_to_enter
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import clip, listed, when
from models.drafts import Draft, draft_in, drop_draft, take_due_draft
from models.letters import Letter
from models.messages import Attachment, Press, Sender
from models.posts import Button
from models.units import Unit

router = Router()

KEPT = timedelta(hours=1)
STEPS = ("channel", "name", "phone", "text", "happened_at", "unit", "sure")
MAY_SKIP = frozenset({"name", "phone", "happened_at"})
CANCEL = re.compile("(?:取消|算了|不报了|退出|/?cancel)[。.!！]?")
IN_A_ROW = 3


def begin(turn: Turn) -> None:
    """Ask the first question; an older draft is gone."""
    _go_on(turn, _fresh(turn, {}))


def ask_for_unit(turn: Turn, entry: Entry) -> None:
    """The line said everything but in which of their grids it is."""
    said = {"channel": entry.channel, "name": entry.name, "phone": entry.phone, "text": entry.text}
    moment = entry.happened_at.isoformat() if entry.happened_at else ""
    member = asdict(entry.member) if entry.member else None
    files = [asdict(f) for f in entry.files]
    _go_on(turn, _fresh(turn, {**said, "happened_at": moment, "member": member, "files": files, "sure": True}))


def go_on_with(turn: Turn) -> bool:
    """A line in private chat answers the question that stands open; False when none does."""
    draft = draft_in(turn.session, turn.chat)
    if draft is None or draft.kind != "proxy" or draft.next_at is None:
        return False
    turn.outcome.became("command")
    if CANCEL.fullmatch(turn.words):
        _cancel(turn)
        return True
    answers = dict(draft.answers)
    if turn.message.files:
        answers["files"] = [*answers.get("files", []), *(asdict(f) for f in turn.message.files)]
    if turn.words:
        answers |= READ[draft.step](turn, turn.words)
    draft.answers = answers
    _go_on(turn, draft)
    return True


@router.press("enter")
def pressed(turn: Turn) -> None:
    """enter:ID:step.value."""
    draft = draft_in(turn.session, turn.chat)
    step, _, value = turn.args.partition(".")
    if draft is None or turn.command is None or draft.id != turn.command.number or draft.next_at is None:
        raise Refusal("stale_button")
    if step == "cancel":
        _cancel(turn)
        return
    if step != draft.step or draft.kind != "proxy":
        raise Refusal("stale_button")
    draft.answers = {**draft.answers, **_chosen(turn, step, value)}
    _go_on(turn, draft)


@router.step
def let_one_lapse(desk: Desk) -> bool:
    """Nobody went on with it for an hour: it goes, without a word."""
    draft = take_due_draft(desk.session, desk.now)
    if draft is not None:
        desk.session.delete(draft)
    return draft is not None


def _fresh(turn: Turn, answers: dict[str, Any]) -> Draft:
    drop_draft(turn.session, turn.chat)
    draft = Draft(chat=turn.chat, kind="proxy", step="", answers=answers, started_at=turn.now)
    turn.session.add(draft)
    return draft


def _go_on(turn: Turn, draft: Draft) -> None:
    """The next question, or the ticket when nothing is open any more."""
    _strip_buttons(turn, draft)
    step = next((s for s in STEPS if s not in draft.answers and not _known(turn, draft, s)), None)
    if step is None:
        _finish(turn, draft)
        return
    draft.step, draft.next_at = step, turn.now + KEPT
    turn.session.flush()
    says = turn.texts.segments(f"enter_{step}", **_shown(turn, draft))
    letter = turn.write(turn.chat, says, Envelope(buttons=_buttons(turn, draft), expires_at=draft.next_at))
    draft.answers = {**draft.answers, "letter": letter.id if letter else None}
    if isinstance(turn.event, Press):
        turn.say("enter_noted")


def _known(turn: Turn, draft: Draft, step: str) -> bool:
    """The unit is asked for only where words and posts leave it open."""
    return step == "unit" and _unit(turn, draft) is not None


def _finish(turn: Turn, draft: Draft) -> None:
    entry, unit = _entry(draft), _unit(turn, draft)
    if unit is None:
        raise Refusal("staff_only")
    drop_draft(turn.session, turn.chat)
    ticket = enter(turn, entry, unit)
    if isinstance(turn.event, Press):
        turn.say("proxy_done", number=ticket.number)


def _cancel(turn: Turn) -> None:
    if draft := draft_in(turn.session, turn.chat):
        _strip_buttons(turn, draft)
    drop_draft(turn.session, turn.chat)
    turn.say("enter_cancelled")


def _strip_buttons(turn: Turn, draft: Draft) -> None:
    """An answered question offers nothing any more."""
    number = draft.answers.get("letter")
    letter = turn.session.get(Letter, number) if number else None
    if letter is not None:
        turn.rewrite(letter, turn.texts.segments(f"enter_{draft.step}", **_shown(turn, draft)), ())


def _entry(draft: Draft) -> Entry:
    said = draft.answers
    moment, member = said.get("happened_at"), said.get("member")
    return Entry(
        channel=said.get("channel") or IN_PERSON,
        name=said.get("name") or "",
        phone=said.get("phone") or "",
        text=said.get("text") or "",
        happened_at=datetime.fromisoformat(moment) if moment else None,
        member=Sender(**member) if member else None,
        files=tuple(Attachment(**f) for f in said.get("files", [])),
    )


def _unit(turn: Turn, draft: Draft) -> Unit | None:
    chosen = draft.answers.get("unit")
    if chosen:
        return next((u for u in units_to_enter(turn) if u.id == chosen), None)
    return unit_meant(turn, draft.answers.get("text", ""))


def _shown(turn: Turn, draft: Draft) -> dict[str, str]:
    """What the last look shows."""
    entry, line = _entry(draft), turn.texts.line
    unit = _unit(turn, draft)
    return {
        "channel": channel_word(turn, entry.channel),
        "who": (entry.name or line("nameless")) + (line("tell_phone", phone=entry.phone) if entry.phone else ""),
        "text": clip(entry.text),
        "moment": line("enter_moment", at=when(turn, entry.happened_at)) if entry.happened_at else "",
        "unit": unit.name if unit else "",
        "channels": listed(turn, channels(turn).values()),
    }


def _buttons(turn: Turn, draft: Draft) -> Buttons:
    offers = _offers(turn, draft.step)
    made = [Button(label, f"enter:{draft.id}:{draft.step}.{value}") for label, value in offers]
    rows = [tuple(made[i : i + IN_A_ROW]) for i in range(0, len(made), IN_A_ROW)]
    return (*rows, (Button(turn.texts.line("button_cancel"), f"enter:{draft.id}:cancel"),))


def _offers(turn: Turn, step: str) -> list[tuple[str, str]]:
    """(label, value) of what can be pressed."""
    if step == "channel":
        return [(word, str(i)) for i, word in enumerate(channels(turn).values())]
    if step == "unit":
        return [(u.name, str(u.id)) for u in units_to_enter(turn)]
    if step == "sure":
        return [(turn.texts.line("button_ask_yes"), "yes")]
    return [(turn.texts.line("button_skip"), "skip")] if step in MAY_SKIP else []


def _chosen(turn: Turn, step: str, value: str) -> dict[str, Any]:
    """The answer behind a button."""
    if value not in [v for _, v in _offers(turn, step)]:
        raise Refusal("stale_button")
    if step == "channel":
        return {step: list(channels(turn))[int(value)]}
    if step == "unit":
        return {step: int(value)}
    return {step: True if step == "sure" else ""}


def _read_channel(turn: Turn, text: str) -> dict[str, Any]:
    found = channel_called(turn, text)
    if found is None:
        raise Refusal("enter_channels", channels=listed(turn, channels(turn).values()))
    return {"channel": found}


def _read_name(turn: Turn, text: str) -> dict[str, Any]:
    """王奶奶 13800001111 answers two questions."""
    found = find_phone(text)
    if found is None:
        return {"name": clip(text, 24)}
    before, phone, after = found
    name = " ".join(f"{before} {after}".split()).strip(" ,，、")
    return {"name": clip(name, 24), "phone": phone} if name else {"phone": phone}


def _read_phone(turn: Turn, text: str) -> dict[str, Any]:
    found = find_phone(text)
    if found is None:
        raise Refusal("enter_phone_wrong")
    return {"phone": found[1]}


def _read_text(turn: Turn, text: str) -> dict[str, Any]:
    if not any(c.isalpha() for c in text):
        raise Refusal("enter_text_wrong")
    found = happened(text, turn.policy.local(turn.now))
    return {"text": text} | ({"happened_at": found.at.isoformat()} if found else {})


def _read_moment(turn: Turn, text: str) -> dict[str, Any]:
    found = happened(text, turn.policy.local(turn.now))
    if found is None:
        raise Refusal("enter_moment_wrong")
    return {"happened_at": found.at.isoformat()}


def _read_unit(turn: Turn, text: str) -> dict[str, Any]:
    found = unit_meant(turn, text)
    if found is None:
        raise Refusal("enter_unit_wrong", units=listed(turn, [u.name for u in units_to_enter(turn)]))
    return {"unit": found.id}


def _read_sure(turn: Turn, text: str) -> dict[str, Any]:
    """Anything but a press is more about the matter."""
    draft = draft_in(turn.session, turn.chat)
    return {"text": f"{draft.answers.get('text', '')} {text}".strip()} if draft else {}


READ: dict[str, Callable[[Turn, str], dict[str, Any]]] = {
    "channel": _read_channel,
    "name": _read_name,
    "phone": _read_phone,
    "text": _read_text,
    "happened_at": _read_moment,
    "unit": _read_unit,
    "sure": _read_sure,
}
