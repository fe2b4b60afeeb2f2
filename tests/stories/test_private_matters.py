"""矛盾纠纷: from the first commit nothing of it stands in any group, whatever is done with it."""

import pytest

from tests.world import OTHER, RESIDENTS, STAFF, STREET, Shown, World

QUARREL = "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了"
SECRETS = ("矛盾", "纠纷", "501", "楼上", "吵", "打孩子", "闹翻", "调解", "邻里", "密谈")
CARD = "📌 第1件，记下了\n老王会单独联系您，群里不再细说"
HIDDEN = "本群没有第1件，请看卡片上的号。"


def groups(world: World) -> list[Shown]:
    return [s for s in world.channel.shown if s.chat_id in (RESIDENTS, STAFF, OTHER, STREET)]


def assert_nothing_is_told(world: World) -> None:
    for shown in groups(world):
        assert not [w for w in SECRETS if w in shown.text], shown.text


def quarrel(world: World, *started: str) -> None:
    world.starts(*started)
    world.says("王阿姨", QUARREL)
    assert world.ticket(1).private


def test_the_card_says_nothing_and_offers_a_private_talk(world: World) -> None:
    assert world.says("王阿姨", QUARREL) == [CARD]
    card = world.card()
    assert card.post.reply_to is None, "the quote would show the words"
    assert card.labels == ["私下说"]
    assert [b.start for row in card.post.buttons for b in row] == ["p1"]
    assert card.mentions == ["11"]


def test_all_that_is_done_with_it_tells_the_groups_nothing(world: World) -> None:
    quarrel(world, "老王", "王阿姨")
    report = world.last_message
    for group in (RESIDENTS, STAFF):
        for who in ("小李", "王阿姨", "老王", "李书记"):
            world.waits(minutes=30)  # else the answers are folded
            for line in ("/status 1", "/why 1", "进度1", "依据1"):
                assert world.says(who, line, group=group) == [HIDDEN]
            world.says(who, "/my", group=group)
        world.says("老王", "/todo", group=group)
    world.edits(report, QUARREL + "，密谈")
    world.says("王阿姨", "还没人来", reply=world.card())
    world.says("王阿姨", "楼上501密谈了一次没用", reply=world.card())
    world.says("小李", "我家也是", reply=world.card())
    world.says("老王", "/take 1")
    world.says("老王", "/class 1 矛盾纠纷")
    world.says("老王", "/class 1 环境卫生")
    assert world.ticket(1).private
    world.waits(days=8)
    world.says("老王", "/done 1 和501密谈调解好了", photo="room")
    world.says("王阿姨", "/reopen 1 501又吵了")
    world.says("李书记", "/void 1 501密谈过了")
    world.presses("王阿姨", "仍要登记")
    world.tells("老王", "/done 1 密谈调解好了")
    world.waits(days=8)
    assert world.ticket(1).state == "silent"
    assert_nothing_is_told(world)
    assert not any(s.post.attachments for s in groups(world))


def test_nothing_leaks_to_the_staff_group_when_nobody_can_be_reached(world: World) -> None:
    quarrel(world)
    world.says("王阿姨", "楼上501密谈了一次没用", reply=world.card())
    world.says("王阿姨", "还没人来，501还在吵", reply=world.card())
    world.waits(days=9)
    lines = world.lines(STAFF)
    assert lines[0].startswith(
        "🔔 第1件 找不到能收私聊的人（幸福里第3网格）\n单独联系的事\n负责：老王，电话13800000011"
    )
    assert_nothing_is_told(world)


def test_the_responsible_person_reads_it_privately(world: World) -> None:
    quarrel(world, "老王")
    ping = world.private("老王")[-1]
    assert ping.startswith("🔔 第1件 等您接手（幸福里第3网格）")
    assert f"“{QUARREL}”" in ping


def test_a_chaser_gets_no_line_in_the_group_but_the_member_a_word(world: World) -> None:
    quarrel(world, "老王")
    assert world.says("王阿姨", "还没人来", reply=world.card()) == []
    assert world.private("老王")[-1].startswith("第1件 居民在问：“还没人来”")


