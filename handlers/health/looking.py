"""Every few minutes: which troubles of the bot itself stand, and which are over."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.desk import Desk
from models.chats import Chat
from models.health import free_bytes, messages_failed
from models.incidents import end_incident, standing, stands
from models.outages import last_outage
from models.silences import begin_counting, reached_since, silent_groups

MB = 1_000_000
FULL = 10  # a tenth of what warns: nothing can be written soon
ENOUGH = 1.1  # over only when there is so much more again: a disk at the limit must not tell every hour

Seen = Mapping[str, bool]
"""kind -> does it stand: what only the program can see (deaf, token, conflict, schema)"""


def look_around(desk: Desk, account: str, seen: Seen) -> None:
    """`account` as channel:account. Nothing is said here: that is for the heartbeat, once for each trouble."""
    for kind, there in seen.items():
        _note(desk, kind, account, there)
    _disk(desk)
    _silence(desk, account)
    _letters(desk)
    if not messages_failed(desk.session, account):
        end_incident(desk.session, "message", account, desk.now)


def _note(desk: Desk, kind: str, about: str, there: bool) -> None:
    if there:
        stands(desk.session, kind, about, desk.now, about)
    else:
        end_incident(desk.session, kind, about, desk.now)


def _disk(desk: Desk) -> None:
    free, limit = free_bytes(desk.session), desk.policy.operator.free_mb * MB
    if free is None:
        return
    for kind, least in (("space_out", limit / FULL), ("space", limit)):
        if free < least:
            stands(desk.session, kind, "", desk.now)
        elif free >= least * ENOUGH:
            end_incident(desk.session, kind, "", desk.now)


def _silence(desk: Desk, account: str) -> None:
    """Days in which we were not there ourselves say nothing."""
    begin_counting(desk.session, desk.now)
    days = desk.policy.operator.silent_days
    outage = last_outage(desk.session, account)
    since = desk.now - timedelta(days=days)
    away = outage is not None and outage.back_at > since
    channel, _, number = account.partition(":")
    for silent in silent_groups(desk.session, channel, number, since) if days and not away else []:
        stands(desk.session, "quiet", str(silent.id), desk.now, account)
    for incident in standing(desk.session, "quiet"):
        chat = desk.session.get(Chat, int(incident.about))
        if chat is None or chat.unit_id is None or not days or (chat.heard_at or incident.first_at) > incident.first_at:
            end_incident(desk.session, "quiet", incident.about, desk.now)


def _letters(desk: Desk) -> None:
    for incident in standing(desk.session, "letter"):
        chat = desk.session.get(Chat, int(incident.about))
        if chat is None or not chat.present or reached_since(desk.session, chat.id, incident.last_at):
            end_incident(desk.session, "letter", incident.about, desk.now)
