"""Danger: whom to call stands first, help is never claimed, the night does not hold the call; despair stays unseen."""

from pathlib import Path

import pytest

from tests.world import OTHER, RESIDENTS, STAFF, STREET, World, china, small_town

DANGERS = {
    "gas": ("3单元一股燃气味，谁家漏气了", ("119", "96777")),
    "fire": ("6号楼8层冒黑烟着火了", ("119",)),
    "electric": ("配电箱在冒火花，旁边就是小孩玩的地方", ("119",)),
    "lift": ("电梯突然停了，有人关在里面出不来", ("119",)),
    "medical": ("门口有个老人晕倒了，叫不醒", ("120",)),
    "crime": ("楼下打起来了，动刀子了", ("110",)),
    "missing": ("我家孩子不见了，穿红衣服，5岁", ("110",)),
    "collapse": ("后面那堵墙塌了，下面好像压着人", ("119",)),
}
CLAIMS = ("已报警", "已经报警", "已叫", "已通知消防", "已联系119", "救援已", "在路上", "马上到")

DESPAIR = [
    "我真的不想活了",
    "我不想活了，药都买好了",
    "我站在楼顶了，别来找我",
    "撑不下去了，想从这儿跳下去",
    "活着真没意思，我想一了百了",
    "隔壁小姑娘割腕了，一直哭着说不想活",
]
VIOLENCE = [
    "我老公喝醉了又打我，救救我",
    "他又动手了，我脸都肿了，不敢回家",
    "我老公掐我脖子，我怕他会杀了我",
    "对门男的天天打老婆，刚才又听见惨叫",
    "儿子打老娘，老太太额头都出血了",
]
JOKES = [
    "国足又输了，我要跳楼了",
    "年终奖没了，我直接跳楼",
    "又没抢到票，我想死的心都有了",
    "这道题不会做，不想活了哈哈",
    "跳楼价，全场五折",
    "热死了热死了，活不下去了",
    "我家猫又打我了[捂脸]",
    "老婆说再买鱼竿就打断我的腿哈哈",
    "昨晚打牌被我老公打得落花流水",
    "减肥撑不下去了，先走了去吃烧烤",
]


def groups(world: World) -> list[str]:
    return [s.text for s in world.channel.shown if s.chat_id in (RESIDENTS, STAFF, OTHER, STREET)]


@pytest.mark.parametrize("kind", DANGERS)
def test_the_card_says_first_whom_to_call_and_claims_no_help(world: World, kind: str) -> None:
    text, numbers = DANGERS[kind]
    [card] = world.says("王阿姨", text)
    assert world.ticket(1).emergency == kind
    first = card.split("\n")[0]
    assert first.startswith("🚨 ")
    assert all(number in first for number in numbers)
    assert "我不能代您报警" in card
    assert not [claim for claim in CLAIMS if claim in card]


def test_the_lift_number_stands_on_the_card_once_it_is_known(tmp_path: Path) -> None:

    world = World(tmp_path, small_town(hotlines={"gas": "96777", "lift": "88990011"}))
    assert "88990011" in world.says("王阿姨", DANGERS["lift"][0])[0].split("\n")[0]
    world.close()


@pytest.mark.parametrize("kind", DANGERS)
def test_at_night_the_card_sounds_and_the_call_goes_out_at_once(world: World, kind: str) -> None:
    world.starts("老王")
    world.waits_until(china(3, 2, 23, 30))
    world.says("王阿姨", DANGERS[kind][0])
    assert not world.card().post.silent
    assert world.private("老王")[-1].startswith("🚨 第1件 急事")


@pytest.mark.parametrize("text", DESPAIR + VIOLENCE)
def test_despair_and_violence_are_known_to_member_and_cadre_at_once_and_to_no_group(world: World, text: str) -> None:
    world.starts("老王", "李书记")
    world.waits_until(china(3, 2, 23, 30))
    before = groups(world)
    assert world.says("王阿姨", text) == []
    for who in ("老王", "李书记"):
        assert world.private(who)[-1].startswith("🚨 第1件 急事")
        assert text in world.private(who)[-1]
    assert groups(world) == before
    assert world.says("小李", "/status 1") == ["本群没有第1件，请看卡片上的号。"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [*((text, ("12356", "110", "120")) for text in DESPAIR), *((text, ("110", "12338")) for text in VIOLENCE)],
)
def test_the_person_reads_whom_to_call_where_they_can_be_reached(
    world: World, text: str, numbers: tuple[str, ...]
) -> None:
    world.starts("老王", "王阿姨")
    world.says("王阿姨", text)
    assert all(number in world.private("王阿姨")[-1] for number in numbers)


@pytest.mark.parametrize("text", DESPAIR[:2] + VIOLENCE[:2])
def test_nothing_that_is_done_with_it_shows_in_a_group(world: World, text: str) -> None:
    world.starts("老王", "李书记")
    world.says("王阿姨", text)
    before = groups(world)
    world.tells("老王", "/take 1")
    world.waits(hours=3)
    world.tells("老王", "/done 1 已陪同就医")
    world.waits(days=6)
    assert [line for line in groups(world)[len(before) :] if "第1件" in line] == []


@pytest.mark.parametrize("text", JOKES)
def test_of_a_joke_nothing_comes(world: World, text: str) -> None:
    world.starts("老王", "李书记")
    told = {who: world.private(who) for who in ("老王", "李书记")}
    assert world.says("王阿姨", text) == []
    assert world.tickets() == 0
    assert {who: world.private(who) for who in told} == told
    assert world.stored(text) == []
