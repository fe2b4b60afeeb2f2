"""Private chat is an intake too: nothing of what is said there reaches the group; number, who and by when do come."""

from dataclasses import asdict
from datetime import timedelta

from handlers.cards import HUSHED, advice
from handlers.desk import Buttons, Envelope
from handlers.intake import Report, open_ticket
from handlers.interest import charged
from handlers.joining import alike, another
from handlers.router import Router
from handlers.said import Said
from handlers.turn import Refusal, Turn
from handlers.whereabouts import may_live_in, named_among, offered
from handlers.wording import assignee_name, clip, when_full
from models.drafts import Draft, draft_in, drop_draft
from models.matters import open_reported, tickets_of
from models.messages import Attachment, Ground, Incoming, Speaker, Verdict
from models.posts import Button
from models.tickets import Ticket
from models.units import Unit, landmarks_around

router = Router()

KEPT = timedelta(hours=1)
YES, NONE = "yes", "none"


def own_matters(turn: Turn) -> list[Ticket]:
    """What short words without a reply may be about here: 好了, 没好 and 还没人来 of who reported them."""
    if turn.verdict.speech is None or turn.verdict.decision == "open" or turn.known is None:
        return []
    since = turn.said_at - timedelta(days=turn.policy.limits.confirm_days)
    mine = [t for t in tickets_of(turn.session, turn.known, since=since) if t.reporter_id == turn.known.id]
    return [t for t in mine if t.is_open or t.state == "settled"]


def told_before(turn: Turn) -> Ticket | None:
    """The sender's own open matter that the line goes on about: told here a moment ago, or in like words."""
    mine = [t for t in open_reported(turn.session, turn.sender) if t.chat_id == turn.chat.id and t.about_id is None]
    since = turn.said_at - timedelta(minutes=turn.policy.limits.join_minutes)
    verdict = turn.verdict
    for ticket in reversed(mine):
        just_told = ticket.opened_at >= since and (verdict.decision == "ignore" or not another(ticket, verdict))
        again = verdict.decision != "ignore" and alike(ticket.text, turn.words) and not another(ticket, verdict)
        if (just_told or again) and (ticket.urgent or not verdict.urgent):
            return ticket
    return None


def take_in_private(turn: Turn) -> bool:
    """Open what reports an issue, ask the sender about what may be one; False when it is neither."""
    if (draft := _waiting(turn)) and (unit := named_among(may_live_in(turn), turn.words)):
        _open_draft(turn, draft, unit)
        return True
    if turn.verdict.decision == "ignore" or not turn.words:
        return False
    turn.outcome.became("asked")
    units = may_live_in(turn)
    draft = _keep(turn)
    if turn.verdict.decision == "ask" and not turn.verdict.urgent:
        _ask(turn, draft, "sure")
    elif unit := named_among(units, turn.words):
        _open_draft(turn, draft, unit)
    else:
        _warn_first(turn)
        _ask(turn, draft, "unit")
    return True


def say_opened(turn: Said, ticket: Ticket) -> None:
    """The receipt: number, who, by when; in danger first what to do."""
    urgent = ticket.urgent and ticket.emergency not in HUSHED
    values = {"number": ticket.number, "assignee": assignee_name(turn, ticket), "due": when_full(turn, ticket.due_at)}
    key = "private_opened_urgent" if urgent else "private_opened"
    how = Envelope(ticket_id=ticket.id)
    turn.write(turn.chat, turn.texts.segments(key, advice=advice(turn, ticket), **values), how)


@router.press("mine")
def answered(turn: Turn) -> None:
    """mine:ID:yes, mine:ID:none, mine:ID:<unit>."""
    draft = _waiting(turn)
    if draft is None or turn.command is None or draft.id != turn.command.number:
        raise Refusal("stale_button")
    said = turn.args
    if said == NONE:
        drop_draft(turn.session, turn.chat)
        turn.say("asked_no" if draft.step == "sure" else "which_group")
    elif said == YES and draft.step == "sure":
        _sure(turn, draft)
    else:
        unit = next((u for u in may_live_in(turn) if str(u.id) == said), None)
        if unit is None:
            raise Refusal("stale_button")
        _open_draft(turn, draft, unit)
        turn.say("enter_noted")


def _sure(turn: Turn, draft: Draft) -> None:
    turn.say("enter_noted")
    if unit := named_among(may_live_in(turn), draft.answers["text"]):
        _open_draft(turn, draft, unit)
    else:
        _ask(turn, draft, "unit")


def _waiting(turn: Turn) -> Draft | None:
    draft = draft_in(turn.session, turn.chat)
    return draft if draft and draft.kind == "private" and draft.next_at is not None else None


def _keep(turn: Turn) -> Draft:
    """The line as it came, for an hour at most."""
    drop_draft(turn.session, turn.chat)
    message = turn.message
    said = {
        "text": turn.words,
        "message_id": message.message_id,
        "files": [asdict(f) for f in message.files],
    }
    draft = Draft(chat=turn.chat, kind="private", step="unit", answers=said, started_at=turn.now)
    turn.session.add(draft)
    turn.session.flush()
    return draft


def _ask(turn: Turn, draft: Draft, step: str) -> None:
    draft.step, draft.next_at = step, turn.now + KEPT
    says = turn.texts.segments(f"private_{step}", text=clip(turn.reader.mask(draft.answers["text"])))
    turn.write(turn.chat, says, Envelope(buttons=_buttons(turn, draft), expires_at=draft.next_at))


def _buttons(turn: Turn, draft: Draft) -> Buttons:
    line = turn.texts.line
    if draft.step == "sure":
        yes = Button(line("button_ask_yes"), f"mine:{draft.id}:{YES}")
        return ((yes, Button(line("button_ask_no"), f"mine:{draft.id}:{NONE}")),)
    rows = [(Button(u.name, f"mine:{draft.id}:{u.id}"),) for u in offered(may_live_in(turn))]
    return (*rows, (Button(line("button_which_none"), f"mine:{draft.id}:{NONE}"),))


def _warn_first(turn: Turn) -> None:
    """Danger does not wait until we know the grid."""
    if turn.verdict.urgent:
        lines = turn.policy.hotlines.model_dump()
        turn.write(turn.chat, turn.texts.segments("private_danger", **lines), Envelope(kind="ping"))


def _open_draft(turn: Turn, draft: Draft, unit: Unit) -> None:
    """One ticket for each problem of the line; read again with the names that this neighbourhood has for its places."""
    said = draft.answers
    verdict = _read_again(turn, said["text"], unit)
    files = tuple(Attachment(**f) for f in said["files"])
    drop_draft(turn.session, turn.chat)
    for problem in (verdict, *verdict.also):
        text = turn.reader.mask(problem.part or said["text"])
        report = Report(text, turn.sender, problem, said["message_id"], files=files, unit=unit)
        ticket = open_ticket(turn, turn.chat, charged(turn, report, said["text"]))
        turn.outcome.became("opened", ticket)
        say_opened(turn, ticket)


def _read_again(turn: Turn, text: str, unit: Unit) -> Verdict:
    ground = Ground(landmarks=landmarks_around(turn.session, unit))
    verdict = turn.reader.judge(text, Speaker(photo=_pictured(turn)), ground)
    return verdict if verdict.decision == "open" else turn.reader.insist(text, ground)


def _pictured(turn: Turn) -> bool:
    return isinstance(turn.event, Incoming) and any(f.kind in ("photo", "video") for f in turn.event.files)
