"""The same step by step in private chat: channel, who, number, matter, when, and a last look. Kept in a row."""

import re
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from handlers.desk import Buttons, Desk, Envelope
from handlers.proxy.answers import READ, chosen, entry_of, offers, shown, unit_of
from handlers.proxy.entry import Entry
from handlers.proxy.opening import enter
from handlers.router import Router
from handlers.turn import Refusal, Turn
from models.drafts import Draft, draft_in, drop_draft, take_due_draft
from models.letters import Letter
from models.messages import Press
from models.posts import Button

router = Router()

KEPT = timedelta(hours=1)
STEPS = ("channel", "name", "phone", "text", "happened_at", "unit", "sure")
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
    draft.answers = {**draft.answers, **chosen(turn, step, value)}
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
    says = turn.texts.segments(f"enter_{step}", **shown(turn, draft))
    letter = turn.write(turn.chat, says, Envelope(buttons=_buttons(turn, draft), expires_at=draft.next_at))
    draft.answers = {**draft.answers, "letter": letter.id if letter else None}
    if isinstance(turn.event, Press):
        turn.say("enter_noted")


def _known(turn: Turn, draft: Draft, step: str) -> bool:
    """The unit is asked for only where words and posts leave it open."""
    return step == "unit" and unit_of(turn, draft) is not None


def _finish(turn: Turn, draft: Draft) -> None:
    entry, unit = entry_of(draft), unit_of(turn, draft)
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
        turn.rewrite(letter, turn.texts.segments(f"enter_{draft.step}", **shown(turn, draft)), ())


def _buttons(turn: Turn, draft: Draft) -> Buttons:
    made = [Button(label, f"enter:{draft.id}:{draft.step}.{value}") for label, value in offers(turn, draft.step)]
    rows = [tuple(made[i : i + IN_A_ROW]) for i in range(0, len(made), IN_A_ROW)]
    return (*rows, (Button(turn.texts.line("button_cancel"), f"enter:{draft.id}:cancel"),))
