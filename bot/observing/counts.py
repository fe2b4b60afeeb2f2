"""The figures of this process as Prometheus counts them, and when each loop last turned."""

import platform
import threading
import time
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily

from bot import __version__
from bot.observing.signs import Signs
from bot.outcome import Outcome
from models.messages import Event, Incoming

SLACK = 45.0  # seconds: a letter on a slow wire and a busy database together take no longer
FAILING = 60.0  # seconds for which the platform may give no answer before we call it lost
LOOPS = ("hold", "heartbeat", "postman")
SILENT_KINDS = frozenset({"ignored", "seen"})
FAST = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
SLOW = (0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86400)


@dataclass(frozen=True)
class Turning:
    """A loop: seconds since its last turn, and whether that is as it should be."""

    loop: str
    age: float
    lives: bool


class Counts(Signs):
    """One for each process. Cheap to tell: a batch costs a few additions."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.is_open = self.is_stopping = False
        self._turns: dict[str, tuple[float, float]] = {}
        self._failing_since: float | None = None
        self._lock = threading.Lock()
        self._make()
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def _make(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second sample each, which nobody asks for
        to = self.registry
        build = Gauge("gridbot_build_info", "Version of the program.", ["version", "python"], registry=to)
        build.labels(__version__, platform.python_version()).set(1)
        self._updates = Counter("gridbot_updates", "Updates taken in, by outcome.", ["outcome"], registry=to)
        self._opened = Counter("gridbot_tickets_opened", "Tickets opened by this process.", ["category"], registry=to)
        self._batch = Histogram("gridbot_batch_seconds", "From a batch to its commit.", buckets=FAST, registry=to)
        words = "From a message's own time to the commit of what it led to."
        self._ready = Histogram("gridbot_message_to_letter_seconds", words, buckets=SLOW, registry=to)
        self._letters = Counter("gridbot_letters", "What became of letters.", ["kind", "outcome"], registry=to)
        words = "From when a letter was due to when it was sent."
        self._late = Histogram("gridbot_letter_due_to_sent_seconds", words, buckets=SLOW, registry=to)
        self._steps = Counter("gridbot_heartbeat_steps", "Due things, by step.", ["step", "outcome"], registry=to)
        self._beats = Histogram("gridbot_heartbeat_beat_seconds", "Length of one beat.", buckets=FAST, registry=to)
        self._calls = Counter("gridbot_telegram_calls", "Calls to the Bot API.", ["method", "outcome"], registry=to)
        words = "Length of calls to the Bot API, without long polls."
        self._call = Histogram("gridbot_telegram_call_seconds", words, buckets=FAST, registry=to)
        self._faults = Counter("gridbot_database_errors", "Errors of the database engine.", ["kind"], registry=to)

    def turned(self, loop: str, within: float) -> None:
        self._turns[loop] = (time.monotonic(), within)

    def took(self, events: Sequence[Event], outcomes: Sequence[Outcome], now: datetime, seconds: float) -> None:
        self._batch.observe(seconds)
        for kind, count in Tally(outcome.kind for outcome in outcomes).items():
            self._updates.labels(kind).inc(count)
        for event, outcome in zip(events, outcomes, strict=False):
            if outcome.kind in SILENT_KINDS:
                continue
            if outcome.kind == "opened":
                self._opened.labels(outcome.category or "").inc(len(outcome.tickets))
            if isinstance(event, Incoming) and not event.edited:
                self._ready.observe(max(0.0, (now - event.sent_at).total_seconds()))

    def letter(self, kind: str, outcome: str, late: float | None = None) -> None:
        self._letters.labels(kind, outcome).inc()
        if late is not None:
            self._late.observe(max(0.0, late))

    def stepped(self, step: str, outcome: str) -> None:
        self._steps.labels(step, outcome).inc()

    def beat(self, seconds: float) -> None:
        self._beats.observe(seconds)

    def called(self, method: str, outcome: str, seconds: float) -> None:
        self._calls.labels(method, outcome).inc()
        if method != "getUpdates":
            self._call.observe(seconds)
        with self._lock:
            lost = outcome in ("TimedOut", "NetworkError")
            self._failing_since = (self._failing_since or time.monotonic()) if lost else None

    def database_failed(self, kind: str) -> None:
        self._faults.labels(kind).inc()

    def connected(self) -> None:
        self.is_open = True
        for loop in LOOPS:  # one that never turns at all is missed too
            self.turned(loop, 0.0)

    def stopping(self) -> None:
        self.is_stopping = True

    @property
    def reaches_platform(self) -> bool:
        """Were we let in, and was there an answer lately?"""
        since = self._failing_since
        return self.is_open and (since is None or time.monotonic() - since < FAILING)

    def turning(self) -> list[Turning]:
        """Every loop that ever turned."""
        now = time.monotonic()
        told = sorted(self._turns.items())
        return [Turning(loop, now - last, now - last < within + SLACK) for loop, (last, within) in told]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        ages = GaugeMetricFamily("gridbot_loop_last_turn_age_seconds", "Since each loop last turned.", labels=["loop"])
        for turning in self.turning():
            ages.add_metric([turning.loop], turning.age)
        yield ages
