"""A raid of 500 on PostgreSQL: what had to wait is read by two machines at once, all of it, once, in its order."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from bot.inbox import Inbox
from handlers.flood import APART, MOST, PORTION
from models.aside import Aside
from models.letters import Letter
from models.messages import Incoming
from tests.machines.conftest import needs_postgres
from tests.world import RESIDENTS, World

pytestmark = needs_postgres

RAID, TROUBLED = 500, 20  # every so manieth opens a ticket, the others ask for its state


def test_two_machines_read_what_a_raid_left_waiting(world: World) -> None:
    raid = [line(world, number) for number in range(RAID)]
    kinds = [outcome.kind for outcome in world.inbox.receive_now(raid)]
    assert kinds.count("aside") == RAID - MOST["person"] and waiting(world) == RAID - MOST["person"]
    other, _, _ = world.another_process()
    other.me.update(world.inbox.me)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(0, RAID, 5 * PORTION):
            world.clock.move_to(world.clock.now() + 5 * APART)
            list(pool.map(read_all, (world.inbox, other)))
    assert waiting(world) == 0
    opened = [world.ticket(number).text for number in range(1, world.tickets() + 1)]
    assert opened == [message.text for message in raid[::TROUBLED]], "each once, in the order in which it was said"
    assert answers(world) == RAID - len(opened), "each question has one answer"


def line(world: World, number: int) -> Incoming:
    text = f"{number // TROUBLED + 1}号楼的水管漏水" if number % TROUBLED == 0 else "/status 1"
    return world.incoming("小李", text, RESIDENTS)


def read_all(inbox: Inbox) -> None:
    while inbox.read_aside():
        pass


def waiting(world: World) -> int:
    with world.session() as session:
        return session.scalar(select(func.count(Aside.id))) or 0


def answers(world: World) -> int:
    """So many letters say how the first matter stands."""
    with world.session() as session:
        replies = session.scalars(select(Letter).where(Letter.kind == "reply"))
        return sum(letter.body["segments"][0][1].startswith("第1件") for letter in replies)
