"""What the day showed, and what follows from it for larger places."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tests.bench.day.people import Day
from tests.bench.day.play import BEAT, Noted
from tests.bench.rows import percentile

HALF = 0.5  # a worker that is busy for longer than this share of an hour makes people wait
BEATS_EVERY = 5.0  # seconds, in the program


@dataclass(frozen=True)
class Waits:
    """Seconds from a line's arrival until what it did is committed and its letters lie ready."""

    lines: int
    p50: float
    p99: float
    most: float

    @classmethod
    def of(cls, waits: Sequence[float]) -> "Waits":
        if not waits:
            return cls(0, 0.0, 0.0, 0.0)
        return cls(len(waits), percentile(waits, 0.5), percentile(waits, 0.99), max(waits))


@dataclass(frozen=True)
class Account:
    grids: int
    lines: int
    letters: int
    outcomes: Mapping[str, int]
    ms_a_line: float
    ms_a_letter: float
    ms_a_beat: float
    peak_hour: int
    peak_busy: float  # share of the peak hour in which the worker works, with all its beats
    day: Waits
    peak: Waits
    burst_others: Waits  # other groups' lines in the minutes of the burst
    burst_tickets: int
    burst_letters: int
    letters_a_second: float  # in the peak hour, against 30 of one bot
    kilobytes_a_day: float
    grids_a_worker: int  # at half of the peak hour

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def account(day: Day, noted: Noted, burst: tuple[int, int], grown: int) -> Account:
    """`burst`: tickets and letters in the group of the burst; `grown`: bytes by which the database grew."""
    beat = noted.work["beat"] / max(1, noted.count["beat"])
    more_beats = beat * (3600 / BEATS_EVERY - 3600 / BEAT.total_seconds())
    peak = max(noted.busy, key=lambda hour: noted.busy[hour])
    busy = (noted.busy[peak] + more_beats) / 3600
    in_peak = [w for at, _, w in noted.waits if int(at.total_seconds() // 3600) == peak]
    others = [w for at, grid, w in noted.waits if grid and day.in_burst(at)]
    sent = sum(count for second, count in noted.sent.items() if second // 3600 == peak)
    return Account(
        grids=day.grids,
        lines=noted.count["inbox"],
        letters=noted.count["letters"],
        outcomes=dict(noted.outcomes),
        ms_a_line=1000 * noted.work["inbox"] / noted.count["inbox"],
        ms_a_letter=1000 * noted.work["letters"] / max(1, noted.count["letters"]),
        ms_a_beat=1000 * beat,
        peak_hour=peak,
        peak_busy=busy,
        day=Waits.of([w for _, _, w in noted.waits]),
        peak=Waits.of(in_peak),
        burst_others=Waits.of(others),
        burst_tickets=burst[0],
        burst_letters=burst[1],
        letters_a_second=sent / 3600,
        kilobytes_a_day=grown / 1024,
        grids_a_worker=int(day.grids * HALF / busy) if busy else 0,
    )


PLACES = {"county": 237, "city": 20_000, "country": 1_000_000}


def projected(told: Account, place: str) -> dict[str, float]:
    """The same day in a larger place, if nothing else becomes a limit first."""
    times = PLACES[place] / told.grids
    workers = max(1.0, times * told.peak_busy / HALF)
    return {
        "grids": PLACES[place],
        "lines_a_day": told.lines * times,
        "letters_a_second_in_peak": told.letters_a_second * times,
        "workers": workers,
        "gigabytes_a_year": told.kilobytes_a_day * times * 365 / 1024**2,
    }


def lines_of(told: Account) -> list[str]:
    """The table for people."""
    outcomes = ", ".join(f"{kind} {count}" for kind, count in sorted(told.outcomes.items()))
    shown = [
        f"{told.grids} grids, one day: {told.lines:,} lines, {told.letters:,} letters ({outcomes})",
        f"a line {told.ms_a_line:.2f} ms, a letter {told.ms_a_letter:.2f} ms, a beat {told.ms_a_beat:.2f} ms",
        f"busiest hour {told.peak_hour}:00: the worker works {told.peak_busy:.1%} of it,"
        f" {told.letters_a_second:.3f} letters/s",
        f"the database grew by {told.kilobytes_a_day:,.0f} kB",
        *(
            f"{name:<28} {w.lines:>8,} lines   p50 {1000 * w.p50:8.1f} ms   p99 {1000 * w.p99:8.1f} ms   most"
            f" {1000 * w.most:8.1f} ms"
            for name, w in (
                ("all day", told.day),
                ("busiest hour", told.peak),
                ("others in the burst", told.burst_others),
            )
        ),
        f"the burst: {told.burst_tickets} ticket, {told.burst_letters} letters in its group",
        f"one worker carries about {told.grids_a_worker:,} grids at half of its busiest hour",
    ]
    for place in PLACES:
        p = projected(told, place)
        shown.append(
            f"{place:<8} {p['grids']:>9,.0f} grids: {p['lines_a_day']:>12,.0f} lines/day,"
            f" {p['letters_a_second_in_peak']:>8.2f} letters/s in the busiest hour, {p['workers']:>7.1f} workers,"
            f" {p['gigabytes_a_year']:>9.1f} GB/year"
        )
    return shown
