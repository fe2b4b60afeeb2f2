"""Who may do what, cell by cell: the table of the charter, in the group, in private chat and by button."""

from dataclasses import replace

import pytest

from models.messages import Sender
from tests.world import OTHER, RESIDENTS, STAFF, World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
QUARREL = "楼上天天半夜吵架打孩子，我们两家为这个闹翻了"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"

WHO = {
    "resident": "小李",
    "reporter": "王阿姨",
    "grid_member": "老王",
    "deputy": "陈副",
    "building_contact": "孙楼长",
    "cadre": "李书记",
    "supervisor": "赵主任",
    "property": "周物业",
    "other": "钱网格",
}
RESPONSIBLE = ("grid_member", "deputy", "building_contact", "cadre", "supervisor")
COMMANDS = {
    "status": "/status 1",
    "why": "/why 1",
    "done": "/done 1 已修",
    "take": "/take 1",
    "class": "/class 1 环境卫生",
    "void": "/void 1 同一件事",
    "reopen": "/reopen 1 又坏了",
}
CLOSED_FIRST = {"reopen"}


def expected(command: str, standing: str, *, private: bool) -> str:
    """The charter's table as it is written there: yes, no, or missing (reads like an unknown number)."""
    if command == "done" and standing == "property":
        return "yes"  # a proposal, which settles nothing
    if standing == "other" or (private and standing == "property"):
        return "missing"
    if command in ("status", "why"):
        return "yes"
    if standing in RESPONSIBLE or (command == "reopen" and standing == "reporter"):
        return "yes"
    return "no"


def a_street_of(world: World, text: str = LEAK) -> None:
    """Ticket 1 by 王阿姨, ticket 2 by 小李, so that both are known to live here."""
    world.says("王阿姨", text)
    world.says("小李", RUBBISH)


def answer_to(world: World, who: str, line: str, *, private: bool, group: str = RESIDENTS) -> tuple[str, str]:
    """(yes | no | missing, the words) for this line."""
    chat = world.id_of(who) if private else group
    before = len(world.channel.shown)
    message = world.incoming(who, line, chat, chat_kind="private" if private else "group")
    [outcome] = world.receive(message)
    words = "\n".join(s.text for s in world.channel.shown[before:] if s.chat_id == chat)
    if outcome.kind != "refused":
        return "yes", words
    return ("missing" if words.startswith(("本群没有第", "您这里没有第")) else "no"), words


@pytest.mark.parametrize("private", [False, True], ids=["group", "private"])
@pytest.mark.parametrize("standing", WHO)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_for_an_open_matter(world: World, command: str, standing: str, private: bool) -> None:
    a_street_of(world)
    if command in CLOSED_FIRST:
        world.says("老王", "/done 1 已修")
    before = world.ticket(1).state
    group = OTHER if standing == "other" else RESIDENTS
    said, words = answer_to(world, WHO[standing], COMMANDS[command], private=private, group=group)
    assert said == expected(command, standing, private=private), words
    proposal = (command, standing) == ("done", "property")
    assert words or proposal, "nobody is left without an answer"
    if said != "yes" or proposal:
        assert world.ticket(1).state == before


@pytest.mark.parametrize("standing", WHO)
@pytest.mark.parametrize("command", ["status", "why"])
def test_a_private_matter_in_a_group_reads_like_a_missing_number(world: World, command: str, standing: str) -> None:
    a_street_of(world, QUARREL)
    said, words = answer_to(world, WHO[standing], COMMANDS[command], private=False)
    assert (said, words) == ("missing", "本群没有第1件，请看卡片上的号。")
    said, words = answer_to(world, WHO[standing], COMMANDS[command], private=False, group=STAFF)
    assert said == "missing", words


@pytest.mark.parametrize("standing", WHO)
@pytest.mark.parametrize("command", ["status", "why"])
def test_a_private_matter_is_shown_privately_to_its_own_people(world: World, command: str, standing: str) -> None:
    a_street_of(world, QUARREL)
    world.says("老王", "/void 2 同一件事")
    contact = standing == "building_contact"  # answers for building 3 only, and this matter names no building
    may = standing in (*RESPONSIBLE, "reporter") and not contact
    said, words = answer_to(world, WHO[standing], COMMANDS[command], private=True)
    assert said == ("yes" if may else "missing"), words


@pytest.mark.parametrize("who", ["小李", "王阿姨", "老王", "孙楼长", "李书记", "赵主任", "周物业"])
def test_everybody_of_the_group_may_report_and_join(world: World, who: str) -> None:
    world.says("张婶", LEAK)
    assert "记下了" in world.says(who, "/report 门口的桌子坏了")[0]
    assert world.ticket(2).reporter.name == who
    assert world.presses(who, "我家也是", on=world.card(1)) == ["记下了，第1件有进展一并告诉您。"]


def test_a_stranger_can_neither_join_nor_settle_nor_look(world: World) -> None:
    world.says("王阿姨", LEAK)
    for action in ("join:1", "done:1", "take:1", "void:1", "good:1", "bad:1"):
        assert world.press_action("路人", action, chat="999000") == ["您这里没有第1件，请看卡片上的号。"]
        assert world.press_action("钱网格", action, chat=OTHER) == ["本群没有第1件，请看卡片上的号。"]
    assert answer_to(world, "路人", "/status 1", private=True)[0] == "missing"
    assert world.ticket(1).state == "open"
    assert world.ticket(1).followers == []


