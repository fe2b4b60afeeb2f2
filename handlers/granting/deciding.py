"""The level above says ［同意］ or ［不同意］; what nobody decides in time lapses, and the limit runs on."""

import re
from datetime import datetime

from handlers.decide import void_as_asked
from handlers.desk import Desk
from handlers.granting.asking import letter_text, stands, write_letter
from handlers.granting.extension import extend
from handlers.granting.finishing import finish
from handlers.granting.levels import first_reached, grantors
from handlers.granting.returning import give_back
from handlers.granting.suspension import suspend
from handlers.granting.telling import kind_word, tell_person
from handlers.limits.terms import Term
from handlers.router import Router
from handlers.stamps import is_meant
from handlers.turn import Refusal, Turn
from handlers.wording import clip, when
from models.base import claim
from models.messages import Incoming
from models.requests import Request, letters_of, request_at, take_due_request

router = Router()

ANSWER = re.compile(r"(?:(?P<no>不同意|no)|同意|yes)(?:[\s，,。:：]+(?P<why>.*))?", re.S | re.I)


@router.press("grant")
@router.press("deny")
def pressed(turn: Turn) -> None:
    """A button under the letter."""
    assert turn.command is not None and turn.command.number is not None
    request = turn.session.get(Request, turn.command.number)
    if request is None or not is_meant(turn.args, request.at):
        raise Refusal("stale_button")
    decide(turn, request, granted=turn.command.name == "grant", why="")


def answered_in_words(turn: Turn) -> bool:
    """`不同意 理由` in reply to the letter. False: the words are about something else."""
    quoted = turn.event.reply_to if isinstance(turn.event, Incoming) else None
    found = ANSWER.fullmatch(turn.words.strip()) if quoted is not None and quoted.message_id else None
    if found is None or quoted is None or quoted.message_id is None:
        return False
    request = request_at(turn.session, turn.chat, quoted.message_id)
    if request is None:
        return False
    decide(turn, request, granted=found["no"] is None, why=turn.reader.mask((found["why"] or "").strip()))
    return True


def decide(turn: Turn, request: Request, *, granted: bool, why: str) -> None:
    """One decision, by somebody above; of two at the same moment the first counts."""
    ticket = request.ticket
    _refuse_who_may_not(turn, request)
    if request.decided_at is not None:
        raise Refusal("request_over" if request.granted is not None else "request_lapsed")
    if turn.now >= request.expires_at or not stands(request):
        raise Refusal("request_lapsed")
    if not claim(turn.session, request, "decided_at", turn.now):
        raise Refusal("request_over")
    request.granted, request.decided_by, request.next_at = granted, turn.sender, None
    kinds = kind_word(turn, request.kind)
    if granted:
        _grant(turn, request)
        _close_letters(turn, request, "request_agreed", member=turn.sender.name)
    else:
        asked = {"asked_by": request.by_id, "request": request.id}
        ticket.record(f"{request.kind}_refused", by=turn.sender, at=turn.now, note=why, **asked)
        _close_letters(turn, request, "request_denied", member=turn.sender.name)
    _tell_asker(turn, request, why)
    turn.outcome.became("command", ticket)
    if not (granted and request.kind == "void"):  # that says so itself
        turn.say("agreed_to" if granted else "denied", number=ticket.number, kind=kinds)


@router.step
def look_at_request(desk: Desk) -> bool:
    """Nobody decided: one reminder; at the end it lapses, and the ladder goes on as if it had not been asked."""
    request = take_due_request(desk.session, desk.now)
    if request is None:
        return False
    if desk.now >= request.expires_at or not stands(request):
        _lapse(desk, request)
    else:
        _remind(desk, request)
    return True


def _refuse_who_may_not(turn: Turn, request: Request) -> None:
    """Nobody decides their own, from whatever post; only somebody above those who have it."""
    if turn.known is None or not turn.known.held():  # a neighbour's made-up button learns nothing, not even that it is
        raise Refusal("stale_button")
    if turn.known.id == request.by_id:
        raise Refusal("request_own")
    if all(d.person is not turn.known for d in grantors(turn, request.ticket, request.kind, request.by)):
        raise Refusal("request_not_above")


def _grant(turn: Turn, request: Request) -> None:
    ticket, reason, details = request.ticket, request.reason, request.details
    if request.kind == "extend":
        extend(turn, ticket, Term.read(details["term"]), reason, request.by)
    elif request.kind == "suspend":
        suspend(turn, ticket, datetime.fromisoformat(details["until"]), reason, request.by)
    elif request.kind == "return":
        give_back(turn, ticket, reason, request.by)
    elif request.kind == "void":
        void_as_asked(turn, ticket, reason)
    else:
        finish(turn, ticket, reason, request.by)


def _tell_asker(turn: Turn, request: Request, why: str) -> None:
    ticket = request.ticket
    told = {"number": ticket.number, "kind": kind_word(turn, request.kind), "member": turn.sender.name}
    if request.granted:
        tell_person(turn, ticket, request.by, "request_granted", **told)
        return
    reason = turn.texts.line("request_why", why=clip(why)) if why else ""
    tell_person(turn, ticket, request.by, "request_refused", why=reason, due=_still_due(turn, request), **told)


def _still_due(desk: Desk, request: Request) -> str:
    ticket = request.ticket
    return desk.texts.line("request_still_due", due=when(desk, ticket.due_at)) if ticket.is_open else ""


def _close_letters(desk: Desk, request: Request, key: str, **values: object) -> None:
    """Every letter about it says what became of it, and has no buttons any more."""
    for letter in letters_of(desk.session, request):
        outcome = desk.texts.segments(key, **values)
        desk.rewrite(letter, (*letter_text(desk, request, letter.chat), *outcome), ())


def _remind(desk: Desk, request: Request) -> None:
    request.next_at = request.expires_at
    found = grantors(desk, request.ticket, request.kind, request.by)
    if reached := first_reached(desk, request.ticket, found):
        write_letter(desk, request, reached[1])


def _lapse(desk: Desk, request: Request) -> None:
    """Never a grant, never a refusal: nobody said anything."""
    if not claim(desk.session, request, "decided_at", desk.now):
        return
    ticket = request.ticket
    ticket.record(f"{request.kind}_lapsed", by=None, at=desk.now, asked_by=request.by_id, request=request.id)
    _close_letters(desk, request, "request_run_out")
    if ticket.is_open or request.kind == "finish":
        told = {"number": ticket.number, "kind": kind_word(desk, request.kind)}
        tell_person(desk, ticket, request.by, "request_unanswered", **told)
