"""Too much at once from one source: what could do something is put aside, none is dropped, and read a little later."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.desk import Desk
from handlers.interest import charge
from handlers.turn import Turn
from models.aside import Aside, Queue, queue_of, set_aside, sources_aside
from models.incidents import end_incident, note_incident
from models.messages import Incoming, Press

SPAN = timedelta(minutes=1)
MOST = {"person": 20, "chat": 60, "press": 40}  # so many that do something: of one person, of a group, presses of one
DANGER = 5  # dangers of one source that are heard at once, whatever else it sends
PORTION, APART = 10, timedelta(seconds=5)  # so many of one source at once, every so often: 500 take four minutes
CROWD = 20  # waiting of one source: of so many the operator is told
MOST_SOURCES, MOST_COUNTED = 10_000, max(MOST.values())  # remembered at once, and of each


class Pace:
    """How much each source did in the last minute, in the memory of this process: one process fetches a bot's messages,
    and after a restart a source has its minute's measure once more. A message that is dealt with again counts once.
    """

    def __init__(self) -> None:
        self._done: dict[str, dict[str, tuple[datetime, datetime]]] = {}

    def count(self, source: str, turn: Turn) -> None:
        """By the message's own time too: what was written over a night and comes at once is no flood."""
        if len(self._done) >= MOST_SOURCES:
            self._done.clear()
        done = self._done.setdefault(source, {})
        done[turn.event.event_id] = turn.now, turn.said_at
        while len(done) > MOST_COUNTED:
            del done[next(iter(done))]

    def over(self, source: str, most: int, turn: Turn) -> bool:
        done = self._done.get(source)
        if done is None or len(done) < most:
            return False
        others = (times for number, times in done.items() if number != turn.event.event_id)
        recent = sum(abs(turn.now - heard) < SPAN and abs(turn.said_at - said) < SPAN for heard, said in others)
        return recent >= most


class Gate:
    """Stands before the handlers. `held`: sources of which something waits; None: not looked up yet."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._held: set[str] | None = None

    def puts_aside(self, turn: Turn, to_us: Callable[[Incoming | Press], bool]) -> bool:
        """Keep for later what a crowding source sends; chatter of it does nothing and goes its usual way.

        `to_us`: is it a press, a command, or said to us alone?
        """
        source = self._crowding(turn)
        if source is None or not (to_us(turn.event) or _may_do_something(turn)):
            return False
        queue = queue_of(turn.session, source)
        if queue.count == 0 and not self._is_over(turn, source):
            self._sources(turn).discard(source)  # all of it was read meanwhile
            return False
        urgent = isinstance(turn.event, Incoming) and turn.verdict.urgent
        if urgent and self._has_room(f"danger:{source}", DANGER, turn):
            return False
        self._keep(turn, source, queue, urgent)
        return True

    def count(self, turn: Turn) -> None:
        """It did something."""
        for source in _sources(turn):
            self._pace.count(source, turn)

    def _keep(self, turn: Turn, source: str, queue: Queue, urgent: bool) -> None:
        """In its order; danger waits only for danger."""
        self._tell_once(turn, source)
        last = queue.last.get(urgent)
        full = (queue.count + 1) % PORTION == 0
        at = max(turn.now, last + APART if full else last) if last else turn.now
        set_aside(turn.session, source, turn.chat, _masked(turn), at, urgent=urgent)
        self._sources(turn).add(source)
        if (queue.count + 1) % CROWD == 0:
            note_incident(turn.session, "flood", str(turn.chat.id), turn.now)

    def _crowding(self, turn: Turn) -> str | None:
        held = self._sources(turn)
        crowding = (s for s in _sources(turn) if s in held or self._is_over(turn, s))
        return next((s for s in crowding if not (s.startswith("chat:") and _answers_here(turn))), None)

    def _is_over(self, turn: Turn, source: str) -> bool:
        return self._pace.over(source, MOST[source.partition(":")[0]], turn)

    def _sources(self, turn: Turn) -> set[str]:
        if self._held is None:
            self._held = sources_aside(turn.session)
        return self._held

    def _has_room(self, source: str, most: int, turn: Turn) -> bool:
        if self._pace.over(source, most, turn):
            return False
        self._pace.count(source, turn)
        return True

    def _tell_once(self, turn: Turn, source: str) -> None:
        """A group reads nothing; who presses or writes privately waits for an answer."""
        to_one = isinstance(turn.event, Press) or turn.chat.private
        if to_one and self._has_room(f"told:{source}", 1, turn):
            turn.say("flood_press" if isinstance(turn.event, Press) else "flood_private")


def _may_do_something(turn: Turn) -> bool:
    """All but a plain line of a group that is neither an issue nor a short word nor a complaint."""
    message = turn.message
    if message.edited or message.files or message.reply_to:
        return True
    if turn.verdict.decision != "ignore" or turn.verdict.speech:
        return True
    return turn.chat.unit is not None and charge(turn, turn.chat.unit, turn.words) is not None


def _sources(turn: Turn) -> list[str]:
    """Whom it is counted to."""
    event, who = turn.event, f"{turn.event.channel}:{turn.event.sender.id}"
    if isinstance(event, Press):
        return [f"press:{who}"]
    own = [f"person:{who}"] if event.sender.id else []
    return own if turn.chat.private else [*own, f"chat:{turn.chat.id}"]


def _answers_here(turn: Turn) -> bool:
    """Who holds a post is not held up by a raid."""
    return turn.known is not None and bool(turn.known.held())


def _masked(turn: Turn) -> Incoming | Press:
    event, mask = turn.event, turn.reader.mask
    if isinstance(event, Press):
        return event
    quoted = event.reply_to and replace(event.reply_to, text=mask(event.reply_to.text))
    return replace(event, text=mask(event.text), reply_to=quoted)


def has_been_read(desk: Desk, row: Aside) -> None:
    """With the last one of its source the flood is over."""
    if not queue_of(desk.session, row.source).count:
        end_incident(desk.session, "flood", str(row.chat_id), desk.now)
