"""Words are kept as long as the deployment says, and no longer; the figures stay."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.router import Router
from models.erasing import due_to_erase, erase_words, plan_erasing

router = Router()

AT_ONCE = 200  # tickets in one transaction


@router.step
def erase_some(desk: Desk) -> bool:
    """Everything whose time is over, some at a time; on two machines at once the second finds nothing left."""
    tickets = due_to_erase(desk.session, desk.now, AT_ONCE)
    if not tickets:
        return False
    erase_words(desk.session, tickets, desk.now, desk.texts.line("forgotten_name"))
    return True


def plan_ended(desk: Desk) -> None:
    """When the words of what has ended will go."""
    kept = desk.policy.privacy
    plan_erasing(desk.session, timedelta(days=kept.keep_days), timedelta(days=kept.keep_private_days))
