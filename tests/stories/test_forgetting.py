"""删除我的信息: names, words and files go, everywhere; the figures stay."""

import pytest

from tests.world import World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"
TRACES = ("蓝阿姨", "路灯坏了三天", "3号楼2单元", "灯罩在我这", "她家灯泡", "photo-ref", "我家也黑")


def test_everything_goes_but_the_figures(world: World) -> None:
    world.starts("老王")
    world.says("小李", RUBBISH)
    world.says("蓝阿姨", "我家也黑，垃圾臭", reply=world.card(1))
    world.says("蓝阿姨", LEAK, photo="photo-ref")
    world.says("蓝阿姨", "灯罩在我这", reply=world.card(2))
    world.says("老王", "/done 2 换了她家灯泡")
    world.tells("蓝阿姨", "我的")
    history = len(world.ticket(2).history)
    assert world.tells("蓝阿姨", "删除我的信息") == [
        "会删掉您反映的事里的名字、原话和附件，在办的会结束。确定就点下面。"
    ]
    assert world.presses("蓝阿姨", "确定删除", chat=world.id_of("蓝阿姨")) == [
        "已删除：您的名字、原话和附件。在办的0件已结束，只留数字。"
    ]
    world.waits(days=2)
    for trace in TRACES:
        assert not world.stored(trace), trace
    assert len(world.ticket(2).history) == history
    assert (world.ticket(2).state, world.ticket(2).category) == ("settled", "民生诉求")
    assert "已删除" in world.card(2).text


def test_the_account_itself_is_forgotten(world: World) -> None:
    number = world.id_of("蓝阿姨")
    world.says("蓝阿姨", LEAK)
    world.tells("蓝阿姨", "/forget")
    world.presses("蓝阿姨", "确定删除", chat=number)
    world.waits(days=3)
    with world.session() as session:
        from models.people import find_person

        assert find_person(session, "telegram", number) is None
    assert not [t for t in world.stored(f"'{number}'") if t != "pointers"]


def test_what_was_open_ends(world: World) -> None:
    world.says("蓝阿姨", LEAK)
    world.tells("蓝阿姨", "/forget")
    toast = world.presses("蓝阿姨", "确定删除", chat=world.id_of("蓝阿姨"))
    assert toast == ["已删除：您的名字、原话和附件。在办的1件已结束，只留数字。"]
    assert world.ticket(1).state == "silent"
    assert world.card().text == "第1件，已结束"
    assert world.says("老王", "/reopen 1 再看看") == ["第1件今天09:00已办结。"]
    assert world.says("老王", "/done 1") == ["第1件今天09:00已办结。没好？回“没好”。"]
    assert not any("第1件" in line for line in world.waits(days=9))


def test_only_the_person_themself_can_press(world: World) -> None:
    world.says("蓝阿姨", LEAK)
    world.says("蓝阿姨", "/forget")
    assert world.presses("小李", "确定删除") == ["这一步要反映的人自己点。"]
    assert world.ticket(1).reporter.name == "蓝阿姨"


def test_nothing_is_stored_about_whoever_only_chatted(world: World) -> None:
    world.says("小李", "大家早上好")
    assert world.says("小李", "删除我的信息") == ["没有存您的信息。"]
    assert world.stored("大家早上好") == []


def test_who_holds_a_post_hands_it_over_first(world: World) -> None:
    assert world.tells("老王", "删除我的信息") == ["您有职务在身，先请上级换人，再来删除。"]


def test_whoever_comes_back_is_a_new_person(world: World) -> None:
    world.says("蓝阿姨", LEAK)
    world.tells("蓝阿姨", "/forget")
    world.presses("蓝阿姨", "确定删除", chat=world.id_of("蓝阿姨"))
    assert world.tells("蓝阿姨", "我的") == ["您现在没有在办的事。有事发“登记”加一句话。"]
    world.says("蓝阿姨", RUBBISH)
    assert world.ticket(2).reporter.name == "蓝阿姨"
    assert world.ticket(1).reporter is None


def test_letters_about_no_ticket_are_gone_after_a_day(world: World) -> None:
    world.says("蓝阿姨", LEAK)
    world.tells("蓝阿姨", "我的")
    world.waits(hours=25)
    with world.session() as session:
        from models.letters import Letter

        loose = session.query(Letter).where(Letter.ticket_id.is_(None), Letter.kind == "reply").count()
    assert loose == 0


def test_what_neighbours_wait_for_goes_on_without_the_one_who_reported_it(world: World) -> None:
    world.says("蓝阿姨", LEAK, photo="photo-ref")
    world.says("小李", "我家也是，楼道黑得很", reply=world.card())
    world.says("张婶", "我家也是", reply=world.card())
    world.tells("蓝阿姨", "删除我的信息")
    toast = world.presses("蓝阿姨", "确定删除", chat=world.id_of("蓝阿姨"))
    assert toast == ["已删除：您的名字、原话和附件。在办的0件已结束，只留数字。"]
    ticket = world.ticket(1)
    assert (ticket.state, ticket.reporter.name, ticket.households) == ("open", "小李", 3)
    assert ticket.text == "我家也是，楼道黑得很"
    for trace in ("蓝阿姨", "路灯坏了三天", "photo-ref"):
        assert not world.stored(trace), trace
    world.says("老王", "/done 1 已修")
    assert world.lines()[-1].endswith("小李等3户，您看行吗？选什么群里不显示")


@pytest.mark.both_databases
def test_what_was_said_in_a_private_matter_goes_on_either_side(world: World) -> None:
    world.starts("老王", "王阿姨", "蓝阿姨")
    world.says("蓝阿姨", RUBBISH)
    world.says("王阿姨", "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了")
    world.tells("老王", "对方2 蓝阿姨")
    world.tells("蓝阿姨", "是他家先砸的门")
    told = next(s for s in reversed(world.channel.shown) if s.chat_id == "11" and "砸的门" in s.text)
    world.tells("老王", "我明天来看门", reply=told)
    world.tells("蓝阿姨", "删除我的信息")
    world.presses("蓝阿姨", "确定删除", chat=world.id_of("蓝阿姨"))
    world.waits(days=2)
    for trace in ("蓝阿姨", "砸的门", "来看门", "5号楼门口"):
        assert not world.stored(trace), trace
    assert world.ticket(2).is_open
    assert world.stored("闹翻了"), "the matter is somebody else's"


def test_a_mark_stays_in_the_figures_without_its_giver(world: World) -> None:
    world.says("蓝阿姨", LEAK)
    world.says("老王", "/done 1 灯已换")
    world.presses("蓝阿姨", "满意")
    world.tells("蓝阿姨", "删除我的信息")
    world.presses("蓝阿姨", "确定删除", chat=world.id_of("蓝阿姨"))
    with world.session() as session:
        from models.marks import Mark

        assert [(m.grade, m.person_id, m.reason) for m in session.query(Mark)] == [("good", None, "")]
