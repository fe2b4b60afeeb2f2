"""A resident writes one sentence."""

from tests.world import World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"


def test_one_sentence_opens_a_ticket_with_one_short_card(world: World) -> None:
    lines = world.says("王阿姨", LEAK)
    assert len(lines) == 1
    assert lines[0].startswith("📌 第1件，记下了\n3号楼2单元")
    assert "（民生诉求）" in lines[0]
    assert "老王 负责，最迟3月5日（周四）18:00回话" in lines[0]
    assert world.card().mentions == ["11"]
    assert world.card().labels == ["我家也是", "办结"]


def test_chatter_is_left_alone(world: World) -> None:
    for line in ("大家早上好", "谢谢", "收到", "【停水通知】明天9点停水，请储水", "草莓49一箱，要的接龙"):
        assert world.says("王阿姨", line) == []
    assert world.tickets() == 0


def test_the_member_settles_by_reply_and_the_reporter_is_asked(world: World) -> None:
    world.says("王阿姨", LEAK)
    lines = world.says("老王", "/done 水管已换", reply=world.card())
    assert lines == ["✅ 第1件办结：水管已换（老王）\n王阿姨，您看行吗？选什么群里不显示"]
    assert world.ticket(1).state == "settled"
    assert world.presses("王阿姨", "满意") == ["谢谢，第1件已确认。"]
    assert world.ticket(1).state == "confirmed"


def test_a_neighbour_cannot_settle_what_is_not_theirs(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", "/done 1") == ["办结要由本网格的人点。您家的事好了，回一句“好了”就行。"]
    assert world.ticket(1).state == "open"


def test_an_ignored_ticket_climbs_step_by_step(world: World) -> None:
    world.starts("老王", "李书记")
    world.says("王阿姨", LEAK)
    world.says("老王", "收到", reply=world.card())
    assert world.waits(days=2) == []
    lines = world.waits(days=2)
    assert any(line.startswith("第1件没按时回话，已交社区李书记，最迟") for line in lines)
    assert world.private("李书记")[-1].startswith("⏰ 第1件")
