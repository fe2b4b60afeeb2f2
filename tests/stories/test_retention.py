"""Words are kept so long after a matter has ended, and no longer; the figures stay."""

from datetime import timedelta

import pytest

from tests.world import World, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
TRACES = ("蓝阿姨", "路灯坏了", "3号楼2单元", "灯罩在我这", "换了她家", "photo-ref", "我家也黑", "小李")


def ended(world: World) -> None:
    world.starts("老王", "蓝阿姨")
    world.says("蓝阿姨", LEAK, photo="photo-ref")
    world.says("小李", "我家也黑", reply=world.card())
    world.says("蓝阿姨", "灯罩在我这", reply=world.card())
    world.says("老王", "/done 1 换了她家灯泡")
    world.says("蓝阿姨", "好了", reply=world.card())


def later(world: World, days: int) -> None:
    """The bot was off for so long, and has beaten again for some minutes."""
    world.waits(minutes=2)
    world.sleeps_until(world.clock.now() + timedelta(days=days))
    world.waits(minutes=2)


@pytest.mark.both_databases
def test_after_two_years_the_words_go_and_the_figures_stay(world: World) -> None:
    ended(world)
    before = world.ticket(1)
    later(world, 729)
    assert world.stored("路灯坏了")
    later(world, 9)
    for trace in TRACES:
        assert not world.stored(trace), trace
    after = world.ticket(1)
    assert (after.state, after.category, after.unit_id) == (before.state, before.category, before.unit_id)
    assert (after.households, after.opened_at) == (before.households, before.opened_at)
    assert [(e.kind, e.at) for e in after.history][: len(before.history)] == [(e.kind, e.at) for e in before.history]
    assert {e.by_id for e in after.history if e.kind == "settle"} == {before.assignee_id}


@pytest.mark.both_databases
def test_the_resident_is_forgotten_with_the_last_of_their_words(world: World) -> None:
    ended(world)
    number = world.id_of("蓝阿姨")
    later(world, 740)
    assert not [t for t in world.stored(f"'{number}'") if t != "chats"]
    assert world.tells("老王", "/who") != []


def test_who_has_a_newer_matter_stays_known(world: World) -> None:
    ended(world)
    later(world, 500)
    world.says("蓝阿姨", "5号楼门口的垃圾堆了三天没人清")
    later(world, 240)
    assert not world.stored("路灯坏了")
    assert world.stored("垃圾堆了")
    assert world.ticket(2).reporter.name == "蓝阿姨"


def test_what_is_open_or_taken_up_again_is_kept(world: World) -> None:
    ended(world)
    later(world, 1)
    assert world.ticket(1).erase_at is not None
    world.says("老王", "/reopen 1 又黑了")
    assert world.ticket(1).erase_at is None
    later(world, 20)
    assert world.ticket(1).is_open
    assert world.stored("路灯坏了")


@pytest.mark.parametrize(("days", "kept"), [(170, True), (200, False)])
def test_private_matters_go_sooner(world: World, days: int, kept: bool) -> None:
    world.starts("老王", "王阿姨", "小李")
    world.says("小李", "5号楼门口的垃圾堆了三天没人清")
    world.says("王阿姨", "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了")
    world.tells("老王", "对方2 小李")
    world.tells("小李", "是他家先砸的门")
    world.tells("王阿姨", "/start p2")
    world.tells("王阿姨", "昨晚又吵到两点")
    world.tells("老王", "/done 2 两家都答应了")
    later(world, days)
    for trace in ("砸的门", "吵到两点", "两家都答应", "501天天"):
        assert bool(world.stored(trace)) == kept, trace


def test_the_deployment_says_how_long(tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = World(tmp_path, small_town(privacy={"keep_days": 30}))
    ended(world)
    later(world, 45)
    assert not world.stored("路灯坏了")
    world.close()


def test_a_changed_setting_holds_for_what_has_ended_before(world: World) -> None:
    ended(world)
    later(world, 2)
    planned = world.ticket(1).erase_at
    world.config = small_town(privacy={"keep_days": 100})
    world.restart()
    later(world, 1)
    assert world.ticket(1).erase_at == planned - timedelta(days=630)
