"""The door in: events become effects in one transaction, each exactly once, and only then is anything acknowledged."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache, partial

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.arrival import chat_of
from bot.batch import leave_rest, look_ahead, take_fresh
from bot.bell import Bell
from bot.clock import Clock
from bot.failing import keep
from bot.observing.signs import SILENT, Signs
from bot.outcome import Outcome, outcome_of
from bot.reading.judge import Judge
from bot.storable import storable
from bot.understanding import Understanding
from handlers import WORDS, handle
from handlers.commands import ForAnother, read_command
from handlers.desk import Desk, Envelope
from handlers.flood import Gate, has_been_read
from handlers.health.away import note_late
from handlers.migrate import follow_migration
from handlers.policy import Policy
from handlers.setup import come_or_go
from handlers.turn import Refusal, Turn
from models.aside import take_aside
from models.carried import Carried
from models.database import CONFLICTS, Sessions, first_fault, is_engine_fault, shared
from models.messages import Event, Incoming, Membership, Migrated, Press
from models.once import write_held_back

__all__ = ["Inbox", "Outcome"]

log = logging.getLogger(__name__)

TOGETHER = 25  # messages in one transaction where other machines may wait for its locks
Guard = Callable[[], AbstractContextManager[object]]


class Spoilt(Exception):
    """A message of the batch failed or was refused where nothing stood between it and the others."""


class Inbox:
    """`me` maps a bot's account to its @username, so that /done@thebot is known from /done@another."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        policy: Policy,
        judge: Judge,
        bell: Bell | None = None,
        signs: Signs = SILENT,
    ) -> None:
        self._sessions, self._clock, self._policy, self._bell, self._signs = sessions, clock, policy, bell, signs
        self._reader = cache(lambda me: Understanding.of(judge).reader(me))
        self._world, self._gate = Carried(sessions), Gate()
        self.me: dict[str, str] = {}

    def get_ready(self) -> None:
        """Read the rules now, so that the first message need not wait for it."""
        self._reader(None)

    async def receive(self, events: Sequence[Event]) -> None:
        """Returns after the commit; raises when the engine failed: what was committed before does nothing when it comes
        again.
        """
        began = time.monotonic()
        while events:
            dealt = await asyncio.to_thread(self._receive_some, events, began)
            events = events[len(dealt) :]
            if self._bell is not None:
                self._bell.ring()

    def receive_now(self, events: Sequence[Event]) -> list[Outcome]:
        """As `receive`, in this thread."""
        began, outcomes = time.monotonic(), list[Outcome]()
        while len(outcomes) < len(events):
            outcomes += self._receive_some(events[len(outcomes) :], began)
        return outcomes

    def _receive_some(self, events: Sequence[Event], began: float) -> list[Outcome]:
        """One transaction up to the first that opens a ticket: its letters wait for nothing that came later, and the
        number of the next ticket is locked for as short as can be.
        """
        clean = [storable(event) for event in events[: TOGETHER if shared(self._sessions) else None]]
        try:
            outcomes = self._take_all(clean)
        except DBAPIError as fault:
            raise first_fault(fault) from None
        self._signs.took(events[: len(outcomes)], outcomes, self._clock.now(), time.monotonic() - began)
        return outcomes

    def _take_all(self, events: Sequence[Event]) -> list[Outcome]:
        """The first of them, at least one: as if all were well, else again with a savepoint for each message."""
        try:
            return self._take(events, careful=False)
        except (Spoilt, *CONFLICTS):
            return self._take(events, careful=True)

    def _take(self, events: Sequence[Event], *, careful: bool) -> list[Outcome]:
        with self._world.begin() as session:
            fresh = take_fresh(session, events, self._clock.now())
            look_ahead(session, events)
            deal = self._dealt if careful else self._hoped
            outcomes: list[Outcome] = []
            for event, ours in zip(events, fresh, strict=True):
                outcomes.append(deal(session, event, self._clock.now()) if ours else Outcome("seen"))
                if outcomes[-1].kind == "opened":
                    break
            leave_rest(session, events, fresh, len(outcomes))
        return outcomes

    def _hoped(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Most lines neither fail nor are refused: they do without a savepoint. Raises Spoilt when one does."""
        if not self._is_plain(event):
            return self._dealt(session, event, now)
        try:
            return self._deal(session, event, now, waited=False, guarded=nullcontext)
        except Exception as fault:
            if is_engine_fault(fault):
                raise
            raise Spoilt from fault

    def _is_plain(self, event: Event) -> bool:
        return isinstance(event, Incoming) and not event.edited and not self._spoke_to_us(event)

    def read_aside(self) -> bool:
        """Deal with one line that a crowding source had to wait with, when its time has come. False: there is none."""
        now = self._clock.now()
        with self._sessions.begin() as session:
            row = take_aside(session, now, list(self.me))
            if row is not None:
                self._dealt(session, row.came, now, waited=True)
                has_been_read(Desk(session, now, self._policy), row)
        return row is not None

    def _dealt(self, session: Session, event: Event, now: datetime, *, waited: bool = False) -> Outcome:
        write_held_back(session)
        deal = partial(self._deal, session, event, now, waited=waited, guarded=session.begin_nested)
        try:
            try:
                with session.begin_nested():
                    return deal()
            except CONFLICTS:  # another machine was at the same rows: once more, as they are now
                session.expire_all()
                with session.begin_nested():
                    return deal()
        except Exception as fault:
            if is_engine_fault(fault):
                raise
            return self._failed(session, event, now, fault)

    def _deal(self, session: Session, event: Event, now: datetime, *, waited: bool, guarded: Guard) -> Outcome:
        """`guarded`: what a refusal takes back."""
        if isinstance(event, Migrated):
            follow_migration(session, event)
            return Outcome("ignored")
        if event.chat_kind == "channel":
            return Outcome("ignored")
        if isinstance(event, Membership):
            come_or_go(Desk(session, now, self._policy), chat_of(session, event), event)
            return Outcome("ignored")
        if not waited:
            note_late(session, now, event)
        turn = self._turn(session, event, now)
        if not waited and self._gate.puts_aside(turn, self._spoke_to_us):
            return Outcome("aside")
        try:
            with guarded():
                handle(turn)
        except Refusal as refusal:
            if guarded is nullcontext:
                raise
            turn.refuse(refusal)
        if turn.outcome.kind != "ignored":
            self._gate.count(turn)
        return outcome_of(turn)

    def _turn(self, session: Session, event: Incoming | Press, now: datetime) -> Turn:
        return Turn(
            session,
            now,
            self._policy,
            event,
            chat_of(session, event),
            self._reader(self.me.get(event.account)),
        )

    def deal_again(self, session: Session, event: Event) -> None:
        """A message that failed in our hands before, with its own time. Raises what it fails with now."""
        self._deal(session, event, self._clock.now(), waited=True, guarded=session.begin_nested)

    def _failed(self, session: Session, event: Event, now: datetime, fault: Exception) -> Outcome:
        keep(session, event, now, fault)
        try:
            with session.begin_nested():
                self._apologise(session, event, now)
        except Exception as again:
            if is_engine_fault(again):
                raise
            log.exception("event %(update)s: no sorry either", {"event": "sorry_failed", "update": event.event_id})
        return Outcome("failed")

    def _apologise(self, session: Session, event: Event, now: datetime) -> None:
        """Whoever spoke to us gets a word; whoever spoke to the neighbours is not interrupted."""
        if isinstance(event, Incoming | Press) and self._spoke_to_us(event):
            reply_to = event.message_id if isinstance(event, Incoming) else None
            self._turn(session, event, now).say("sorry", Envelope(reply_to=reply_to))

    def _spoke_to_us(self, event: Incoming | Press) -> bool:
        if isinstance(event, Press) or event.chat_kind == "private":
            return True
        try:
            return read_command(event.text, WORDS, self.me.get(event.account)) is not None
        except ForAnother:
            return False
