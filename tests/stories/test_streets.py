"""Two streets share a database, each with a bot and settings of its own: neither speaks or decides for the other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.heartbeat import Heartbeat
from bot.seed import seed
from handlers.desk import Desk
from handlers.planning import replan
from models.chats import Chat, find_chat
from models.database import Sessions, open_sessions
from models.letters import letter_at
from models.messages import Membership
from models.people import find_person, holders
from models.pulses import sign_in
from models.streets import LONG_GONE, Street
from models.tickets import Ticket, ticket_numbered
from models.units import all_units
from tests.world import MONDAY, OTHER, RESIDENTS, World, china, small_town, the_judge

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼的路灯坏了三天了，没人修"
EASTERN, WESTERN = "telegram:999", "telegram:888"


def of(world: World, account: str) -> Sessions:
    return open_sessions(world.engine, street=Street(account, world.clock.now))


def heartbeat(world: World, account: str, **settings: object) -> Heartbeat:
    return Heartbeat(of(world, account), world.clock, small_town(**settings).policy)


def part(world: World, *lived: str) -> None:
    """The fourth grid's group is the western bot's; these bots have been seen."""
    with world.sessions.begin() as session:
        group(session, OTHER).account = "888"
        for account in lived:
            sign_in(session, account, "here", 1, world.clock.now())


def group(session: Session, number: str) -> Chat:
    chat = find_chat(session, "telegram", number)
    assert chat is not None
    return chat


def looked(world: World, number: int) -> Callable[[], bool]:
    before = world.ticket(number).next_at
    return lambda: world.ticket(number).next_at != before


def test_what_is_due_waits_for_its_own_street(world: World) -> None:
    part(world, EASTERN, WESTERN)
    world.says("王阿姨", LIGHT)
    world.says("赵阿姨", LIGHT, group=OTHER)
    with world.sessions.begin() as session:
        group(session, OTHER).account = "888"  # it spoke to the story's only bot
    eastern, western = looked(world, 1), looked(world, 2)
    world.clock.move_to(china(3, 4, 10))
    heartbeat(world, EASTERN).beat_now()
    assert (eastern(), western()) == (True, False)
    heartbeat(world, WESTERN, language="en").beat_now()
    assert western()
    world.deliver()
    said = [m for m in world.lines(RESIDENTS) if "说事" in m]
    assert not [m for m in world.lines(OTHER) if "说事" in m], "the other bot has not sent what is the other bot's"
    assert len(said) <= 1


def test_talk_days_and_summaries_are_planned_by_the_street_itself(world: World) -> None:
    part(world, EASTERN, WESTERN)
    with world.sessions() as session:
        before = {g: (group(session, g).talk_due_at, group(session, g).week_due_at) for g in (RESIDENTS, OTHER)}
    policy = small_town(talk_days={"days": [20]}, weekly={"at": "sun 20:00"}).policy
    with of(world, WESTERN).begin() as session:
        replan(Desk(session, world.clock.now(), policy))
    with world.sessions() as session:
        after = {g: (group(session, g).talk_due_at, group(session, g).week_due_at) for g in (RESIDENTS, OTHER)}
    assert after[RESIDENTS] == before[RESIDENTS]
    assert after[OTHER][0] != before[OTHER][0]
    assert after[OTHER][1] != before[OTHER][1]


def test_limits_are_counted_by_the_settings_of_the_street(world: World) -> None:
    part(world, EASTERN, WESTERN)
    world.says("王阿姨", LIGHT)
    due = world.ticket(1).due_at
    off = small_town(work={"off": ["2026-03-03", "2026-03-04", "2026-03-05"]}).policy
    with of(world, WESTERN).begin() as session:
        replan(Desk(session, world.clock.now(), off))
    assert world.ticket(1).due_at == due
    with of(world, EASTERN).begin() as session:
        replan(Desk(session, world.clock.now(), off))
    assert world.ticket(1).due_at > due


def test_rows_of_a_bot_that_is_long_gone_are_anybodys(world: World) -> None:
    part(world, EASTERN)
    world.says("赵阿姨", LIGHT, group=OTHER)
    with world.sessions.begin() as session:
        group(session, OTHER).account = "777"
        sign_in(session, "telegram:777", "there", 1, MONDAY - LONG_GONE - timedelta(minutes=1))
    moved = looked(world, 1)
    world.clock.move_to(china(3, 4, 10))
    heartbeat(world, EASTERN).beat_now()
    assert moved()


def test_two_files_fill_one_database_and_take_nothing_from_each_other(world: World) -> None:
    west = small_town(
        units=[
            {"name": "和平街道", "level": "街道"},
            {"name": "西里社区", "level": "社区", "parent": "和平街道"},
            {"name": "西里第1网格", "level": "网格", "parent": "西里社区"},
        ],
        people=[
            {"name": "赵主任", "telegram": 14, "posts": [{"unit": "和平街道", "role": "supervisor"}]},
            {"name": "吴网格", "telegram": 21, "posts": [{"unit": "西里第1网格", "role": "grid_member"}]},
        ],
        groups=[{"unit": "西里第1网格", "telegram": -2001}],
    )
    with of(world, WESTERN).begin() as session:
        seed(session, west, the_judge(), "telegram", "888")
    with world.sessions() as session:
        assert {u.name for u in all_units(session)} >= {"幸福里第3网格", "西里第1网格"}
        above = find_person(session, "telegram", "14")
        assert above is not None
        assert [p.unit.name for p in above.held()] == ["和平街道"], "one person, one post, though two files name it"
        assert (group(session, RESIDENTS).account, group(session, "-2001").account) == ("999", "888")


def test_a_namesake_of_the_other_street_is_somebody_else(world: World) -> None:
    """Nobody of them has an account yet: only their units tell them apart."""
    for unit, account in (("东里第1网格", "999"), ("西里第1网格", "888")):
        written = small_town(
            units=[{"name": unit, "level": "网格"}],
            people=[{"name": "王伟", "posts": [{"unit": unit, "role": "grid_member"}]}],
            groups=[],
        )
        with world.sessions.begin() as session:
            seed(session, written, the_judge(), "telegram", account)
    with world.sessions() as session:
        held = {p.unit.name: p.person_id for u in all_units(session) for p in holders(session, u, "grid_member")}
    assert held["东里第1网格"] != held["西里第1网格"]


def test_numbers_run_on_over_all_streets(world: World) -> None:
    part(world, EASTERN, WESTERN)
    world.says("王阿姨", LIGHT)
    world.says("赵阿姨", LIGHT, group=OTHER)
    with world.sessions() as session:
        assert all(isinstance(ticket_numbered(session, n), Ticket) for n in (1, 2))


def test_a_person_who_goes_to_the_other_bot_is_not_misunderstood_there(world: World) -> None:
    """Both bots count that person's messages from one: number 5001 was ours, and now is the other's."""
    world.starts("王阿姨")
    world.tells("王阿姨", "我家暖气不热，3号楼2单元501")
    before = world.channel.shown[-1]
    elsewhere = replace(world.incoming("王阿姨", "/status", world.id_of("王阿姨"), chat_kind="private"), account="888")
    world.receive(elsewhere)
    with world.sessions() as session:
        chat = group(session, world.id_of("王阿姨"))
        assert chat.account == "888"
        assert letter_at(session, chat, before.message_id) is None
    blocked = Membership(
        "telegram",
        "999",
        "7001",
        world.id_of("王阿姨"),
        "private",
        False,
        world.sender("王阿姨"),
        world.clock.now(),
        "",
    )
    world.receive(blocked)
    with world.sessions() as session:
        assert group(session, world.id_of("王阿姨")).present, "they blocked the first bot, not the second"
