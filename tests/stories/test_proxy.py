"""代报 (R14, R33): matters from other channels and for people without a phone, under the same law as all others."""

from datetime import timedelta

import pytest

from models.drafts import Draft
from tests.world import OTHER, RESIDENTS, STAFF, STREET, World, china


@pytest.fixture
def staffed(world: World) -> World:
    world.starts("老王", "李书记", "陈副")
    return world


LINE = "代报 服务站 王奶奶 13800001111 昨天下午 3号楼2单元 水管漏水"


def test_one_line_holds_channel_name_number_time_and_matter(staffed):
    staffed.tells("老王", LINE)
    ticket = staffed.ticket(1)
    assert (ticket.came_by, ticket.contact, ticket.thing, ticket.place) == (
        "station",
        "13800001111",
        "水管漏水",
        "3号楼2单元",
    )
    assert ticket.reporter.name == "王奶奶"
    assert ticket.text == "3号楼2单元 水管漏水"
    assert ticket.happened_at == china(3, 1, 15)
    assert ticket.opened_at == china(3, 2, 9)


def test_the_neighbours_read_the_card_without_name_or_number(staffed):
    staffed.tells("老王", LINE)
    card = staffed.card().text
    assert "3号楼2单元 水管漏水" in card
    assert not any(secret in line for line in staffed.lines() for secret in ("王奶奶", "1380000", "1111"))


def test_whoever_entered_it_is_asked_to_tell_the_person_at_each_step(staffed):
    staffed.tells("老王", LINE)
    first = staffed.private("老王")[-1]
    assert first.startswith("📞 第1件 请告诉王奶奶（13800001111）")
    assert "老王负责" in first
    assert staffed.presses("老王", "已告诉", chat=staffed.id_of("老王")) == ["好的，第1件记下了：已告诉本人。"]
    assert staffed.private("老王")[-1] == "第1件 已告诉王奶奶（138****1111）"
    staffed.tells("李书记", "办结1 水管已换")
    staffed.waits(minutes=1)
    assert "办结：水管已换" in staffed.private("老王")[-1]
    assert [e.kind for e in staffed.ticket(1).history] == ["opened", "told", "settle"]


def test_what_the_person_answers_is_marked_for_them(staffed):
    staffed.tells("老王", LINE)
    staffed.tells("李书记", "办结1 水管已换")
    staffed.waits(minutes=1)
    staffed.presses("老王", "已告诉", chat=staffed.id_of("老王"))
    assert staffed.presses("老王", "满意", chat=staffed.id_of("老王")) == ["好的，第1件已回访。"]
    assert staffed.ticket(1).state == "confirmed"
    assert "visited" in [e.kind for e in staffed.ticket(1).history]


def test_still_bad_on_the_telephone_takes_it_up_again(staffed):
    staffed.tells("老王", LINE)
    staffed.tells("李书记", "办结1 水管已换")
    staffed.waits(minutes=1)
    staffed.presses("老王", "已告诉", chat=staffed.id_of("老王"))
    staffed.presses("老王", "还没解决", chat=staffed.id_of("老王"))
    ticket = staffed.ticket(1)
    assert (ticket.state, ticket.rework) == ("open", 1)


def test_nobody_marks_their_own_work(staffed):
    staffed.tells("老王", LINE)
    staffed.tells("老王", "办结1 水管已换")
    staffed.waits(minutes=1)
    asked = staffed.private("陈副")[-1]
    assert asked.startswith("📞 第1件 请告诉王奶奶")
    staffed.press_action("老王", f"told:1:{staffed.ticket(1).history[-1].id}", staffed.id_of("老王"))
    assert staffed.press_action("老王", "visit:1:good", staffed.id_of("老王")) == ["第1件是您办的，请别的同事来问。"]
    assert staffed.ticket(1).state == "settled"


def test_who_was_not_told_within_a_working_day_is_asked_about_once(staffed):
    staffed.tells("老王", LINE)
    staffed.tells("老王", "我来办1")
    staffed.waits_until(china(3, 3, 9, 30))
    assert len(reminders(staffed)) == 1
    staffed.waits_until(china(3, 5, 17))
    assert len(reminders(staffed)) == 1


def test_a_step_that_follows_takes_the_place_of_the_untold_one(staffed):
    staffed.tells("老王", LINE)
    staffed.tells("李书记", "办结1 水管已换")
    staffed.waits_until(china(3, 3, 9, 30))
    assert len(reminders(staffed)) == 1
    assert "办结" in reminders(staffed)[0]


