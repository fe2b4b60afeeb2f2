"""What each question of the dialogue offers, how its answer is read, and what has been said so far."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from handlers.proxy.callers import find_phone
from handlers.proxy.channels import IN_PERSON, channel_called, channel_word, channels
from handlers.proxy.entry import Entry
from handlers.proxy.moments import happened
from handlers.proxy.where import unit_meant, units_to_enter
from handlers.turn import Refusal, Turn
from handlers.wording import clip, listed, when
from models.drafts import Draft, draft_in
from models.messages import Attachment, Sender
from models.units import Unit

MAY_SKIP = frozenset({"name", "phone", "happened_at"})


def entry_of(draft: Draft) -> Entry:
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


def unit_of(turn: Turn, draft: Draft) -> Unit | None:
    pressed = draft.answers.get("unit")
    if pressed:
        return next((u for u in units_to_enter(turn) if u.id == pressed), None)
    return unit_meant(turn, draft.answers.get("text", ""))


def shown(turn: Turn, draft: Draft) -> dict[str, str]:
    """What the last look shows."""
    entry, line = entry_of(draft), turn.texts.line
    unit = unit_of(turn, draft)
    return {
        "channel": channel_word(turn, entry.channel),
        "who": (entry.name or line("nameless")) + (line("tell_phone", phone=entry.phone) if entry.phone else ""),
        "text": clip(entry.text),
        "moment": line("enter_moment", at=when(turn, entry.happened_at)) if entry.happened_at else "",
        "unit": unit.name if unit else "",
        "channels": listed(turn, channels(turn).values()),
    }


def offers(turn: Turn, step: str) -> list[tuple[str, str]]:
    """(label, value) of what can be pressed."""
    if step == "channel":
        return [(word, str(i)) for i, word in enumerate(channels(turn).values())]
    if step == "unit":
        return [(u.name, str(u.id)) for u in units_to_enter(turn)]
    if step == "sure":
        return [(turn.texts.line("button_ask_yes"), "yes")]
    return [(turn.texts.line("button_skip"), "skip")] if step in MAY_SKIP else []


def chosen(turn: Turn, step: str, value: str) -> dict[str, Any]:
    """The answer behind a button."""
    if value not in [v for _, v in offers(turn, step)]:
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
    found = happened(text, turn.policy.local(turn.said_at))
    return {"text": text} | ({"happened_at": found.at.isoformat()} if found else {})


def _read_moment(turn: Turn, text: str) -> dict[str, Any]:
    found = happened(text, turn.policy.local(turn.said_at))
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
