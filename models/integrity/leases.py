"""Leases and pauses of lanes that lie too far ahead to be true: somebody's clock was wrong when they were written."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.integrity.finding import Finding, found
from models.lanes import LONGEST_PAUSE, SKEW, Lane

LONGEST_LEASE = 3600.0  # seconds; a setting, seconds as a rule


def ahead_of_time(session: Session, machine: float) -> Iterator[Finding]:
    """`machine`: seconds since the epoch."""
    leased = Lane.leased_until > machine + LONGEST_LEASE + SKEW
    paused = Lane.paused_until > machine + LONGEST_PAUSE + SKEW
    for key in session.scalars(select(Lane.key).where(leased | paused).order_by(Lane.key)):
        yield found("lane_ahead", lane=key)