def test_the_note_reaches_the_reporter_alone(world: World) -> None:
    quarrel(world, "老王", "王阿姨")
    assert world.says("老王", "/done 1 两家都答应了", photo="room") == [
        "✅ 第1件已有回话（老王）\n王阿姨，您看行吗？选什么群里不显示"
    ]
    assert next(s for s in reversed(world.channel.shown) if s.chat_id == RESIDENTS).post.attachments == ()
    letter = next(s for s in reversed(world.channel.shown) if s.chat_id == world.id_of("王阿姨"))
    assert letter.text == "第1件办结：两家都答应了（老王）\n您看行吗？选什么群里不显示"
    assert letter.post.attachments == (("photo", "room"),)
    assert world.presses("王阿姨", "满意", on=letter) == ["谢谢，第1件已确认。"]
    assert world.lines()[-1] == "✅ 第1件已有回话（老王）\n本人已确认"


def test_the_reason_of_a_void_reaches_the_reporter_alone(world: World) -> None:
    quarrel(world, "王阿姨")
    assert world.says("老王", "/void 1 两家已和好") == ["第1件不立单（老王）\n王阿姨，觉得不对就点“仍要登记”"]
    assert world.private("王阿姨")[-1] == "第1件不立单：两家已和好（老王）\n觉得不对就点“仍要登记”"


def test_the_deep_link_opens_for_the_reporter(world: World) -> None:
    quarrel(world)
    assert world.tells("王阿姨", "/start p1") == ["第1件，这里说的只有负责的人看得到，直接写就行。"]


@pytest.mark.parametrize("who", ["老王", "陈副", "李书记"])
def test_the_deep_link_opens_for_those_in_charge(world: World, who: str) -> None:
    quarrel(world)
    assert world.tells(who, "/start p1") == [
        "第1件，您写的只转给本人。\n要和另一边谈：对方1 姓名\n谈不拢可请调解员：联办1 调解员"
    ]


@pytest.mark.parametrize("who", ["小李", "钱网格", "周物业", "路人", "孙楼长"])
def test_the_deep_link_is_shut_for_everybody_else(world: World, who: str) -> None:
    world.says("小李", "5号楼门口的垃圾堆了三天没人清")
    world.starts("老王")
    world.says("王阿姨", QUARREL)
    assert world.tells(who, "/start p2") == ["您这里没有第2件，请看卡片上的号。"]
    world.tells(who, "我来打听一下密谈")
    assert [e.kind for e in world.ticket(2).history] == ["opened"]
    assert not any("密谈" in line for line in world.private("老王"))


@pytest.mark.parametrize("parameter", ["p99", "p0", "p99999999999999", "hello", "p1;", "px", "g1"])
def test_a_bent_deep_link_does_no_harm(world: World, parameter: str) -> None:
    quarrel(world)
    assert len(world.tells("路人", f"/start {parameter}")) == 1


def test_what_is_said_privately_goes_to_and_fro(world: World) -> None:
    quarrel(world, "老王")
    world.tells("王阿姨", "/start p1")
    assert world.tells("王阿姨", "他家密谈不成，我电话13812345678") == ["记在第1件里了，老王看得到。"]
    assert world.private("老王")[-1] == "第1件 王阿姨补充：“他家密谈不成，我电话138****5678”"
    world.tells("老王", "/start p1")
    assert world.tells("老王", "我今晚上门") == ["已转给王阿姨，记在第1件里了。"]
    assert world.private("王阿姨")[-1] == "第1件 老王补充：“我今晚上门”"
    assert world.tells("王阿姨", "好了") == ["谢谢，第1件已确认。"]
    assert world.ticket(1).state == "confirmed"
    assert_nothing_is_told(world)


def test_the_member_is_told_when_the_reporter_cannot_be_reached(world: World) -> None:
    quarrel(world)
    world.tells("老王", "/start p1")
    assert world.tells("老王", "我今晚上门") == ["记在第1件里了。王阿姨还没点“开始”，收不到私聊，请打电话或上门。"]


def test_without_a_matter_private_words_get_a_hint(world: World) -> None:
    assert world.tells("王阿姨", "在吗") == ["请在网格群里说，我在群里听着。看进度发“我的”。"]


def test_a_second_party_gets_a_matter_of_their_own(world: World) -> None:
    quarrel(world)
    world.says("小李", QUARREL)
    assert world.tickets() == 2
    assert world.ticket(1).followers == []
    assert world.tells("小李", "/status 1") == ["您这里没有第1件，请看卡片上的号。"]


def test_nobody_joins_a_private_matter_by_a_button(world: World) -> None:
    quarrel(world)
    assert world.press_action("小李", "join:1") == ["这个按钮过时了，请看最新的卡片。"]
    assert world.ticket(1).followers == []


