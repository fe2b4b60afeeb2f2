"""A matter entered for somebody else becomes a ticket, under the same law as what is said in the group."""

from handlers.intake import Report, open_ticket
from handlers.interest import charged
from handlers.proxy.entry import Entry
from handlers.proxy.telling import tell
from handlers.proxy.where import home_of, outside_own_building
from handlers.turn import Refusal, Turn
from handlers.wording import shown_name
from models.messages import Ground, Speaker, Verdict
from models.people import Person
from models.proxies import person_reached_by
from models.tickets import Ticket
from models.units import Unit, landmarks_around


def enter(turn: Turn, entry: Entry, unit: Unit) -> Ticket:
    """The neighbours read the card; neither name nor number is shown to them."""
    ground = Ground(landmarks=landmarks_around(turn.session, unit))
    verdict = turn.reader.insist(entry.text, ground)
    if outside_own_building(turn.sender, unit, verdict.place.key if verdict.place else ""):
        raise Refusal("proxy_building")
    report = charged(turn, _report(turn, entry, unit, verdict, ground), entry.text)
    ticket = open_ticket(turn, home_of(turn, unit), report)
    turn.outcome.became("opened", ticket)
    _answer(turn, ticket)
    return ticket


def _report(turn: Turn, entry: Entry, unit: Unit, verdict: Verdict, ground: Ground) -> Report:
    return Report(
        text=turn.reader.mask(entry.text),
        reporter=_reporter(turn, entry),
        verdict=verdict,
        message_id=None,  # the card must not quote a line with a name and a number
        files=entry.files,
        by_hand=turn.sender,
        judged=turn.reader.judge(entry.text, Speaker(), ground),
        unit=unit,
        came_by=entry.channel,
        proxy=turn.sender,
        contact=entry.phone,
        happened_at=entry.happened_at,
    )


def _reporter(turn: Turn, entry: Entry) -> Person:
    """Somebody with an account, somebody known by the same name and number, or a name alone."""
    if entry.member is not None:
        return turn.person(entry.member)
    name = shown_name(turn, entry.name)
    known = person_reached_by(turn.session, name, entry.phone) if entry.phone else None
    return known or _new(turn, name)


def _new(turn: Turn, name: str) -> Person:
    person = Person(name=name)
    turn.session.add(person)
    return person


def _answer(turn: Turn, ticket: Ticket) -> None:
    """Whoever entered it is asked to tell the person; where neither that nor the card is read here, a line says it."""
    openly = not turn.chat.private and bool(ticket.contact)
    told = tell(turn, ticket, "proxy_delete" if openly else "", at_once=True) if ticket.by_voice else None
    if turn.chat.id != ticket.chat_id and not (told and told.chat_id == turn.chat.id):
        turn.say("proxy_done", number=ticket.number)
