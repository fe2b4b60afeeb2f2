"""Which two limits hold for a ticket: to say a first word, and to settle it."""

from datetime import timedelta

from handlers.limits.settings import Limits
from handlers.limits.terms import Term


def respond_term(limits: Limits, category: str, level: str, *, urgent: bool, above: bool) -> Term:
    """`above`: does a level above the grid have it?"""
    for rule in limits.terms:
        if rule.respond is not None and rule.fits(category, level, urgent):
            return rule.respond
    if urgent:
        return Term(amount=timedelta(minutes=limits.urgent_minutes), clock=True)
    return limits.take_above if above else Term(amount=timedelta(hours=limits.take_hours))


def settle_term(limits: Limits, category: str, level: str, *, urgent: bool) -> Term:
    """The promise on the card."""
    for rule in limits.terms:
        if rule.settle is not None and rule.fits(category, level, urgent):
            return rule.settle
    if urgent:
        return Term(amount=timedelta(hours=limits.urgent_hours), clock=True)
    return Term(limits.answer_days, limits.answer_at)
