"""How this deployment wants the bot to behave: frozen settings that bot/config/ reads from config.toml."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handlers.closing.settings import Closing
from handlers.duty.settings import Route
from handlers.limits.settings import Limits, Work
from handlers.section import ClockTime, Section, read_time

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Call(Section):
    """One reminder of a 说事日: so many days before it, at this time."""

    days_before: int
    at: time


def read_call(value: object) -> object:
    """'-1d 18:00' (the evening before) or '08:00' (the day itself)."""
    if isinstance(value, str) and (found := re.fullmatch(r"(?:-(\d{1,2})d\s+)?(\d{1,2}:\d{2})", value.strip())):
        return Call(days_before=int(found[1] or 0), at=read_time(found[2]))  # type: ignore[arg-type]
    raise PydanticCustomError("talk_call", 'write a reminder as "-1d 18:00" (the day before) or "08:00" (that day)')


class TalkDays(Section):
    """说事日 (R10): days of the month, when to remind, where and when people meet."""

    days: tuple[Annotated[int, Field(ge=1, le=31)], ...] = (5, 15, 20)
    remind: tuple[Annotated[Call, BeforeValidator(read_call)], ...] = (
        Call(days_before=1, at=time(18)),
        Call(days_before=0, at=time(8)),
    )
    venue: str = "社区说事室"
    start: ClockTime = time(9)
    end: ClockTime = time(11)
    present: str = "街道社区干部都在"
    shift_weekends: bool = False  # R10: no shift is stated, so none by default


class WeekTime(Section):
    weekday: int  # Monday = 0
    at: time


def read_week_time(value: object) -> object:
    """'fri 15:30'. Day names only: APScheduler and cron count weekdays differently (design, trap 1)."""
    written = value.strip().lower() if isinstance(value, str) else ""
    if (found := re.fullmatch(r"([a-z]{3})\s+(\d{1,2}:\d{2})", written)) and found[1] in WEEKDAYS:
        return WeekTime(weekday=WEEKDAYS.index(found[1]), at=read_time(found[2]))  # type: ignore[arg-type]
    raise PydanticCustomError("week_time", 'write day and time as "fri 15:30" (mon tue wed thu fri sat sun)')


class Weekly(Section):
    """The week's summary (R5)."""

    at: Annotated[WeekTime, BeforeValidator(read_week_time)] = WeekTime(weekday=4, at=time(15, 30))


class Quiet(Section):
    """Between these times cards make no sound and private pings wait; urgent matters are exempt.

    `lines_per_hour`: so many lines of ours in one group, what goes beyond is folded into one; urgent ones do not count.
    """

    start: ClockTime = time(21, 30)
    end: ClockTime = time(7, 30)
    lines_per_hour: Annotated[int, Field(ge=3, le=1000)] = 12

    def holds(self, local: datetime) -> bool:
        at = local.time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def ends_after(self, local: datetime) -> datetime:
        """The first moment at or after `local` that is not quiet."""
        if not self.holds(local):
            return local
        morning = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return morning if morning > local else morning + timedelta(days=1)


Threshold = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Reading(Section):
    """When a line opens a ticket, and when the member is asked first; `rules` adds a file of the deployment's own."""

    open: Threshold = 1.0
    ask: Threshold = 0.5
    rules: str = ""
    corrections_days: Annotated[int, Field(ge=1, le=3650)] = 365  # how long answers of members are kept, without words


class Privacy(Section):
    """So many days after the last thing that happened to an ended matter its words go; no source gives a figure."""

    keep_days: Annotated[int, Field(ge=1, le=3650)] = 730
    keep_private_days: Annotated[int, Field(ge=1, le=3650)] = 180


class Operator(Section):
    """Who looks after the bot itself, and from when a trouble is one. No `telegram`: whoever stands highest is told."""

    telegram: Annotated[int, Field(gt=0, strict=True)] | None = None
    silent_days: Annotated[int, Field(ge=0, le=365)] = 7  # a grid without a word; 0: never
    free_mb: Annotated[int, Field(ge=0)] = 500  # below it the disk is nearly full; 0: never


class Hotlines(Section):
    """Whom an urgent card tells people to call. The gas company's number is local: no default."""

    police: str = "110"
    fire: str = "119"
    medical: str = "120"
    gas: str = ""
    lift: str = ""
    crisis: str = "12356"
    women: str = "12338"


def six_or_none(words: tuple[str, ...]) -> tuple[str, ...]:
    if words and (len(words) < 6 or len(set(words)) < len(words) or not all(w.strip() for w in words)):
        raise PydanticCustomError("ways", "name at least six different ways, in the order of the example")
    return words


class Ledger(Section):
    """The channels by which matters come (R14), in our words; empty: the seven of the source, and in person.

    `ways`: what the six ways of handling (R15) are called here, in the order of the example; more may follow.
    """

    channels: tuple[str, ...] = ()
    ways: Annotated[tuple[str, ...], AfterValidator(six_or_none)] = ()


class Policy(Section):
    """Everything that a handler may ask of the deployment."""

    language: Literal["zh", "en"] = "zh"
    zone: str = "Asia/Shanghai"
    talk_days: TalkDays = TalkDays()
    weekly: Weekly = Weekly()
    quiet: Quiet = Quiet()
    limits: Limits = Limits()
    work: Work = Work()
    closing: Closing = Closing()
    routes: tuple[Route, ...] = ()
    reading: Reading = Reading()
    hotlines: Hotlines = Hotlines()
    privacy: Privacy = Privacy()
    ledger: Ledger = Ledger()
    operator: Operator = Operator()

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.tz)

    def at(self, day: date, clock: time) -> datetime:
        """That wall time on that day, as an aware instant in the deployment's zone."""
        return datetime.combine(day, clock, tzinfo=self.tz)
