"""What happens with a message that is no command: the order in which it is understood."""

from handlers.about import just_spoken_of, meant_by
from handlers.acts import act
from handlers.asking import ask
from handlers.intake import take_in
from handlers.joining import (
    add,
    another,
    apart,
    attach_quietly,
    follow,
    keep,
    only_meant,
    other_thing,
    own_matter,
    pictured_ticket,
    same_matter,
)
from handlers.rights import may
from handlers.turn import Turn
from models.tickets import Ticket

SUBSTANCE = 4  # letters that a remark must have to be worth keeping


def listen(turn: Turn) -> None:
    """A line in a residents' group: an answer about a ticket, more about one, a new issue, or nothing of ours."""
    sender = turn.message.sender
    if sender.kind != "user" or sender.id is None:
        return  # anonymous admins and channel posts are notices
    if pictured := pictured_ticket(turn):
        attach_quietly(turn, pictured)
    elif replied := [t for t in turn.replied() if may("see", turn.known, turn.chat, t)]:
        _about(turn, replied)
    elif not _short_word(turn):
        _report(turn)


def _about(turn: Turn, tickets: list[Ticket]) -> None:
    """A reply to the card or to a message of the ticket; a message with two problems has two."""
    if act(turn, tickets):
        return
    ticket = next((t for t in tickets if t.is_open), tickets[-1])
    if turn.verdict.decision != "ignore" and apart(ticket, turn.verdict):
        _report(turn)
    elif _says_more(turn, ticket):
        add(turn, ticket)
    elif meant_by(turn, tickets) is ticket:
        keep(turn, ticket)


def _says_more(turn: Turn, ticket: Ticket) -> bool:
    """A photo, voice or video in reply belongs to the ticket; so does what its reporter or another issue line adds."""
    issue = ticket.is_open and turn.verdict.decision != "ignore"
    return bool(turn.message.files) or issue or (turn.reported(ticket) and any(c.isalnum() for c in turn.message.text))


def _short_word(turn: Turn) -> bool:
    """好了, 没好, +1, 还没人来 without a reply: only when they can mean but one ticket. False: it did nothing."""
    said = turn.verdict.speech
    if said is None:
        return False
    meant, verdict = _meant(turn, said), turn.verdict
    fits = meant is not None and (verdict.decision == "ignore" or not another(meant, verdict))
    return meant is not None and fits and act(turn, [meant])


def _meant(turn: Turn, said: str) -> Ticket | None:
    if named := turn.named_in(turn.message.text):
        return named[0]
    if said in ("confirmed", "unsolved") and (settled := own_matter(turn, "settled")):
        return settled
    if said == "confirmed":
        return own_matter(turn, "open", "taken")
    if said in ("chase", "unsolved"):
        return own_matter(turn, "open", "taken") or only_meant(turn)
    return only_meant(turn) if said == "metoo" else None


def _report(turn: Turn) -> None:
    """A new issue, the same one again, a question to the member, or chatter."""
    verdict = turn.verdict
    if verdict.decision == "ignore":
        _remark(turn)
        return
    ticket = same_matter(turn, verdict) or _told_again(turn)
    if ticket is not None and not verdict.also:
        follow(turn, ticket)
        add(turn, ticket)
    elif verdict.decision == "open" or verdict.urgent:
        take_in(turn)
    else:
        ask(turn)


def _told_again(turn: Turn) -> Ticket | None:
    """The open ticket that a report in other words is about. Danger never hides in a ticket that is not urgent."""
    ticket, verdict = meant_by(turn), turn.verdict
    if ticket is None or not ticket.is_open or another(ticket, verdict) or other_thing(turn, ticket, verdict):
        return None
    return ticket if ticket.urgent or not verdict.urgent else None


def _remark(turn: Turn) -> None:
    """No issue of its own: a word about one that is known is kept with it, silently; anything else is chatter."""
    ticket = meant_by(turn) if turn.verdict.speech or _has_substance(turn.message.text) else None
    if ticket is None:
        return
    if turn.verdict.speech not in ("metoo", "chase"):
        keep(turn, ticket)
    elif only_meant(turn) is ticket or just_spoken_of(turn, ticket):  # of two, nobody knows which
        act(turn, [ticket])


def _has_substance(text: str) -> bool:
    """谢谢, 好的 and 收到 say nothing of a matter."""
    return sum(c.isalnum() for c in text) >= SUBSTANCE
