"""Short words about a matter already known, and what they do: 已处理, 收到, 好了, 没好, 还没人来, 我家也是."""

from handlers.additions import add, chase, keep
from handlers.answering import agree, still_bad
from handlers.confirm import confirm, reopen
from handlers.households import follow
from handlers.resolve import close, take_on
from handlers.rights import may
from handlers.turn import Refusal, Turn
from handlers.wording import when
from models.messages import Speech
from models.pointers import point
from models.tickets import Ticket

GOOD = ("confirmed", "done")  # words
DONE = ("settled", "confirmed")  # states


def act(turn: Turn, tickets: list[Ticket]) -> bool:
    """Do what the words say to the ticket that they are about; False when they say nothing of the kind."""
    done = [t for t in tickets if applies(turn, t)]
    if not done:
        return False
    if len(done) > 1:
        raise Refusal("which_ticket", example=turn.texts.line("example_done", number=done[0].number))
    ticket = done[0]
    _do(turn, ticket)
    point(turn.session, ticket, turn.chat, turn.message.message_id, "added")  # an edit of the word does nothing again
    turn.outcome.became("joined", ticket)
    return True


def applies(turn: Turn, ticket: Ticket) -> bool:
    """Would these words do something to the ticket?"""
    words = (_members_word, _reporters_word, _answers_for_own_household, _neighbours_word)
    return any(word(turn, ticket) for word in words)


def _do(turn: Turn, ticket: Ticket) -> None:
    said = turn.verdict.speech
    if _members_word(turn, ticket):
        _settle_or_take(turn, ticket)
    elif _reporters_word(turn, ticket):
        _confirm_or_reopen(turn, ticket)
    elif not _answers_for_own_household(turn, ticket):
        _chase_or_join(turn, ticket)
    elif said in GOOD:
        agree(turn, ticket)
    else:
        still_bad(turn, ticket)


def _members_word(turn: Turn, ticket: Ticket) -> bool:
    """已处理 / 修好了 from a responsible person settles; 收到 / 马上去 takes."""
    if not may("settle", turn.known, turn.chat, ticket):
        return False
    said = turn.verdict.speech
    return (said in GOOD and ticket.is_open) or (said == "take" and ticket.state == "open")


def _reporters_word(turn: Turn, ticket: Ticket) -> bool:
    """好了 / 修好了 closes or confirms one's own; 没好 / 又漏了 / 没人来 takes it up again."""
    if not may("confirm", turn.known, turn.chat, ticket):
        return False
    said = turn.verdict.speech
    if said in GOOD:
        return ticket.is_open or ticket.state == "settled"
    return _bad(said, ticket)


def _bad(said: Speech | None, ticket: Ticket) -> bool:
    """Do the words say that what was settled is not?"""
    return (said == "unsolved" and ticket.state in DONE) or (said == "chase" and ticket.state == "settled")


def _answers_for_own_household(turn: Turn, ticket: Ticket) -> bool:
    """好了 and 没好 of who joined; 没好 also of a neighbour who answers the closing line."""
    said = turn.verdict.speech
    if may("answer", turn.known, turn.chat, ticket):
        return (said in GOOD and ticket.state in DONE) or _bad(said, ticket)
    neighbour = may("see", turn.known, turn.chat, ticket) and turn.speaker().role == "resident" and not ticket.private
    return said == "unsolved" and ticket.state in DONE and neighbour and ticket in turn.replied()


def _neighbours_word(turn: Turn, ticket: Ticket) -> bool:
    """还没人来 and 我家也是, from anybody who may see the matter."""
    may_hear = may("see_private" if ticket.private and turn.chat.private else "see", turn.known, turn.chat, ticket)
    return ticket.is_open and may_hear and turn.verdict.speech in ("chase", "unsolved", "metoo")


def _confirm_or_reopen(turn: Turn, ticket: Ticket) -> None:
    if turn.verdict.speech in GOOD:
        confirm(turn, ticket)
        turn.assure(ticket, "confirmed_toast", number=ticket.number)
    else:
        reopen(turn, ticket, turn.texts.line("not_solved"))


def _settle_or_take(turn: Turn, ticket: Ticket) -> None:
    if turn.verdict.speech == "take":
        take_on(turn, ticket)
        turn.assure(ticket, "taken", number=ticket.number, member=turn.sender.name, due=when(turn, ticket.due_at))
    else:
        close(turn, ticket, turn.words)


def _chase_or_join(turn: Turn, ticket: Ticket) -> None:
    if turn.verdict.speech == "metoo":
        say = add if follow(turn, ticket) else keep  # a second 我家也是 of the same person calls nobody
        say(turn, ticket)
    else:
        chase(turn, ticket)
