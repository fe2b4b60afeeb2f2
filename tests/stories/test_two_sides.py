"""A quarrel has two sides: each speaks with the member alone, and neither reads the other or hears who it was."""

import pytest

from tests.world import OTHER, RESIDENTS, STAFF, STREET, Shown, World

QUARREL = "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了"
ASKED = "幸福里第3网格网格员老王想和您单独聊一件事，群里不说\n有话回这条，只有办事的人看得到"
GROUPS = (RESIDENTS, STAFF, OTHER, STREET)


@pytest.fixture
def quarrel(world: World) -> World:
    world.starts("老王", "王阿姨", "小李")
    world.says("小李", "5号楼门口的垃圾堆了三天没人清")
    world.says("王阿姨", QUARREL)
    assert world.ticket(2).private
    return world


def newest(world: World, who: str, holding: str) -> Shown:
    return next(s for s in reversed(world.channel.shown) if s.chat_id == world.id_of(who) and holding in s.text)


def called(world: World) -> World:
    world.tells("老王", "对方2 小李")
    return world


def test_the_other_side_is_asked_without_a_name_a_number_or_a_word_of_it(quarrel: World) -> None:
    groups = len([s for s in quarrel.channel.shown if s.chat_id in GROUPS])
    assert quarrel.tells("老王", "对方2 小李") == [
        "已请小李单独谈（第2件），回复他的话就是答他\n没说是谁反映的，请您也别说。"
    ]
    assert quarrel.private("小李")[-1] == ASKED
    for secret in ("王阿姨", "第2件", "501", "矛盾"):
        assert secret not in "".join(quarrel.private("小李"))
    assert len([s for s in quarrel.channel.shown if s.chat_id in GROUPS]) == groups


def test_the_member_reads_both_sides_marked_and_neither_reads_the_other(quarrel: World) -> None:
    called(quarrel)
    assert quarrel.tells("小李", "是他家先砸的门") == ["记下了，老王看得到，别人看不到。"]
    assert quarrel.private("老王")[-1] == "第2件 对方小李：“是他家先砸的门”"
    quarrel.tells("王阿姨", "/start p2")
    quarrel.tells("王阿姨", "昨晚又吵到两点")
    assert quarrel.private("老王")[-1] == "第2件 反映人王阿姨：“昨晚又吵到两点”"
    assert not any("砸的门" in line for line in quarrel.private("王阿姨"))
    assert not any("吵到两点" in line or "王阿姨" in line for line in quarrel.private("小李"))


def test_an_answer_goes_to_the_side_whose_words_are_answered(quarrel: World) -> None:
    called(quarrel)
    quarrel.tells("小李", "是他家先砸的门")
    assert quarrel.tells("老王", "我明天去看门", reply=newest(quarrel, "老王", "砸的门")) == [
        "已转给对方小李，记在第2件里了。"
    ]
    assert quarrel.private("小李")[-1] == "老王回您：“我明天去看门”"
    assert not any("看门" in line for line in quarrel.private("王阿姨"))
    quarrel.tells("王阿姨", "/start p2")
    quarrel.tells("王阿姨", "昨晚又吵到两点")
    quarrel.tells("老王", "我找他谈过了", reply=newest(quarrel, "老王", "吵到两点"))
    assert quarrel.private("王阿姨")[-1] == "第2件 老王补充：“我找他谈过了”"
    assert not any("谈过了" in line for line in quarrel.private("小李"))


def test_words_that_answer_neither_side_go_to_nobody(quarrel: World) -> None:
    called(quarrel)
    quarrel.tells("老王", "/start p2")
    assert quarrel.tells("老王", "我明天去") == ["第2件有两边。请回复那一边说的话，再写给他。"]
    assert not any("我明天去" in line for who in ("王阿姨", "小李") for line in quarrel.private(who))
    assert quarrel.stored("我明天去") == []


def test_a_slip_of_the_pen_does_not_name_the_reporter(quarrel: World) -> None:
    called(quarrel)
    quarrel.tells("小李", "谁说的")
    answer = quarrel.tells("老王", "王阿姨说你半夜打孩子", reply=newest(quarrel, "老王", "谁说的"))
    assert answer == ["反映人不愿露名，您这句里有王阿姨，请改了再发。"]
    assert not any("王阿姨" in line for line in quarrel.private("小李"))


def test_the_reporter_may_allow_the_name_and_take_it_back(quarrel: World) -> None:
    quarrel.tells("王阿姨", "/start p2")
    chat = quarrel.id_of("王阿姨")
    assert quarrel.presses("王阿姨", "可以说是我", chat=chat) == ["好的，第2件可以对对方说是您反映的。"]
    assert quarrel.private("老王")[-1] == "第2件 反映人同意对对方说出姓名。"
    assert not quarrel.ticket(2).unnamed
    called(quarrel)
    assert quarrel.private("小李")[-1].startswith("幸福里第3网格网格员老王想和您单独聊一件事，是王阿姨反映的")
    assert quarrel.press_action("王阿姨", "named:2:no", chat) == ["好的，第2件不对对方说是您。"]
    assert quarrel.ticket(2).unnamed
    assert quarrel.press_action("小李", "named:2:yes", quarrel.id_of("小李")) == ["您这里没有第2件，请看卡片上的号。"]


