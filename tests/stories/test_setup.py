"""Setting up a group in chat: codes, posts, names - and the bot's own coming and going."""

from datetime import timedelta

import pytest

from models.codes import new_code
from models.people import find_person
from models.units import unit_named
from tests.world import OTHER, RESIDENTS, STAFF, World

NEW = "-2001"
LEAK = "3号楼2单元的路灯坏了三天了，没人修"
INTRO = (
    "我是网格小助手。有事一句话说清，我登记、叫人、催办、回话。\n"
    "只存登记的事，负责的人看得到；闲聊不存。急事先打110、119、120。\n"
    "家务事点“私下说”；发“删除我的信息”可删除。"
)
UNBOUND = "\n本群还没绑定网格：工作人员请发“绑定网格”加口令。"
WRONG = ["口令不对、过期或用过了，请向管理员再要一个。"]


def code_for(world: World, unit: str = "幸福里第4网格") -> str:
    with world.sessions.begin() as session:
        found = unit_named(session, unit)
        assert found is not None
        return new_code(session, found, world.clock.now())


def roles(world: World, who: str) -> list[tuple[str, str, list[str]]]:
    with world.session() as session:
        person = find_person(session, "telegram", world.id_of(who))
        return [(p.unit.name, p.role, p.scope) for p in person.held()] if person else []


def test_joining_a_group_introduces_the_bot_once(world: World) -> None:
    assert world.joins(RESIDENTS) == [INTRO]
    assert world.joins(NEW) == [INTRO + UNBOUND]
    assert world.joins(NEW) == []


def test_thrown_out_and_added_again(world: World) -> None:
    world.joins(RESIDENTS)
    world.says("王阿姨", LEAK)
    assert world.joins(RESIDENTS, present=False) == []
    assert world.waits(days=5) == [], "nothing is written to a group that has thrown us out"
    assert world.joins(RESIDENTS) == []
    assert world.says("老王", "/done 1 已修") == ["✅ 第1件办结：已修（老王）\n王阿姨，您看行吗？选什么群里不显示"]


@pytest.mark.parametrize("line", ["/setup {}", "绑定网格 {}", "绑定网格：{}", "/setup@gridbot {}"])
def test_the_one_time_code_ties_the_group(world: World, line: str) -> None:
    world.joins(NEW)
    [answer] = world.says("吴主任", line.format(code_for(world)), group=NEW)
    assert answer == "本群已绑定幸福里第4网格（居民群）。您是幸福里第4网格社区干部，可以指定网格员了。"
    assert len(world.says("小赵", LEAK, group=NEW)) == 1
    assert world.ticket(1).unit_id == 4


def test_the_code_in_small_letters_and_a_staff_group(world: World) -> None:
    code = code_for(world)
    answer = world.says("吴主任", f"/setup {code.lower()} 工作群", group=NEW)[-1]
    assert answer.startswith("本群已绑定幸福里第4网格（工作群）。")
    assert world.says("小赵", LEAK, group=NEW) == []


def test_a_code_works_once(world: World) -> None:
    code = code_for(world)
    world.says("吴主任", f"/setup {code}", group=NEW)
    assert world.says("坏人", f"/setup {code}", group="-2002") == WRONG


def test_a_code_expires(world: World) -> None:
    code = code_for(world)
    world.sleeps_until(world.clock.now() + timedelta(days=3))
    assert world.says("吴主任", f"/setup {code}", group=NEW) == WRONG


@pytest.mark.parametrize("written", ["ABCDEFGHJK", "12", "幸福里第4网格", "' OR 1=1 --"])
def test_a_wrong_code_ties_nothing(world: World, written: str) -> None:
    assert world.says("路人", f"/setup {written}", group=NEW) == WRONG
    assert world.says("路人", LEAK, group=NEW) == []


def test_a_refused_attempt_does_not_use_the_code_up(world: World) -> None:
    code = code_for(world)
    assert world.tells("吴主任", f"/setup {code}") == ["请在要绑定的群里发。"]
    assert world.says("吴主任", f"/setup {code}", group=NEW)[-1].startswith("本群已绑定")


def test_somebody_with_a_post_ties_by_the_units_name(world: World) -> None:
    assert world.says("李书记", "/setup 幸福里第4网格", group=NEW)[-1] == "本群已绑定幸福里第4网格（居民群）。"
    assert world.says("老王", "/setup 幸福里第4网格", group="-2002") == WRONG
    assert (
        world.says("李书记", "/setup 幸福里第4网格 工作群", group="-2003")[-1] == "本群已绑定幸福里第4网格（工作群）。"
    )


def test_setup_alone_lists_who_cannot_be_reached_yet(world: World) -> None:
    [answer] = world.says("李书记", "/setup")
    assert answer == (
        "本群：幸福里第3网格（居民群）\n还没点“开始”的负责人：老王、陈副、孙楼长、李书记、赵主任\n请他们点一下，才能收到私聊\n敏感度：平常"
    )
    world.starts("老王", "陈副", "孙楼长", "李书记", "赵主任")
    assert world.says("李书记", "绑定网格") == ["本群：幸福里第3网格（居民群）\n负责人都能收到私聊。\n敏感度：平常"]
    assert world.says("小李", "/setup") == ["这一步要有职务的人来做。"]