def test_a_line_of_staff_in_the_group_is_answered_by_the_card_alone(staffed):
    assert len(staffed.says("老王", LINE)) == 1
    assert staffed.card().post.reply_to is None
    assert staffed.private("老王")[-1].endswith("群里那句有姓名电话，可以删掉。")


def test_a_staff_group_reads_the_number_of_the_ticket_and_nothing_more(staffed):
    assert staffed.says("老王", LINE, group=STAFF) == ["第1件，记下了。"]
    assert staffed.lines()[-1].startswith("📌 第1件")


def test_from_the_staff_group_of_the_street_the_grid_must_be_named(staffed):
    answer = staffed.says("赵主任", "代报 热线 3号楼2单元水管漏水", group=STREET)
    assert "幸福里第3网格、幸福里第4网格" in answer[0]
    staffed.says("赵主任", "代报 热线 第4网格3号楼2单元水管漏水", group=STREET)
    assert staffed.ticket(1).unit.name == "幸福里第4网格"
    assert staffed.lines(OTHER)[-1].startswith("📌 第1件")


@pytest.mark.parametrize(
    ("line", "channel", "name", "text"),
    [
        ("代报 热线 老王家漏水", "hotline", "居民", "老王家漏水"),
        ("代报 老刘 3号楼电梯坏了", "in_person", "老刘", "3号楼电梯坏了"),
        ("代报 信访 李先生，13900002222，路灯不亮", "petition", "李先生", "路灯不亮"),
        ("代报：公众号 幼儿园老师 打孩子", "wechat", "居民", "幼儿园老师 打孩子"),
        ("代报 意见箱坏了", "in_person", "居民", "意见箱坏了"),
        ("/proxy 热线 张秀兰 010-88886666 垃圾没人清", "hotline", "张秀兰", "垃圾没人清"),
        ("代报 说事室 垃圾没人清，联系电话：13900002222", "room", "居民", "垃圾没人清"),
    ],
)
def test_the_line_is_read_with_care(staffed, line, channel, name, text):
    staffed.tells("老王", line)
    ticket = staffed.ticket(1)
    assert (ticket.came_by, ticket.reporter.name, ticket.text) == (channel, name, text)


def test_a_member_of_the_group_who_is_replied_to_is_the_reporter(staffed):
    staffed.says("李阿姨", "大家早")
    said = staffed.last_message
    staffed.says("老王", "代报 网格群 3号楼2单元水管漏水", reply=said)
    ticket = staffed.ticket(1)
    assert (ticket.reporter.name, ticket.proxy.name) == ("李阿姨", "老王")
    assert not any(line.startswith("📞") for line in staffed.private("老王"))


def test_a_granddaughter_asks_for_her_grandfather(staffed):
    staffed.says("小孙女", "代报 我爷爷 93岁 家里没电了 3号楼2单元501")
    ticket = staffed.ticket(1)
    assert (ticket.reporter.name, ticket.proxy.name, ticket.state) == ("小孙女", "小孙女", "open")
    assert staffed.says("老王", "办结1 线路已修好")[-1].startswith("✅ 第1件办结：线路已修好（老王）\n小孙女")


def test_a_building_contact_enters_what_is_in_their_building(staffed):
    staffed.starts("孙楼长")
    assert staffed.tells("孙楼长", "代报 当面 王奶奶 5号楼电梯坏了") == ["楼门长代报自己楼里的事，请写清哪栋楼。"]
    staffed.tells("孙楼长", "代报 当面 王奶奶 3号楼电梯坏了")
    assert staffed.ticket(1).proxy.name == "孙楼长"


def test_a_property_man_and_another_grid_are_residents_here(staffed):
    staffed.says("周物业", "代报 热线 王奶奶 3号楼电梯坏了")
    assert staffed.ticket(1).came_by == "group"


def test_the_dialogue_asks_step_by_step(staffed):
    me = staffed.id_of("老王")
    assert staffed.tells("老王", "代报") == ["从哪来的？"]
    staffed.presses("老王", "服务站", chat=me)
    assert staffed.private("老王")[-1] == "谁反映的？（服务站）"
    assert staffed.tells("老王", "王奶奶") == ["王奶奶的电话？"]
    staffed.presses("老王", "跳过", chat=me)
    assert staffed.tells("老王", "3号楼2单元水管漏水") == ["什么时候的事？如“昨天下午”“3月1日”。"]
    look = staffed.tells("老王", "前天晚上8点")[0]
    assert look == "看看对不对：\n服务站，王奶奶\n3号楼2单元水管漏水\n发生：2月28日（周六）20:00\n幸福里第3网格"
    staffed.presses("老王", "登记", chat=me)
    ticket = staffed.ticket(1)
    assert (ticket.came_by, ticket.reporter.name, ticket.happened_at) == ("station", "王奶奶", china(2, 28, 20))
    assert drafts(staffed) == 0