def test_what_becomes_a_dispute_leaves_the_group(world: World) -> None:
    world.says("王阿姨", "3号楼2单元的路灯坏了三天了，没人修")
    assert world.says("老王", "/class 1 矛盾纠纷") == ["第1件已改为单独联系。"]
    assert world.card().text == CARD
    assert world.says("老王", "/status 1") == [HIDDEN]


def test_an_edit_that_makes_it_a_dispute_hides_it(world: World) -> None:
    world.says("王阿姨", "3号楼2单元的路灯坏了三天了，没人修")
    world.edits(world.last_message, QUARREL)
    assert world.card().text == CARD


def test_a_dispute_registered_by_hand_is_private_too(world: World) -> None:
    assert world.says("王阿姨", "登记 " + QUARREL) == [CARD]
    assert world.ticket(1).private


def test_the_reporter_registers_in_private_chat(world: World) -> None:
    world.says("王阿姨", "3号楼2单元的路灯坏了三天了，没人修")
    world.starts("老王")
    before = len(groups(world))
    assert world.tells("王阿姨", "登记 对门501欠我钱不还")[0].startswith("记下了，第2件。老王会联系您")
    assert "欠我钱" in world.private("老王")[-1]
    world.tells("老王", "/done 2 已劝和")
    assert world.private("王阿姨")[-1] == "第2件办结：已劝和（老王）\n您看行吗？选什么群里不显示"
    assert world.tells("王阿姨", "没好", reply=None) != []
    world.waits(days=5)
    told = [s.text for s in groups(world)[before:] if "第2件" in s.text]
    assert told == []


def test_a_stranger_registering_in_private_is_sent_to_their_group(world: World) -> None:
    assert world.tells("路人", "登记 路灯坏了") == ["请在网格群里发这一句。"]
    assert world.tickets() == 0


@pytest.mark.parametrize("reply", [False, True])
def test_a_quarrel_right_after_a_public_report_has_a_ticket_of_its_own(world: World, reply: bool) -> None:
    world.says("王阿姨", "3号楼2单元的路灯坏了三天了，没人修")
    quarrel = "我家和楼上因为漏水吵了好几次，两家为赔钱闹翻了"
    assert world.says("王阿姨", quarrel, reply=world.card() if reply else None) == [CARD.replace("第1件", "第2件")]
    assert [world.ticket(n).private for n in (1, 2)] == [False, True]
    assert len(world.ticket(1).history) == 1


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("我妈查出肝癌，没人照顾，社区能帮忙吗", "肝癌"),
        ("我家实在揭不开锅了，能不能申请临时救助", "揭不开锅"),
        ("我弟欠了网贷，讨债的天天堵门", "网贷"),
        ("兄弟几个为老人的房子分家产，说不拢", "家产"),
    ],
)
def test_illness_debts_and_family_money_leave_the_group_too(world: World, line: str, secret: str) -> None:
    world.starts("老王")
    assert world.says("王阿姨", f"登记 {line}") == [CARD]
    assert not [s for s in groups(world) if secret in s.text]
    assert secret in world.private("老王")[-1]


def test_a_thing_of_the_neighbourhood_is_no_secret_because_somebody_is_ill(world: World) -> None:
    world.says("王阿姨", "登记 3号楼的电梯坏了，我妈化疗回来上不去")
    assert not world.ticket(1).private


def test_who_is_lost_is_looked_for_by_all(world: World) -> None:
    world.says("王阿姨", "快帮忙找找，我爸老年痴呆，下午从小区走出去到现在没回来")
    assert (world.ticket(1).emergency, world.ticket(1).private) == ("missing", False)


WAYS = (
    "/deadline 1",
    "/up 1 和501密谈不成",
    "/joint 1 李书记：和501密谈调解",
    "/way 1 社区协调",
    "/extend 1 2天 和501密谈调解",
    "/suspend 1 到20日 501密谈",
    "/return 1 501密谈不归我",
    "/transfer 1 陈副 和501密谈",
    "/merge 1 2",
    "/split 1 501密谈",
    "/side 1 小李",
    "/finish 1 501密谈三次",
    "/mydata",
)


@pytest.mark.parametrize("where", [RESIDENTS, STAFF, STREET, "private"])
def test_no_way_of_handling_it_tells_the_groups(world: World, where: str) -> None:
    quarrel(world, "老王")
    for line in WAYS:
        for who in ("老王", "李书记"):
            if where == "private":
                world.tells(who, line)
            else:
                world.says(who, line, group=where)
    world.waits(days=2)
    assert_nothing_is_told(world)
