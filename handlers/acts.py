"""Short words about a matter already known, and what they do: 已处理, 收到, 好了, 没好, 不满意, 还没人来, 我家也是."""

from handlers.additions import add, chase, keep
from handlers.answering import answer, not_solved, tell_why
from handlers.closing.grades import ask_why, says_why, waits_for_why
from handlers.closing.notes import answers_for_note, settle_with
from handlers.households import follow
from handlers.passing.parts import only_helps, part_done
from handlers.proposals import propose, proposes
from handlers.resolve import take_on
from handlers.rights import may
from handlers.turn import Refusal, Turn
from handlers.wording import when
from models.messages import Speech
from models.pointers import point
from models.tickets import Ticket

GOOD = ("confirmed", "done")  # words
GRADES = {"fair": "fair", "poor": "poor"}  # words -> mark; every other good word is 满意
DONE = ("settled", "confirmed")  # states
ENDED = (*DONE, "silent")


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
    staff, residents = (_members_word, _helpers_word, _propertys_word), (_reason, _reporters_word)
    words = (*staff, *residents, _answers_for_own_household, _neighbours_word)
    return any(word(turn, ticket) for word in words)


def _do(turn: Turn, ticket: Ticket) -> None:
    if _members_word(turn, ticket):
        _settle_or_take(turn, ticket)
    elif _helpers_word(turn, ticket):
        part_done(turn, ticket, turn.words)
    elif _propertys_word(turn, ticket):
        propose(turn, ticket, turn.words)
    elif _reason(turn, ticket):
        tell_why(turn, ticket)
    elif _reporters_word(turn, ticket) or _answers_for_own_household(turn, ticket):
        _answer(turn, ticket)
    else:
        _chase_or_join(turn, ticket)


def _members_word(turn: Turn, ticket: Ticket) -> bool:
    """已处理 / 修好了 from a responsible person settles; 收到 / 马上去 takes; so does what we asked to be told."""
    if not may("settle", turn.known, turn.chat, ticket):
        return False
    said = turn.verdict.speech
    if ticket.is_open and (said in GOOD or answers_for_note(turn, ticket)):
        return True
    return said == "take" and ticket.state == "open"


def _helpers_word(turn: Turn, ticket: Ticket) -> bool:
    """办好了 of who helps (联办) is about their own part, unless it is their own matter too."""
    own = may("answer", turn.known, turn.chat, ticket)
    return turn.verdict.speech in GOOD and ticket.is_open and only_helps(turn, ticket) and not own


def _propertys_word(turn: Turn, ticket: Ticket) -> bool:
    """修好了 of the property company is a proposal, and only where it is said of this very matter."""
    pointed = turn.chat.private or ticket in turn.replied()
    return turn.verdict.speech in GOOD and pointed and proposes(turn, ticket)


def _reason(turn: Turn, ticket: Ticket) -> bool:
    """What is wrong, of who gave a low mark and was asked."""
    said = turn.verdict.speech
    if said in GRADES or ticket.state not in ENDED or not may("answer", turn.known, turn.chat, ticket):
        return False
    return waits_for_why(turn, ticket) and turn.reader.explains(turn.words, good=said in GOOD)


def _reporters_word(turn: Turn, ticket: Ticket) -> bool:
    """好了 / 修好了 closes or confirms one's own; 没好 / 又漏了 / 没人来 takes it up again; 不满意 is a mark."""
    if not may("confirm", turn.known, turn.chat, ticket):
        return False
    said = turn.verdict.speech
    if said in GOOD:
        return ticket.is_open or ticket.state == "settled"
    return (said in GRADES and ticket.state in DONE) or _bad(said, ticket)


def _bad(said: Speech | None, ticket: Ticket) -> bool:
    """Do the words say that what was settled is not?"""
    if said == "unsolved":
        return ticket.state in (*DONE, "final") or (ticket.state == "silent" and not ticket.lapsed)
    return said == "chase" and ticket.state in ("settled", "final")


def _answers_for_own_household(turn: Turn, ticket: Ticket) -> bool:
    """好了 and 没好 of who joined; 没好 also of a neighbour who answers the closing line."""
    said = turn.verdict.speech
    if may("answer", turn.known, turn.chat, ticket):
        return (said in (*GOOD, *GRADES) and ticket.state in DONE) or _bad(said, ticket)
    neighbour = may("see", turn.known, turn.chat, ticket) and turn.speaker().role == "resident" and not ticket.private
    return said == "unsolved" and _bad(said, ticket) and neighbour and ticket in turn.replied()


def _neighbours_word(turn: Turn, ticket: Ticket) -> bool:
    """还没人来 and 我家也是, from anybody who may see the matter."""
    may_hear = may("see_private" if ticket.private and turn.chat.private else "see", turn.known, turn.chat, ticket)
    return ticket.is_open and may_hear and turn.verdict.speech in ("chase", "unsolved", "metoo")


def _answer(turn: Turn, ticket: Ticket) -> None:
    """Words count as buttons."""
    said = turn.verdict.speech
    if said not in (*GOOD, *GRADES):
        not_solved(turn, ticket)
        return
    grade = GRADES.get(said or "", "good")
    answer(turn, ticket, grade)
    if grade == "poor":
        tell_why(turn, ticket) if says_why(turn) else ask_why(turn, ticket)
    elif may("confirm", turn.known, turn.chat, ticket):
        turn.assure(ticket, "confirmed_toast", number=ticket.number)


def _settle_or_take(turn: Turn, ticket: Ticket) -> None:
    if turn.verdict.speech == "take":
        take_on(turn, ticket)
        turn.assure(ticket, "taken", number=ticket.number, member=turn.sender.name, due=when(turn, ticket.due_at))
    else:
        settle_with(turn, ticket, turn.words)


def _chase_or_join(turn: Turn, ticket: Ticket) -> None:
    if turn.verdict.speech == "metoo":
        say = add if follow(turn, ticket) else keep  # a second 我家也是 of the same person calls nobody
        say(turn, ticket)
    else:
        chase(turn, ticket)
