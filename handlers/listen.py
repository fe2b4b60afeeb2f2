"""What happens with a message that is no command: the order in which it is understood."""

from itertools import islice

from handlers.about import just_spoken_of, meant_by
from handlers.acts import act, applies
from handlers.additions import add, attach_quietly, keep
from handlers.asking import ask, drop_answered, drop_settled
from handlers.households import follow
from handlers.intake import take_in
from handlers.interest import speaks_up
from handlers.joining import another, apart, other_thing, pictured_ticket, same_matter
from handlers.limits.first_word import note_first_word
from handlers.outbreaks import outbreak
from handlers.rights import may
from handlers.short import could_mean, lately_opened
from handlers.turn import Turn
from handlers.which import ask_which, chosen_before, spoke_of
from handlers.wishes import standing_wish
from models.tickets import Ticket

SUBSTANCE = 4  # letters that a remark must have to be worth keeping


def listen(turn: Turn) -> None:
    """A line in a residents' group: an answer about a ticket, more about one, a new issue, or nothing of ours."""
    sender = turn.message.sender
    if sender.kind != "user" or sender.id is None:
        return  # anonymous admins and channel posts are notices
    if speaks_up(turn):
        return
    if pictured := pictured_ticket(turn):
        attach_quietly(turn, pictured)
    elif replied := [t for t in turn.replied() if may("see", turn.known, turn.chat, t)]:
        about(turn, replied)
    elif known := outbreak(turn):
        join(turn, known)
    elif turn.verdict.wish or not _short_word(turn):  # 什么时候能有公交站 chases nobody
        _report(turn)


def about(turn: Turn, tickets: list[Ticket]) -> None:
    """A reply to the card or to a message of the ticket; a message with two problems has two."""
    spoke_of(turn, tickets)
    if _act_on_one(turn, [t for t in tickets if applies(turn, t)]) or act(turn, tickets):
        return
    ticket = next((t for t in tickets if t.is_open), tickets[-1])
    note_first_word(turn, ticket)
    if turn.verdict.decision != "ignore" and apart(ticket, turn.verdict):
        _report(turn)
    elif _says_more(turn, ticket):
        add(turn, ticket)
    elif meant_by(turn, tickets) == [ticket]:
        keep(turn, ticket)


def join(turn: Turn, ticket: Ticket) -> None:
    """The same report again, or in other words."""
    follow(turn, ticket)
    add(turn, ticket)


def _says_more(turn: Turn, ticket: Ticket) -> bool:
    """A photo, voice or video in reply belongs to the ticket; so does what its reporter or another issue line adds."""
    issue = ticket.is_open and turn.verdict.decision != "ignore"
    return bool(turn.message.files) or issue or (turn.reported(ticket) and any(c.isalnum() for c in turn.message.text))


def _act_on_one(turn: Turn, tickets: list[Ticket]) -> bool:
    """Of several it is the one chosen before; else the speaker is asked. False: nothing was done."""
    if len(tickets) < 2:
        return act(turn, tickets)
    before = chosen_before(turn, tickets)
    return act(turn, [before]) if before else ask_which(turn, tickets)


def _short_word(turn: Turn) -> bool:
    """好了, 没好, +1, 还没人来 without a reply. False: it did nothing."""
    said = turn.verdict.speech
    tickets = could_mean(turn, said) if said else []
    if not tickets:
        return False
    if len(tickets) == 1:
        return (_plain(turn) or meant_by(turn) == tickets) and act(turn, tickets)
    return turn.verdict.decision != "open" and _one_of(turn, tickets)


def _plain(turn: Turn) -> bool:
    """Nothing but the short word? 通了 is said of much else, and 井盖没了没人管 reports a matter of its own."""
    return turn.verdict.speech != "done" and turn.verdict.decision != "open"


def _one_of(turn: Turn, tickets: list[Ticket]) -> bool:
    """Several fit: only words that are about any of them do something, and only after a question in most cases."""
    meant = meant_by(turn)
    alike = [t for t in tickets if t in meant]
    sure = len(meant) == 1 and alike == meant and just_spoken_of(turn, meant[0])
    if sure and turn.verdict.speech in ("metoo", "chase"):
        return act(turn, meant)
    answered = all(t.state == "settled" for t in tickets)  # we had asked them whether it is all right
    return (answered or bool(alike)) and _act_on_one(turn, alike if len(alike) > 1 else tickets)


def _report(turn: Turn) -> None:
    """A new issue, the same one again, a question to the member, or chatter."""
    verdict = turn.verdict
    if verdict.decision == "ignore":
        _remark(turn)
    elif verdict.also:
        _each_problem(turn)
    elif _is_known(turn):
        return
    elif verdict.decision == "open" or verdict.urgent:
        drop_answered(turn)
        take_in(turn, [verdict])
    else:
        ask(turn)


def _each_problem(turn: Turn) -> None:
    """Of several problems in one message those that are known join, the others open."""
    drop_answered(turn)
    known = {problem: same_matter(turn, problem, in_a_row=False) for problem in (turn.verdict, *turn.verdict.also)}
    take_in(turn, [problem for problem, ticket in known.items() if ticket is None])
    for ticket in dict.fromkeys(ticket for ticket in known.values() if ticket is not None):
        join(turn, ticket)


def _is_known(turn: Turn) -> bool:
    """Does the report join an open ticket, or wait until its speaker says which of two it means?"""
    same = same_matter(turn, turn.verdict)
    told = [same] if same else _told_again(turn)
    if len(told) > 1:
        told = [before] if (before := chosen_before(turn, told)) else told
    if len(told) == 1:
        join(turn, told[0])
        return True
    return turn.verdict.decision == "open" and not turn.verdict.urgent and ask_which(turn, told)


def _told_again(turn: Turn) -> list[Ticket]:
    """The open tickets that a report in other words may be about. Danger never hides in one that is not urgent."""
    meant, verdict = meant_by(turn), turn.verdict
    fitting = [t for t in meant if t.is_open and not another(t, verdict) and not other_thing(turn, t, verdict)]
    fitting = [t for t in fitting if t.urgent or not verdict.urgent]
    return fitting if len(fitting) > 1 or fitting == meant[:1] else []  # the second best alone is not sure enough


def _remark(turn: Turn) -> None:
    """No issue of its own: a word about one that is known is kept with it, silently; anything else is chatter."""
    drop_settled(turn)
    if wish := standing_wish(turn, turn.chat, turn.verdict):
        join(turn, wish)  # 我也想要个活动室 opens nothing, but is one household more
        return
    meant = meant_by(turn) if turn.verdict.speech or _has_substance(turn.message.text) else []
    if len(meant) != 1:
        return
    ticket = meant[0]
    if turn.verdict.speech not in ("metoo", "chase"):
        keep(turn, ticket)
    elif lately_opened(turn) == meant or just_spoken_of(turn, ticket):  # of two, nobody knows which
        act(turn, meant)


def _has_substance(text: str) -> bool:
    """谢谢, 好的 and 收到 say nothing of a matter."""
    return len(list(islice(filter(str.isalnum, text), SUBSTANCE))) == SUBSTANCE
