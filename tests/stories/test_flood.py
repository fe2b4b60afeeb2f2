"""500 messages in a minute from one person, or from many accounts in one group: only they wait, and nothing is lost."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from models.aside import Aside
from models.incidents import standing
from models.messages import Incoming
from models.people import find_person
from models.privacy import erase
from tests.world import OTHER, RESIDENTS, World, china

TROUBLES = ("水管漏水", "楼道灯坏了", "垃圾堆了没人清", "门禁坏了")


def trouble(number: int) -> str:
    """As many different issues as one likes."""
    return f"{number % 40 + 1}号楼{number // 40 + 1}单元{TROUBLES[number % 4]}"


def flood(world: World, who: str, count: int, chat: str = RESIDENTS, **details: object) -> list[Incoming]:
    return [world.incoming(who, trouble(n), chat, **details) for n in range(count)]


def waiting(world: World) -> int:
    with world.session() as session:
        return session.scalar(select(func.count()).select_from(Aside)) or 0


def floods(world: World) -> list[str]:
    with world.session() as session:
        return [incident.about for incident in standing(session, "flood")]


def test_what_one_person_sends_too_fast_waits_and_all_of_it_becomes_tickets(world: World) -> None:
    outcomes = world.receive(*flood(world, "小李", 50))
    assert [o.kind for o in outcomes] == ["opened"] * 20 + ["aside"] * 30
    assert world.tickets() == 20
    world.waits(minutes=1)
    assert world.tickets() == 50
    assert [world.ticket(n).text for n in range(1, 51)] == [trouble(n) for n in range(50)]
    assert waiting(world) == 0


def test_a_neighbour_in_the_same_minute_is_heard_at_once(world: World) -> None:
    lines = flood(world, "小李", 40)
    neighbour = world.incoming("刘婶", "楼顶太阳能水管爆了，水往下流", RESIDENTS)
    other = world.incoming("张婶", "5号楼1单元下水道堵了，污水往外冒", OTHER)
    outcomes = world.receive(*lines, neighbour, other)
    assert [o.kind for o in outcomes[-2:]] == ["opened", "opened"]


def test_chatter_costs_no_place_in_the_queue(world: World) -> None:
    world.receive(*flood(world, "小李", 25))
    assert waiting(world) == 5
    outcomes = world.receive(*[world.incoming("小李", "大家早上好呀" + "呀" * n, RESIDENTS) for n in range(30)])
    assert {o.kind for o in outcomes} == {"ignored"}
    assert not world.stored("早上好呀")


def test_an_issue_among_chatter_is_taken_in_at_once(world: World) -> None:
    lines = [world.incoming("小李", f"今天天气真好啊{n}", RESIDENTS) for n in range(100)]
    lines.insert(60, world.incoming("小李", "3号楼2单元楼道灯不亮了", RESIDENTS))
    outcomes = world.receive(*lines)
    assert outcomes[60].kind == "opened" and waiting(world) == 0


def test_danger_does_not_wait_behind_a_flood(world: World) -> None:
    world.receive(*flood(world, "小李", 60))
    assert world.says("小李", "3号楼2单元着火了，快来人")[0].startswith("🚨")
    assert waiting(world) == 40


def test_a_flood_of_danger_waits_too_and_is_read_before_the_rest(world: World) -> None:
    world.receive(*flood(world, "小李", 30))
    world.receive(*[world.incoming("小李", f"{n + 1}号楼{n % 3 + 1}单元着火了", RESIDENTS) for n in range(12)])
    with world.session() as session:
        kept = list(session.scalars(select(Aside).order_by(Aside.urgent.desc(), Aside.next_at)))
        assert [row.urgent for row in kept] == [True] * 7 + [False] * 10
    before = world.tickets()
    assert world.inbox.read_aside()
    assert world.ticket(before + 1).emergency == "fire"


def test_the_member_is_called_for_many_at_once(world: World) -> None:
    world.starts("老王")
    before = len(world.private("老王"))
    world.receive(*flood(world, "小李", 40))
    world.waits(minutes=1)
    calls = world.private("老王")[before:]
    assert world.tickets() == 40
    assert len(calls) == 16
    assert calls[-1].startswith("🔔 这会儿事多，合成一条说，全部见“待办”：")
    assert "第40件" in calls[-1]


def test_a_group_raided_by_many_accounts_waits_for_itself_only(world: World) -> None:
    raid = [world.incoming(f"新号{n % 10}", trouble(n), RESIDENTS) for n in range(70)]
    outcomes = world.receive(*raid)
    assert [o.kind for o in outcomes].count("aside") == 10
    assert world.says("张婶", "5号楼1单元下水道堵了，污水往外冒", group=OTHER)
    assert [o.kind for o in world.receive(world.incoming("老王", "/status 1", RESIDENTS))] == ["command"]
    world.waits(minutes=1)
    assert world.tickets() == 71


def test_the_operator_is_told_of_a_flood_without_a_word_of_it(world: World) -> None:
    world.receive(*flood(world, "小李", 30))
    assert floods(world) == []
    world.receive(*[world.incoming("小李", trouble(n), RESIDENTS) for n in range(30, 45)])
    assert floods(world) == [str(world.ticket(1).chat_id)]
    world.waits(minutes=1)
    assert floods(world) == []


def test_what_waits_survives_a_restart_in_its_order(world: World) -> None:
    world.receive(*flood(world, "小李", 30))
    fresh, _, _ = world.another_process()
    outcomes = fresh.receive_now([world.incoming("小李", "7号楼3单元电梯坏了", RESIDENTS)])
    assert outcomes[0].kind == "aside"
    world.waits(minutes=1)
    assert world.ticket(31).text == "7号楼3单元电梯坏了"


def test_what_was_written_over_a_night_and_comes_at_once_is_no_flood(world: World) -> None:
    lines = flood(world, "小李", 30)
    told = [replace(line, sent_at=world.clock.now() - timedelta(minutes=90 - 3 * n)) for n, line in enumerate(lines)]
    assert {o.kind for o in world.receive(*told)} == {"opened"}


def test_what_waits_is_dealt_with_as_of_its_own_time(world: World) -> None:
    said_at = world.clock.now()
    world.receive(*flood(world, "小李", 25))
    world.waits(minutes=1)
    assert world.ticket(25).opened_at == said_at


def test_presses_in_a_flood_are_answered_once_and_still_count(world: World) -> None:
    world.says("王阿姨", "3号楼2单元楼道灯不亮了")
    for _ in range(60):
        world.press_action("小李", "join:1")
    assert len(world.channel.toasts) == 41
    assert world.channel.toasts[-1] == "按得太快了，排着队一个个来。"
    world.waits(minutes=2)
    assert waiting(world) == 0
    assert world.ticket(1).households == 2


def test_who_writes_privately_too_fast_is_told_once(world: World) -> None:
    for _ in range(30):
        world.tells("小李", "/help")
    said = world.private("小李")
    assert len(said) == 21
    assert said[-1] == "您发得很快，我排着队一条条看，几分钟看完。险情先看。"


def test_lines_that_wait_go_with_who_wants_to_be_forgotten(world: World) -> None:
    world.receive(*flood(world, "小李", 30))
    assert "asides" in world.stored("小李")
    with world.session() as session, session.begin():
        person = find_person(session, "telegram", world.id_of("小李"))
        assert person is not None
        erase(session, person, china(3, 2), "-", "-")
    assert "asides" not in world.stored("小李")