@pytest.mark.parametrize("line", ["/status 2", "进度2", "/why 2", "/start p2", "/done 2", "/reopen 2 x", "/forget 2"])
def test_the_other_side_learns_nothing_by_asking(quarrel: World, line: str) -> None:
    called(quarrel)
    told = "".join(quarrel.tells("小李", line))
    for secret in ("王阿姨", "501", "吵架", "矛盾", "老王"):
        assert secret not in told
    assert quarrel.ticket(2).state == "open"


@pytest.mark.parametrize("line", ["好了", "没好", "满意", "我家也是", "还没人来", "不满意"])
def test_short_words_of_the_other_side_move_nothing(quarrel: World, line: str) -> None:
    called(quarrel)
    asked = newest(quarrel, "小李", "单独聊")
    quarrel.tells("小李", line, reply=asked)
    assert (quarrel.ticket(2).state, quarrel.ticket(2).followers) == ("open", [])
    assert quarrel.private("老王")[-1] == f"第2件 对方小李：“{line}”"


def test_after_it_has_ended_the_other_side_is_heard_no_more(quarrel: World) -> None:
    called(quarrel)
    quarrel.tells("老王", "/done 2 两家都答应了")
    assert not any("两家都答应" in line for line in quarrel.private("小李"))
    quarrel.tells("小李", "我还要说")
    assert not any("我还要说" in line for line in quarrel.private("老王"))


def test_it_can_be_taken_back_when_it_was_somebody_else(quarrel: World) -> None:
    called(quarrel)
    chat = quarrel.id_of("老王")
    assert quarrel.presses("老王", "撤回", chat=chat) == ["已撤回，小李不再是第2件的对方。"]
    quarrel.tells("小李", "是他家先砸的门")
    assert not any("砸的门" in line for line in quarrel.private("老王"))
    assert quarrel.press_action("小李", "sideoff:2:1", quarrel.id_of("小李")) == ["这一步要由本网格负责的人来做。"]


def test_who_cannot_be_reached_is_called_on(quarrel: World) -> None:
    quarrel.says("赵叔", "大家好")
    assert quarrel.tells("老王", "对方2 赵叔") == [
        "记下了，赵叔是第2件的对方\n还没点“开始”，收不到私聊，请打电话或上门\n没说是谁反映的，请您也别说。"
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("对方2", "对方是谁？请写姓名，或点名选中本人，如 对方2 小李"),
        ("对方2 没人认识", "没找到“没人认识”\n请本人在群里说句话或给我点“开始”，再发一次；也可以打电话、上门"),
        ("对方2 王阿姨", "第2件就是王阿姨反映的。"),
        ("对方2 李书记", "李书记已经在办第2件，或已经是对方了。"),
        ("对方1 小李", "第1件不是单独联系的事，不用分两边谈。"),
    ],
)
def test_what_cannot_be_is_said(quarrel: World, line: str, answer: str) -> None:
    assert quarrel.tells("老王", line) == [answer]


def test_nobody_is_named_in_a_group(quarrel: World) -> None:
    assert quarrel.says("老王", "对方2 小李", group=STAFF) == ["请在私聊里发，群里会看见。"]
    assert quarrel.tells("小李", "对方2 王阿姨") == ["这一步要由本网格负责的人来做。"]


def test_whoever_gets_it_reads_on_and_the_first_asked_too(quarrel: World) -> None:
    quarrel.starts("陈副")
    called(quarrel)
    quarrel.tells("小李", "是他家先砸的门")
    quarrel.tells("王阿姨", "/start p2")
    quarrel.tells("王阿姨", "昨晚又吵到两点")
    quarrel.tells("老王", "/transfer 2 陈副")
    assert quarrel.ticket(2).assignee.name == "陈副"
    so_far = quarrel.tells("陈副", "/start p2")[-1]
    assert "对方小李：“是他家先砸的门”" in so_far
    assert "反映人王阿姨：“昨晚又吵到两点”" in so_far
    quarrel.tells("小李", "门他还没修")
    for who in ("陈副", "老王"):
        assert quarrel.private(who)[-1] == "第2件 对方小李：“门他还没修”"


def test_a_mediator_who_was_called_reads_both_sides(world: World) -> None:
    world.starts("老王", "王阿姨", "小李", "陈副", "周物业")
    world.says("王阿姨", QUARREL)
    world.tells("老王", "对方1 小李")
    assert "联办1 调解员" in world.tells("老王", "/start p1")[-1]
    world.tells("老王", "联办1 周物业")
    with world.sessions.begin() as session:
        from models.parties import Party

        session.query(Party).where(Party.part == "helper").update({"part": "mediator"})
    world.tells("小李", "是他家先砸的门")
    assert world.private("周物业")[-1] == "第1件 对方小李：“是他家先砸的门”"
