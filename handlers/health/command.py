"""/health (运行情况): how the bot is, for staff, on one phone screen."""

from handlers.desk import Desk
from handlers.health.figures import Health, health
from handlers.health.wording import size, span, trouble
from handlers.rights import CADRES
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import when

router = Router()


@router.command("health", "运行情况")
def tell_health(turn: Turn) -> None:
    """Cadres, supervisors and the operator; privately or in a staff group."""
    if not turn.chat.private and turn.chat.kind != "staff":
        raise Refusal("health_not_here")
    if not _may_ask(turn):
        raise Refusal("health_not_yours")
    turn.say("plain", text=worded(turn, health(turn)))


def worded(desk: Desk, h: Health) -> str:
    return "".join((*_processes(desk, h), *_flow(desk, h), _away(desk, h), _disk(desk, h), *_troubles(desk, h)))


def _may_ask(turn: Turn) -> bool:
    operator = turn.policy.operator.telegram
    if operator is not None and (turn.event.channel, turn.event.sender.id) == ("telegram", str(operator)):
        return True
    return turn.known is not None and any(p.role in CADRES for p in turn.known.held())


def _processes(desk: Desk, h: Health) -> list[str]:
    line = desk.texts.line
    if h.started_at is None:
        return [line("health_none")]
    rows = [
        line("health_process", host=p.host, number=p.number, inbox=line("health_inbox") if p.holds_inbox else "")
        for p in h.processes
    ]
    return [line("health_head", since=when(desk, h.started_at)), *rows]


def _flow(desk: Desk, h: Health) -> list[str]:
    line = desk.texts.line
    heard = when(desk, h.heard_at) if h.heard_at else line("health_never")
    oldest = line("health_oldest", minutes=round(h.oldest_age / 60)) if h.waiting else ""
    return [
        line("health_heard", at=heard),
        line("health_waiting", count=h.waiting, oldest=oldest),
        line("health_dead", count=h.dead),
        line("health_failed", count=h.failed),
    ]


def _away(desk: Desk, h: Health) -> str:
    if h.away is None:
        return ""
    times = span(desk, h.away.gone_at, h.away.back_at)
    return desk.texts.line("health_away", lines=h.away.lines, **times)


def _disk(desk: Desk, h: Health) -> str:
    free = desk.texts.line("health_free", free=size(h.free)) if h.free is not None else ""
    return desk.texts.line("health_disk", size=size(h.database)) + free


def _troubles(desk: Desk, h: Health) -> list[str]:
    if not h.troubles:
        return [desk.texts.line("health_fine")]
    rows = [
        desk.texts.line("health_trouble", what=what, since=when(desk, t.since))
        for t in h.troubles
        for what in [trouble(desk, f"incident_{t.kind}", t.about, t.count, t.since, h.at)]
    ]
    return [desk.texts.line("health_troubles"), *rows]
