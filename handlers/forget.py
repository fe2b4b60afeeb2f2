"""A person asks to be forgotten: name, words and files go; the figures stay."""

from handlers.asking import withdraw
from handlers.cards import refresh_card
from handlers.desk import Envelope
from handlers.households import account_mark, name_reporters
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import category_word
from models.followers import Follower
from models.matters import open_reported
from models.people import Person
from models.posts import Button
from models.privacy import erase
from models.tickets import Ticket

router = Router()


@router.command("forget", "删除我的信息")
def forget(turn: Turn) -> None:
    """Ask once more, in private or in the group; the button does it."""
    turn.outcome.became("command")
    if turn.known is None:  # at most a line that somebody is asked about
        if not withdraw(turn):
            raise Refusal("forgotten_nothing")
        turn.say("forgotten", count=0)
        return
    if turn.known.held():
        raise Refusal("forget_held")
    sure = Button(turn.texts.line("button_forget"), f"forget:{turn.known.id}")
    turn.say("forget_confirm", Envelope(buttons=((sure,),)))


@router.press("forget")
def forget_now(turn: Turn) -> None:
    """Only the person themself can press."""
    person = turn.known
    if person is None or turn.command is None or turn.command.number != person.id:
        raise Refusal("reporter_only")
    if person.held():
        raise Refusal("forget_held")
    withdraw(turn)
    name, text = turn.texts.line("forgotten_name"), turn.texts.line("forgotten_text")
    shared = _wait_like_a_neighbour(turn, person)
    words = {ticket.id: _heirs_words(ticket, person) for ticket in shared}
    tickets = erase(turn.session, person, turn.now, name, text)
    for ticket in shared:
        _hand_on(turn, ticket, words[ticket.id])
    ended = [t for t in tickets if t.is_open and t not in shared]
    for ticket in ended:
        ticket.move("lapse", by=None, at=turn.now)
        ticket.next_at = None
    for ticket in tickets:
        refresh_card(turn, ticket)
    turn.say("forgotten", count=len(ended))


def _wait_like_a_neighbour(turn: Turn, person: Person) -> list[Ticket]:
    """Open matters for which others wait too: whoever reported them counts as one household more, and nothing else."""
    shared = [t for t in open_reported(turn.session, person) if any(f.person for f in t.followers) and not t.private]
    for ticket in shared:
        name_reporters(turn, ticket)
        mark = account_mark(turn, ticket, person)
        ticket.followers.append(Follower(person=person, household=ticket.household, mark=mark, at=ticket.opened_at))
    turn.session.flush()
    return shared


def _heirs_words(ticket: Ticket, person: Person) -> str:
    """What the first neighbour who still waits has said of it, unless it names the one who goes."""
    heir = next(f.person_id for f in ticket.followers if f.person is not None and f.person_id != person.id)
    said = [e.note for e in ticket.history if e.by_id == heir and e.kind == "added" and e.note]
    return next((words for words in said if person.name not in words), "")


def _hand_on(turn: Turn, ticket: Ticket, words: str) -> None:
    """The first neighbour who still waits stands for the matter, with their own words; it does not end for them."""
    heir = next(f for f in ticket.followers if f.person is not None)
    ticket.reporter, ticket.household = heir.person, heir.household
    ticket.followers.remove(heir)
    ticket.thing = category_word(turn, ticket.category)
    if words:
        verdict = turn.reader.insist(words, turn.ground)
        ticket.text, ticket.thing = words, verdict.thing or ticket.thing
        if verdict.place:
            ticket.place, ticket.place_key = verdict.place.text, verdict.place.key
    ticket.record("inherited", by=None, at=turn.now)
