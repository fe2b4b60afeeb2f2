"""The card: one message in the group that is receipt, ping and notice board of a ticket."""

from handlers.desk import Buttons, Desk, Envelope
from handlers.passing.helpers import helping
from handlers.wording import assignee_mention, category_word, first_asked, what, when_full
from models.chats import Chat, private_chat
from models.letters import Letter
from models.messages import PRIVATE_CATEGORY, Verdict
from models.pointers import as_one
from models.posts import Button, Segment
from models.tickets import Ticket

HUSHED = frozenset({"crisis", "violence"})  # a private matter, whatever its class
ADVICE = frozenset({"fire", "gas", "electric", "lift", "medical", "crime", "missing", "collapse"})


def is_private(verdict: Verdict) -> bool:
    """Disputes (R3, R32), despair and violence at home, illness and money of a family leave the open group; danger that
    others must know of does not.
    """
    if verdict.urgent and verdict.emergency not in HUSHED:
        return verdict.category == PRIVATE_CATEGORY
    return verdict.private or verdict.category == PRIVATE_CATEGORY or verdict.emergency in HUSHED


def post_card(desk: Desk, ticket: Ticket, reply_to: str | None) -> None:
    """Post the card; without sound in quiet hours unless urgent. A private matter quotes nothing."""
    if ticket.chat.private:
        return
    how = Envelope(
        kind="ping",
        ticket_id=ticket.id,
        buttons=card_buttons(desk, ticket),
        thread_id=ticket.thread_id,
        reply_to=None if ticket.private else reply_to,
        silent=desk.is_quiet() and not ticket.urgent,
        dedupe=f"card:{ticket.number}",
    )
    letter = desk.write(ticket.chat, card_text(desk, ticket), how)
    if letter is not None:
        ticket.has_card(letter.id)


def kept_from_groups(ticket: Ticket) -> bool:
    """Despair and violence at home that somebody could be told of privately: no group reads that there is anything."""
    return ticket.emergency in HUSHED and (ticket.card_id is None or ticket.chat.private)


def tell_group(desk: Desk, ticket: Ticket, says: tuple[Segment, ...], how: Envelope) -> Letter | None:
    """A line where the matter was reported; none where it was called out of sight, for it would be a trace."""
    unseen = ticket.emergency in HUSHED and ticket.card_id is None and not ticket.chat.private
    return None if unseen else desk.write(ticket.chat, says, how)


def refresh_card(desk: Desk, ticket: Ticket) -> None:
    """Let the card say what is true now."""
    card = desk.session.get(Letter, ticket.card_id) if ticket.card_id else None
    if card is not None:
        desk.rewrite(card, card_text(desk, ticket), card_buttons(desk, ticket))


def reporter_chat(desk: Desk, ticket: Ticket) -> Chat | None:
    """Where the reporter can be written to alone; None while they have not pressed Start."""
    if ticket.reporter is None:
        return None
    return private_chat(desk.session, ticket.reporter, ticket.chat.channel, ticket.chat.account)


def card_text(desk: Desk, ticket: Ticket) -> tuple[Segment, ...]:
    values = {
        "number": ticket.number,
        "what": what(desk, ticket),
        "category": category_word(desk, ticket.category),
        "assignee": assignee_mention(desk, ticket),
        "first": first_asked(desk, ticket),
        "until": when_full(desk, ticket.pauses[-1].end) if ticket.state == "suspended" else "",
        "due": when_full(desk, ticket.due_at),
        "more": _households(desk, ticket) + helping(desk, ticket) + _caught_up(desk, ticket),
        "caught_up": _caught_up(desk, ticket),
        "advice": advice(desk, ticket),
        "into": as_one(ticket).number,
        **desk.policy.hotlines.model_dump(),
    }
    return desk.texts.segments(_card_key(ticket), **values)


def card_buttons(desk: Desk, ticket: Ticket) -> Buttons:
    if not ticket.is_open:
        return ()
    if ticket.private:
        return ((Button(desk.texts.line("button_private"), start=f"p{ticket.number}"),),)
    metoo = Button(desk.texts.line("button_metoo"), f"join:{ticket.number}")
    return ((metoo, Button(desk.texts.line("button_done"), f"done:{ticket.number}")),)


def advice(desk: Desk, ticket: Ticket) -> str:
    """Whom to call and what to do first. Never that anybody was called."""
    if ticket.emergency is None:
        return ""
    kind = ticket.emergency if ticket.emergency in ADVICE else "other"
    lines = desk.policy.hotlines.model_dump()
    unknown = "_no_number" if kind in ("gas", "lift") and not lines[kind] else ""
    return desk.texts.line(f"advice_{kind}{unknown}", **lines)


def _card_key(ticket: Ticket) -> str:
    if ticket.private:
        if ticket.state == "merged":
            return "card_private_merged"
        if not ticket.is_open:
            return "card_private_closed"
        return "card_private_urgent" if ticket.urgent else "card_private"
    if ticket.state in ("open", "taken") and ticket.urgent:
        return "card_urgent" if ticket.state == "open" else "card_urgent_taken"
    if ticket.state == "silent" and not ticket.lapsed:
        return "card_unanswered"
    return "card" if ticket.state == "open" else f"card_{ticket.state}"


def _caught_up(desk: Desk, ticket: Ticket) -> str:
    """补收: of a line that waited for us, when it was said."""
    return desk.texts.line("caught_up", at=when_full(desk, ticket.opened_at)) if ticket.caught_up else ""


def _households(desk: Desk, ticket: Ticket) -> str:
    return desk.texts.line("card_households", count=ticket.households) if ticket.households > 1 else ""
