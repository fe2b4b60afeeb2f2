"""What happens with a message that is no command: the order in which it is understood."""

from handlers.asking import ask
from handlers.confirm import confirm, is_reporter, reopen
from handlers.intake import take_in
from handlers.joining import add, album_ticket, chase, follow, only_meant, own_matter, same_matter
from handlers.resolve import close, take_on
from handlers.rights import may
from handlers.turn import Turn
from models.tickets import Ticket


def listen(turn: Turn) -> None:
    """A line in a residents' group: an answer about a ticket, more about one, a new issue, or nothing of ours."""
    ticket = album_ticket(turn)
    if ticket is not None:
        add(turn, ticket)
        return
    replied = [t for t in turn.replied() if may("see", turn.known, turn.chat, t)]
    if replied:
        _about(turn, replied[-1])
        return
    if turn.message.sender.kind != "user" or turn.message.sender.id is None:
        return
    if not _short_word(turn):
        _report(turn)


def _about(turn: Turn, ticket: Ticket) -> None:
    """A reply to the card or to a message of the ticket."""
    said = turn.verdict.speech
    if may("settle", turn.known, turn.chat, ticket) and _member_word(turn, ticket):
        return
    if is_reporter(turn, ticket) and said in ("confirmed", "done") and ticket.state != "confirmed":
        _confirmed(turn, ticket)
    elif is_reporter(turn, ticket) and said in ("unsolved", "chase") and ticket.state == "settled":
        reopen(turn, ticket, turn.texts.line("not_solved"))
        turn.outcome.became("joined", ticket)
    elif ticket.is_open and said in ("chase", "unsolved"):
        chase(turn, ticket)
    elif ticket.is_open and said == "metoo":
        _count_in(turn, ticket)
    elif _says_more(turn, ticket):
        add(turn, ticket)


def _says_more(turn: Turn, ticket: Ticket) -> bool:
    """A photo, voice or video in reply belongs to the ticket; so does what its reporter or another issue line adds."""
    own = turn.known is not None and ticket.reporter_id == turn.known.id
    issue = ticket.is_open and turn.verdict.decision != "ignore"
    return bool(turn.message.attachments) or issue or (own and bool(turn.message.text.strip()))


def _member_word(turn: Turn, ticket: Ticket) -> bool:
    """已处理 / 修好了 from a responsible person settles; 收到 / 马上去 takes, without a line in the group."""
    if turn.verdict.speech in ("done", "confirmed") and ticket.is_open:
        close(turn, ticket, turn.message.text)
        turn.outcome.became("joined", ticket)
        return True
    if turn.verdict.speech == "take" and ticket.state == "open":
        take_on(turn, ticket)
        turn.outcome.became("joined", ticket)
        return True
    return False


def _short_word(turn: Turn) -> bool:
    """好了, 没好, +1, 还没人来 without a reply: only when they can mean but one ticket."""
    said = turn.verdict.speech
    if said == "confirmed" and (ticket := own_matter(turn, "settled") or own_matter(turn, "open", "taken")):
        _confirmed(turn, ticket)
        return True
    if said == "unsolved" and (ticket := own_matter(turn, "settled")):
        reopen(turn, ticket, turn.texts.line("not_solved"))
        turn.outcome.became("joined", ticket)
        return True
    if said in ("chase", "unsolved") and (ticket := own_matter(turn, "open", "taken") or only_meant(turn)):
        chase(turn, ticket)
        return True
    if said == "metoo" and (ticket := only_meant(turn)):
        _count_in(turn, ticket)
        return True
    return said is not None and turn.verdict.decision == "ignore"


def _report(turn: Turn) -> None:
    """A new issue, the same one again, a question to the member, or chatter."""
    verdict = turn.verdict
    if verdict.decision == "ignore":
        return
    ticket = same_matter(turn, verdict)
    if ticket is not None and not verdict.also:
        follow(turn, ticket)
        add(turn, ticket)
    elif verdict.decision == "open" or verdict.urgent:
        take_in(turn)
    else:
        ask(turn)


def _confirmed(turn: Turn, ticket: Ticket) -> None:
    confirm(turn, ticket)
    turn.outcome.became("joined", ticket)


def _count_in(turn: Turn, ticket: Ticket) -> None:
    follow(turn, ticket)
    add(turn, ticket)
