"""What Prometheus reads of the database and of the inbox, as it was at the scrape."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily

from handlers.health.figures import Health
from models.observed import Matters


class Tables:
    """`shows` what was found last; nothing found: only that the database does not answer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._found: tuple[Health, Matters] | None = None
        self._held = False
        registry.register(self)

    def shows(self, found: tuple[Health, Matters] | None, *, held: bool) -> None:
        self._found, self._held = found, held

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("inbox_held", "Does this process fetch the messages?", self._held)
        yield _gauge("database_up", "Did the database answer this scrape?", self._found is not None)
        if self._found is not None:
            yield from _of_health(self._found[0])
            yield from _of_matters(*self._found)


def _of_health(found: Health) -> Iterator[GaugeMetricFamily]:
    yield _gauge("letters_waiting", "Letters that could go out now.", found.waiting)
    yield _gauge("oldest_waiting_letter_age_seconds", "How long the oldest of them has waited.", found.oldest_age)
    yield _gauge("letters_dead", "Letters of the last week that will never arrive.", found.dead)
    yield _gauge("messages_failed", "Messages that our code still fails on.", found.failed)
    yield _gauge("processes", "Living processes on this database.", len(found.processes))
    yield _gauge("database_size_bytes", "Size of the database.", found.database)
    if found.free is not None:
        yield _gauge("disk_free_bytes", "What is left on the disk of the database.", found.free)
    if found.heard_at is not None:
        yield _gauge("last_heard_timestamp_seconds", "When the last update came in.", found.heard_at.timestamp())
    standing = GaugeMetricFamily("gridbot_incidents", "Troubles that are not over.", labels=["kind"])
    for kind, count in Counter(trouble.kind for trouble in found.troubles).items():
        standing.add_metric([kind], count)
    yield standing


def _of_matters(found: Health, matters: Matters) -> Iterator[GaugeMetricFamily]:
    yield _gauge("tickets_open", "Open tickets.", matters.open)
    yield _gauge("tickets_overdue", "Open tickets that missed a limit.", matters.overdue)
    lag = (found.at - matters.due_since).total_seconds() if matters.due_since else 0.0
    yield _gauge("heartbeat_lag_seconds", "How long the longest due ticket has waited to be looked at.", lag)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"gridbot_{name}", words, value=float(value))