@pytest.mark.parametrize("label", ["办结", "我来办", "不立单"])
@pytest.mark.parametrize("standing", ["resident", "reporter", "property"])
def test_a_button_obeys_the_same_table(world: World, label: str, standing: str) -> None:
    a_street_of(world)
    action = {"办结": "done:1", "我来办": "take:1", "不立单": "void:1"}[label]
    [toast] = world.press_action(WHO[standing], action)
    assert toast in (
        "办结要由本网格的人点。您家的事好了，回一句“好了”就行。",
        "这一步要由本网格负责的人来做。",
        *(["第1件：已告诉老王，看过再办结。"] if (label, standing) == ("办结", "property") else []),
    )
    assert world.ticket(1).state == "open"


def test_the_reporter_closes_their_own_with_a_word(world: World) -> None:
    a_street_of(world)
    assert world.says("小李", "好了", reply=world.card(1)) == []
    assert world.ticket(1).state == "open"
    world.says("王阿姨", "好了", reply=world.card(1))
    assert world.ticket(1).state == "confirmed"


def test_a_building_contact_answers_for_their_building_only(world: World) -> None:
    a_street_of(world)
    assert answer_to(world, "孙楼长", "/done 2 已清", private=False)[0] == "no"
    assert answer_to(world, "孙楼长", "/done 2 已清", private=True)[0] == "missing"
    assert answer_to(world, "孙楼长", "/done 1 已修", private=True)[0] == "yes"


def test_a_contact_without_a_building_answers_for_the_whole_grid(world: World) -> None:
    a_street_of(world)
    world.says("李书记", "/assign 楼门长", reply=world.incoming("张婶", "大家好", RESIDENTS))
    assert answer_to(world, "张婶", "/done 2 已清", private=False)[0] == "yes"


@pytest.mark.parametrize("kind", ["anonymous_admin", "channel"])
@pytest.mark.parametrize(
    "line", ["/done 1 已修", "/void 1 算了", "/setup", "/assign", "/talk 20日 取消 有事", "/status 1", "/report 灯坏了"]
)
def test_nobody_without_a_face_has_any_right(world: World, kind: str, line: str) -> None:
    world.says("王阿姨", LEAK)
    faceless = Sender(None, "网格群", kind)  # type: ignore[arg-type]
    assert world.says("群", line, sender=faceless) == ["匿名身份不能办理，请用自己的账号。"]
    assert world.ticket(1).state == "open"
    assert world.tickets() == 1


@pytest.mark.parametrize("kind", ["anonymous_admin", "channel"])
@pytest.mark.parametrize("line", [LEAK, "已处理", "收到", "好了", "我家也是", "还没人来", "+1"])
def test_faceless_words_are_a_notice_and_move_nothing(world: World, kind: str, line: str) -> None:
    world.says("王阿姨", LEAK)
    faceless = Sender(None, "网格群", kind)  # type: ignore[arg-type]
    assert world.says("群", line, sender=faceless) == []
    assert world.says("群", line, sender=faceless, reply=world.card()) == []
    assert world.tickets() == 1
    assert world.ticket(1).state == "open"
    assert world.ticket(1).followers == []


def test_a_faceless_press_is_refused(world: World) -> None:
    world.says("王阿姨", LEAK)
    press = world.incoming("群", "", RESIDENTS)
    assert press.sender.kind == "user"
    before = world.ticket(1).state
    faceless = Sender(None, "网格群", "anonymous_admin")
    world.receive(replace(world.incoming("群", "/take 1", RESIDENTS), sender=faceless))
    assert world.ticket(1).state == before


def test_staff_words_are_a_notice_but_volunteers_write_as_residents(world: World) -> None:
    for who in ("老王", "李书记", "周物业", "陈副", "赵主任"):
        assert world.says(who, LEAK) == []
    assert world.tickets() == 0
    world.says("李书记", "/assign 志愿者", reply=world.incoming("小红帽", "大家好", RESIDENTS))
    assert len(world.says("小红帽", LEAK)) == 1
    assert answer_to(world, "小红帽", "/done 1", private=False)[0] == "no"


@pytest.mark.parametrize("line", ["/setup", "/assign 楼门长", "/talk 20日 取消 有事"])
@pytest.mark.parametrize("who", ["小李", "王阿姨", "周物业", "钱网格", "老王", "陈副", "孙楼长"])
def test_running_the_group_takes_a_cadre_or_a_post_above(world: World, line: str, who: str) -> None:
    a_street_of(world)
    assert world.says(who, line, reply=world.incoming("张婶", "大家好", RESIDENTS)) == ["这一步要有职务的人来做。"]


@pytest.mark.parametrize("who", ["李书记", "赵主任"])
@pytest.mark.parametrize("line", ["/setup", "/assign 楼门长", "/talk 20日 取消 有事"])
def test_a_post_here_or_above_may_run_the_group(world: World, line: str, who: str) -> None:
    [answer] = world.says(who, line, reply=world.incoming("张婶", "大家好", RESIDENTS))
    assert "职务" not in answer


def test_only_the_level_above_voids_what_is_overdue_or_reopened(world: World) -> None:
    a_street_of(world)
    world.says("老王", "/done 1 已修")
    world.says("王阿姨", "/reopen 1 又坏了")
    assert world.says("老王", "/void 1 算了") == ["第1件不立单，已请社区李书记定。"]
    assert world.tells("老王", "/void 1 算了") == ["第1件不立单正等上一级定。"]
    assert world.press_action("陈副", "void:1:dup") == ["第1件不立单正等上一级定。"]
    world.waits(days=4)
    assert "已请" in world.tells("老王", "/void 2 算了")[0]
    assert world.ticket(1).is_open and world.ticket(2).is_open
    world.says("李书记", "/void 1 转街道")
    world.tells("赵主任", "/void 2 转街道")
    assert (world.ticket(1).state, world.ticket(2).state) == ("void", "void")
