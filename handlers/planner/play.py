"""One line played through to the last rung by the code of the live path; nothing is sent, and no trace stays."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import handlers
from handlers.desk import Desk
from handlers.planner.steps import Moved, Opened, Rehearsal, Step, Told
from handlers.reader import Reader
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, what
from models.chats import Chat
from models.delivery import Reach, Taken, next_letter_at, note_sent, take_letter
from models.due import hold_still, next_due
from models.letters import Letter, letters_after, newest_letter, to_post
from models.messages import Incoming, Sender
from models.tickets import Ticket, newest_ticket, tickets_after

HORIZON = timedelta(days=120)  # a ladder that is not through by then is shown as far as it went
MOST_STOPS = 500
MOST_AT_ONCE = 500  # due things in one stop, so that a stop always ends
LONG_AFTER = timedelta(days=36500)
MACHINE = 1e12  # seconds: later than any lease or pause that a postman has noted
DIGITS = re.compile(r"\d+")

Trace = tuple[int, int | None, frozenset[tuple[int, str]]]
"""rung, assignee, and what was written to whom, without figures"""


def pretended(desk: Desk, reader: Reader, chat: Chat, text: str, who: str) -> Turn:
    """The line as a neighbour called `who` would write it in that group, at the desk's time."""
    sender = Sender("rehearsal", who)
    event = Incoming(
        chat.channel, chat.account, "rehearsal", chat.external_id, "group", "rehearsal", sender, desk.now, text
    )
    return Turn(desk.session, desk.now, desk.policy, event, chat, reader)


def rehearse(turn: Turn) -> Rehearsal:
    """What would follow from this line, in this database; all of it is rolled back."""
    undo = turn.session.begin_nested()
    try:
        return _Play(turn).run()
    finally:
        undo.rollback()
        turn.session.info.pop("claimed", None)


@dataclass
class _Play:
    turn: Turn
    steps: list[Step] = field(default_factory=list)
    opened: dict[int, Opened] = field(default_factory=dict)
    holders: dict[int, tuple[int | None, int]] = field(default_factory=dict)
    traces: dict[int, Trace] = field(default_factory=dict)
    repeated: set[int] = field(default_factory=set)
    newest: int = 0  # letter, before this stop
    before: int = 0  # the last ticket that was there already

    def run(self) -> Rehearsal:
        hold_still(self.turn.session, self.turn.now + LONG_AFTER)
        self.newest, self.before = newest_letter(self.turn.session), newest_ticket(self.turn.session)
        self._hear()
        self._stop_at(self.turn.now)
        self._walk()
        joined = tuple(t.number for t in self.turn.outcome.tickets if t.id <= self.before)
        opened = tuple(self.opened.values())
        return Rehearsal(
            self.turn.outcome.kind, self.turn.verdict, opened, joined, tuple(self.steps), bool(self.repeated)
        )

    def _hear(self) -> None:
        try:
            with self.turn.session.begin_nested():
                handlers.handle(self.turn)
        except Refusal as refusal:
            self.turn.outcome.tickets.clear()
            self.turn.refuse(refusal)

    def _walk(self) -> None:
        """From one due thing to the next, as the heartbeat would, until everything only repeats itself."""
        session, now = self.turn.session, self.turn.now
        end, stops = now + HORIZON, 0
        while not self._over() and stops < MOST_STOPS and (stop := next_due(session, now)) and stop <= end:
            now, stops = stop, stops + 1
            self._stop_at(now)
        while later := next_letter_at(session, now):
            now = later
            self._post(now)

    def _over(self) -> bool:
        waiting = [t for t in tickets_after(self.turn.session, self.before) if t.is_open]
        return bool(waiting) and all(t.id in self.repeated for t in waiting)

    def _stop_at(self, now: datetime) -> None:
        session = self.turn.session
        desk = Desk(session, now, self.turn.policy)
        for step in handlers.ROUTER.steps:
            for _ in range(MOST_AT_ONCE):
                if not step(desk):
                    break
        session.flush()
        for ticket in tickets_after(session, self.before):
            self.opened.setdefault(ticket.id, _opened(desk, ticket))
            self._compare(ticket, now)
        self._post(now)

    def _compare(self, ticket: Ticket, now: datetime) -> None:
        """Does somebody else have it now, and was the same said as the last time?"""
        holder = ticket.assignee_id, ticket.rung
        if self.holders.setdefault(ticket.id, holder) != holder:
            self.holders[ticket.id] = holder
            level = ticket.unit.ladder()[ticket.rung].level
            self.steps.append(Moved(now, ticket.number, level, assignee_name(self.turn, ticket), ticket.due_at))
        written = [letter for letter in letters_after(self.turn.session, self.newest) if letter.ticket_id == ticket.id]
        if not written:
            return
        said = frozenset((letter.chat_id, DIGITS.sub("", to_post(letter, None).plain)) for letter in written)
        trace = ticket.rung, ticket.assignee_id, said
        if ticket.late and self.traces.get(ticket.id) == trace:
            self.repeated.add(ticket.id)
        self.traces[ticket.id] = trace

    def _post(self, now: datetime) -> None:
        """Let the letters that are due leave, by the postman's own order."""
        session, chat = self.turn.session, self.turn.chat
        reach = Reach(chat.channel, chat.account, (), (), ())
        self.newest = newest_letter(session)
        while True:
            taken = take_letter(session, now, MACHINE, reach)
            if isinstance(taken, Taken):
                self.steps.append(_told(session.get_one(Letter, taken.letter_id), taken, now))
                note_sent(session, taken, f"rehearsal{taken.letter_id}", now)
            elif taken.wait != 0:
                return


def _opened(desk: Desk, ticket: Ticket) -> Opened:
    named, who = what(desk, ticket, openly=False), assignee_name(desk, ticket)
    return Opened(ticket.number, named, ticket.category, ticket.private, ticket.urgent, who, ticket.due_at)


def _told(letter: Letter, taken: Taken, now: datetime) -> Told:
    chat = letter.chat
    named = chat.person.name if chat.person else chat.unit.name if chat.unit else chat.title
    post = taken.post
    return Told(now, chat.kind, named, chat.external_id, letter.kind, post.silent, post.kind == "edit", post.plain)
