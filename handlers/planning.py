"""What the start sees to: when each group is next to hear from us (说事日, the week), and limits counted again."""

from handlers.bulletin import next_week_end
from handlers.desk import Desk
from handlers.limits.counting_again import count_all_again
from handlers.router import Router
from handlers.talk_days import next_slot
from models.chats import Chat, chats_without_plan, groups_to_plan
from models.erasing import plan_again

router = Router()


def plan_chat(desk: Desk, chat: Chat) -> None:
    """Set what comes next; what came due while we were away keeps its turn."""
    if chat.unit is None:
        return
    if chat.talk_due_at is None or chat.talk_due_at > desk.now:
        slot = next_slot(desk, chat.unit, desk.now)
        chat.talk_due_at = slot.at if slot else None
    if chat.week_due_at is None or chat.week_due_at > desk.now:
        chat.week_due_at = next_week_end(desk, desk.now)


def replan(desk: Desk) -> None:
    """At the start: the settings, or the list of holidays, may have changed since the plans were made."""
    for chat in groups_to_plan(desk.session):
        plan_chat(desk, chat)
    count_all_again(desk)
    plan_again(desk.session)


@router.step
def plan_new(desk: Desk) -> bool:
    """Groups that came with the file have no plan yet; nothing is due by it."""
    for chat in chats_without_plan(desk.session):
        plan_chat(desk, chat)
    return False