def test_a_restart_loses_nothing_of_the_dialogue(staffed):
    staffed.tells("老王", "代报")
    staffed.tells("老王", "热线")
    staffed.restart()
    assert staffed.tells("老王", "王奶奶 13800001111") == ["什么事，在哪里？一句话写清。"]


def test_the_dialogue_can_be_cancelled_and_lapses_quietly(staffed):
    staffed.tells("老王", "代报")
    assert staffed.tells("老王", "取消") == ["好的，不报了。"]
    staffed.tells("老王", "代报")
    before = len(staffed.private("老王"))
    staffed.waits(hours=1, minutes=1)
    assert (drafts(staffed), len(staffed.private("老王"))) == (0, before)


def test_a_wrong_answer_is_asked_again(staffed):
    staffed.tells("老王", "代报")
    assert staffed.tells("老王", "大喇叭")[0].startswith("渠道有：公众号、热线")
    staffed.tells("老王", "热线")
    staffed.tells("老王", "王奶奶")
    assert staffed.tells("老王", "没有") == ["没看出电话，请再写一次，或点“跳过”。"]


def test_who_looks_after_several_grids_is_asked_which(staffed):
    me = staffed.id_of("李书记")
    assert staffed.tells("李书记", "代报 热线 王奶奶 3号楼2单元水管漏水") == ["哪个网格？"]
    staffed.presses("李书记", "幸福里第4网格", chat=me)
    assert staffed.ticket(1).unit.name == "幸福里第4网格"
    assert staffed.private("李书记")[-1].startswith("📞 第1件 请告诉王奶奶")


def test_an_escalation_is_told_by_voice_too(staffed):
    staffed.tells("陈副", LINE)
    staffed.waits(days=5)
    assert any("已交上一级李书记" in line for line in staffed.private("陈副") if line.startswith("📞"))


def test_the_limits_start_when_it_is_entered_not_when_it_happened(staffed):
    staffed.tells("老王", "代报 热线 王奶奶 3月1日 3号楼2单元水管漏水")
    staffed.says("李阿姨", "5号楼1单元水管漏水")
    assert staffed.ticket(1).due_at == staffed.ticket(2).due_at
    assert staffed.ticket(1).happened_at + timedelta(days=1) <= staffed.ticket(1).opened_at


def test_nothing_of_name_or_number_reaches_the_residents_group_to_the_end(staffed):
    staffed.tells("老王", LINE)
    for words in ("办结1 水管已换", "重办1 又漏了", "办结1 水管又换了一根"):
        staffed.tells("李书记", words)
        staffed.waits(days=1)
    staffed.presses("老王", "已告诉", chat=staffed.id_of("老王"))
    staffed.presses("老王", "满意", chat=staffed.id_of("老王"))
    staffed.says("李书记", LINE.replace("水管漏水", "路灯不亮"))
    staffed.says("李书记", "不立单2 同一件事")
    ever = staffed.ever_said(RESIDENTS)
    assert len(ever) > 8
    assert [line for line in ever if "王奶奶" in line or "1111" in line] == []


def test_what_was_merged_is_told_how_the_other_goes_on(staffed):
    staffed.says("李阿姨", "3号楼2单元水管爆了，水漫出来了")
    staffed.tells("老王", LINE.replace("水管漏水", "楼道全是水"))
    staffed.tells("李书记", "并案1 2")
    staffed.waits(minutes=1)
    assert "并到同一件事里" in staffed.private("老王")[-1]
    staffed.tells("李书记", "办结1 水管换了新的")
    staffed.waits(minutes=1)
    assert staffed.private("老王")[-1].startswith("📞 第2件 请告诉王奶奶")
    assert "办结：水管换了新的" in staffed.private("老王")[-1]


def test_who_enters_it_at_night_is_answered_at_once(staffed):
    staffed.waits_until(china(3, 2, 23))
    assert staffed.tells("陈副", LINE)[-1].startswith("📞 第1件")


def drafts(world: World) -> int:
    with world.session() as session:
        return session.query(Draft).count()


def reminders(world: World) -> list[str]:
    return [line for line in world.private("老王") if line.startswith("还没告诉")]