def test_assigning_by_reply_hands_over_what_is_open(world: World) -> None:
    world.says("王阿姨", LEAK)
    [answer] = world.says("李书记", "指定网格员", reply=world.incoming("小周", "大家好", RESIDENTS))
    assert answer == "小周 是幸福里第3网格网格员了。在办的1件一并转交。请点下面的“开始”，才能收到私聊。"
    assert world.ticket(1).assignee.name == "小周"
    assert world.card().mentions == [world.id_of("小周")]
    assert roles(world, "老王") == []
    assert world.says("老王", "/done 1")[0].startswith("办结要由本网格的人点")
    assert world.says("小周", "/done 1 已修")[0].startswith("✅ 第1件办结：已修（小周）")


def test_what_another_has_taken_stays_with_them(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("陈副", "我来办1")
    world.says("李书记", "/assign", reply=world.incoming("小周", "大家好", RESIDENTS))
    assert world.ticket(1).assignee.name == "陈副"


def test_assigning_by_text_mention(world: World) -> None:
    text = "/assign 副网格员 小周"
    world.says("李书记", text, mentions=world.mention("小周", text))
    assert roles(world, "小周") == [("幸福里第3网格", "deputy", [])]
    assert roles(world, "陈副") == [("幸福里第3网格", "deputy", [])]


@pytest.mark.parametrize("line", ["/assign 小周", "/assign @zhou", "指定网格员 小周"])
def test_assigning_by_a_name_already_seen(world: World, line: str) -> None:
    from models.messages import Sender

    world.says("小周", "大家好", sender=Sender(world.id_of("小周"), "小周", username="zhou"))
    assert world.says("李书记", line)[0].startswith("小周 是幸福里第3网格网格员了。")


@pytest.mark.parametrize("line", ["/assign 没见过的人", "/assign @nobody"])
def test_nobody_is_assigned_unseen(world: World, line: str) -> None:
    assert world.says("李书记", line) == ["我还没见过这个人，请他在群里说句话，再回复他。"]
    assert world.says("李书记", "/assign") == ["请回复本人的消息发“指定网格员”，或点名选中本人。"]
    assert roles(world, "老王") == [("幸福里第3网格", "grid_member", [])]


@pytest.mark.parametrize("line", ["/assign 楼门长 5号楼", "指定网格员 楼门长 5号楼", "/assign building_contact 5号楼"])
def test_a_building_contact_gets_a_building(world: World, line: str) -> None:
    [answer] = world.says("李书记", line, reply=world.incoming("小周", "大家好", RESIDENTS))
    assert answer.startswith("小周 是幸福里第3网格楼门长了（5号楼）。")
    assert roles(world, "小周") == [("幸福里第3网格", "building_contact", ["5"])]
    assert roles(world, "老王") == [("幸福里第3网格", "grid_member", [])]


def test_name_and_role_may_stand_in_any_order(world: World) -> None:
    world.says("小周", "大家好")
    assert world.says("李书记", "/assign 小周 楼门长 5号楼")[0].startswith("小周 是幸福里第3网格楼门长了（5号楼）")
    assert roles(world, "老王") == [("幸福里第3网格", "grid_member", [])]


def test_the_file_does_not_give_back_a_post_that_was_ended_in_chat(world: World) -> None:
    world.says("李书记", "指定网格员", reply=world.incoming("小周", "大家好", RESIDENTS))
    world.restart()
    assert roles(world, "老王") == []
    assert roles(world, "小周") == [("幸福里第3网格", "grid_member", [])]


def test_a_group_set_up_by_code_works_before_a_member_is_named(world: World) -> None:
    with world.sessions.begin() as session:
        from models.units import Unit

        session.add(Unit(name="新网格", level="网格"))
    world.says("吴主任", f"/setup {code_for(world, '新网格')}", group=NEW)
    [card] = world.says("小赵", LEAK, group=NEW)
    assert "吴主任 负责" in card
    assert "还没有网格员：回复本人发“指定网格员”。" in world.says("吴主任", "/setup", group=NEW)[0]
    world.says("吴主任", "/assign", reply=world.incoming("小周", "大家好", NEW), group=NEW)
    assert world.says("小周", "/done 1 已修", group=NEW)[0].startswith("✅ 第1件办结")


def test_a_group_may_be_tied_anew(world: World) -> None:
    world.says("钱网格", "/setup 幸福里第4网格", group=NEW)
    world.says("赵主任", "/setup 幸福里第3网格", group=NEW)
    world.says("小赵", LEAK, group=NEW)
    assert world.ticket(1).assignee.name == "老王"


def test_a_grid_may_have_several_groups(world: World) -> None:
    world.says("李书记", "/setup 幸福里第3网格", group=NEW)
    world.says("小赵", LEAK, group=NEW)
    assert world.says("小李", "/status 1", group=RESIDENTS)[0].startswith("第1件 3号楼2单元")
    assert world.says("老王", "/done 1 已修", group=RESIDENTS) == ["第1件已办结，已告诉小赵。"]
    assert world.lines(NEW)[-1].startswith("✅ 第1件办结：已修（老王）")
    assert world.says("小李", "/status 1", group=OTHER) == ["本群没有第1件，请看卡片上的号。"]
    assert world.lines(STAFF) == []
