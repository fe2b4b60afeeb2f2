"""One matter is one ticket: albums, photos, several lines, neighbours who say the same; another place is another."""

import pytest

from models.messages import Attachment
from tests.world import RESIDENTS, World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"


def photo(ref: str) -> tuple[Attachment, ...]:
    return (Attachment("photo", ref),)


def files(world: World, number: int = 1) -> list[str]:
    return [f.ref for f in world.ticket(number).files]


def test_an_album_is_one_ticket(world: World) -> None:
    world.starts("老王")
    calls = len(world.private("老王"))
    assert len(world.says("王阿姨", LEAK, attachments=photo("a"), album_id="A")) == 1
    assert world.says("王阿姨", "", attachments=photo("b"), album_id="A") == []
    assert world.says("王阿姨", "", attachments=photo("c"), album_id="A") == []
    assert world.tickets() == 1
    assert files(world) == ["a", "b", "c"]
    assert len(world.private("老王")) == calls + 1, "the member is called once"


def test_an_album_whose_words_come_last_is_one_ticket(world: World) -> None:
    world.says("王阿姨", "", attachments=photo("a"), album_id="A")
    world.says("王阿姨", LEAK, attachments=photo("b"), album_id="A")
    assert world.tickets() == 1
    assert sorted(files(world)) == ["a", "b"]


def test_an_album_in_one_batch_is_one_ticket(world: World) -> None:
    parts = [
        world.incoming("王阿姨", LEAK if n == 0 else "", RESIDENTS, attachments=photo(str(n)), album_id="A")
        for n in range(4)
    ]
    outcomes = world.receive(*parts)
    assert [o.kind for o in outcomes] == ["opened", "joined", "joined", "joined"]
    assert files(world) == ["0", "1", "2", "3"]


def test_the_photo_before_the_sentence_belongs_to_it(world: World) -> None:
    world.says("王阿姨", "", attachments=photo("mine"))
    world.says("小李", "", attachments=photo("his"))
    world.waits(minutes=1)
    world.says("王阿姨", LEAK)
    assert files(world) == ["mine"]


def test_a_photo_long_before_does_not(world: World) -> None:
    world.says("王阿姨", "", attachments=photo("holiday"))
    world.waits(minutes=5)
    world.says("王阿姨", LEAK)
    assert files(world) == []


def test_the_photo_after_the_sentence_belongs_to_it(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", "", attachments=photo("his")) == []
    assert world.says("王阿姨", "", attachments=photo("mine")) == []
    world.waits(minutes=5)
    world.says("王阿姨", "", attachments=photo("late"))
    assert files(world) == ["mine"]


def test_a_sticker_belongs_to_nothing(world: World) -> None:
    world.says("王阿姨", "", attachments=(Attachment("sticker", "s"),))
    world.says("王阿姨", LEAK)
    world.says("王阿姨", "", attachments=(Attachment("sticker", "s"),))
    assert files(world) == []


def test_a_shared_place_belongs_to_the_matter(world: World) -> None:
    world.says("王阿姨", "", location=(31.25, 121.5))
    world.says("王阿姨", LEAK)
    assert [(f.kind, f.ref) for f in world.ticket(1).files] == [("location", "31.25,121.5")]


def test_the_next_line_of_the_same_person_is_no_second_ticket(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    assert world.says("王阿姨", "路灯坏了老人都不敢出门，晚上太黑了") == []
    assert world.tickets() == 1
    assert world.ticket(1).followers == []
    assert world.private("老王")[-1] == "第1件 王阿姨补充：“路灯坏了老人都不敢出门，晚上太黑了”"


def test_the_next_line_about_another_place_is_a_new_ticket(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert len(world.says("王阿姨", "6号楼1单元的路灯坏了三天了，没人修")) == 1
    assert world.tickets() == 2


def test_hours_later_the_same_person_opens_anew(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.waits(hours=2)
    assert len(world.says("王阿姨", RUBBISH)) == 1


def test_a_neighbours_same_report_is_counted_and_not_answered(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", "3号楼2单元路灯坏了，晚上黑得很") == []
    assert world.tickets() == 1
    assert world.card().text.endswith("\n已有2户")
    assert world.tells("小李", "我的")[0].startswith("您反映的事：\n第1件")


def test_a_neighbours_other_trouble_in_the_same_building_is_a_new_ticket(world: World) -> None:
    world.says("王阿姨", "3号楼电梯坏了，老人下不了楼")
    assert len(world.says("小李", "3号楼的路灯坏了三天了，没人修")) == 1
    assert world.tickets() == 2


@pytest.mark.parametrize("words", ["我家也是", "+1", "我家也没亮"])
def test_the_same_here_counts_a_household_once(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", words, reply=world.card()) == []
    assert world.says("小李", words, reply=world.card()) == []
    assert world.says("王阿姨", words, reply=world.card()) == []
    assert world.card().text.endswith("\n已有2户")
    assert len(world.ticket(1).followers) == 1


def test_the_button_counts_a_household_once(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.presses("小李", "我家也是") == ["记下了，第1件有进展一并告诉您。"]
    assert world.presses("小李", "我家也是") == ["第1件已经算上您了。"]
    assert world.presses("王阿姨", "我家也是") == ["第1件就是您反映的。"]
    assert world.card().text.endswith("\n已有2户")
    world.says("老王", "/done 1 已修")
    assert world.lines()[-1] == "✅ 第1件办结：已修（老王）\n王阿姨等2户，您看行吗？选什么群里不显示"


def test_the_same_here_without_a_reply_means_the_only_matter_lately(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", "我家也是") == []
    assert world.card().text.endswith("\n已有2户")
    world.says("张婶", RUBBISH)
    for chatter in ("今天菜场的鱼很新鲜", "晚上跳舞吗", "跳，七点老地方", "好嘞"):
        world.says("老孙", chatter)
    world.says("小赵", "我家也是")
    assert [len(world.ticket(n).followers) for n in (1, 2)] == [1, 0], "of two nobody knows which"


def test_at_most_one_status_line_an_hour(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    line = "第1件已再叫一次老王，最迟3月5日（周四）18:00回话"
    assert world.says("王阿姨", "还没人来", reply=world.card()) == [line]
    assert world.says("小李", "还没人来啊", reply=world.card()) == []
    assert world.private("老王")[-1].startswith("第1件 居民在问：“还没人来”")
    world.waits(minutes=61)
    world.says("老王", "收到", reply=world.card())
    assert world.says("小李", "还没人来", reply=world.card()) == ["第1件老王在办，最迟3月5日（周四）18:00回话"]


def test_a_number_in_the_words_says_which_matter_is_meant(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("小李", RUBBISH)
    assert world.says("张婶", "第2件怎么还没人来") == ["第2件已再叫一次老王，最迟3月5日（周四）18:00回话"]
    assert world.says("张婶", "第9件怎么还没人来") == []


def test_a_reply_about_another_place_is_a_new_ticket(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert len(world.says("小李", "6号楼1单元的路灯坏了三天了，没人修", reply=world.card())) == 1
    assert world.tickets() == 2


def test_what_the_reporter_adds_in_reply_is_kept(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    assert world.says("王阿姨", "在二楼拐角", reply=world.card()) == []
    assert world.private("老王")[-1] == "第1件 王阿姨补充：“在二楼拐角”"
    before = len(world.private("老王"))
    world.says("王阿姨", "👍👍", reply=world.card())
    world.says("小李", "在二楼拐角", reply=world.card())
    assert len(world.private("老王")) == before


def test_urgent_words_are_never_swallowed_by_an_open_matter(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("王阿姨", "3号楼2单元楼道里着火了，快来人")
    assert world.tickets() == 2
    assert world.ticket(2).urgent


TWO = "3号楼2单元的路灯坏了没人修。另外5号楼门口的垃圾堆了三天没人清"


def test_two_problems_in_one_message_are_two_tickets(world: World) -> None:
    lines = world.says("王阿姨", TWO, photo="both")
    assert len(lines) == 2
    assert [world.ticket(n).place_key for n in (1, 2)] == ["3-2", "5"]
    assert files(world, 1) == files(world, 2) == ["both"]
    report = world.last_message
    assert world.says("老王", "已处理", reply=report) == ["要办哪件？请回复卡片，或写号，如 办结1 已清运"]
    assert world.says("老王", "/done", reply=report) == ["要办哪件？请回复卡片，或写号，如 办结12 已清运"]
    world.says("老王", "/done 2 已疏通", reply=report)
    assert [world.ticket(n).state for n in (1, 2)] == ["open", "settled"]
    world.says("老王", "已修好", reply=report)
    assert [world.ticket(n).state for n in (1, 2)] == ["settled", "settled"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("3号楼电梯坏了，楼道灯也不亮", ["3", "3"]),
        ("3号楼电梯坏了，灯也不亮", ["3", "3"]),
        ("路灯坏了，垃圾也没人收", ["", ""]),
        ("3号楼电梯坏了，5号楼路灯不亮", ["3", "5"]),
        ("5号楼下水道堵了，还有路灯不亮", ["5", "5"]),
        ("5号楼下水道堵了而且路灯不亮", ["5", "5"]),
    ],
)
def test_two_problems_joined_by_a_comma_are_two_tickets(world: World, text: str, places: list[str]) -> None:
    assert len(world.says("王阿姨", text)) == 2
    assert [world.ticket(n).place_key for n in (1, 2)] == places
    assert all(world.ticket(n).text in text for n in (1, 2))
    assert world.ticket(1).thing != world.ticket(2).thing


@pytest.mark.parametrize(
    "text",
    [
        "水管漏了，楼道里全是水，灯都短路了",
        "5号楼门口的垃圾堆了三天没人清，臭死了，苍蝇到处飞",
        "停电了，电梯也停了，老人下不了楼",
        "外墙掉砖，砸到车位上的车了",
        "下水道堵了，污水都漫到路面上了",
        "路灯坏了三天，打物业电话也没人接",
    ],
)
def test_what_follows_from_a_problem_is_no_second_one(world: World, text: str) -> None:
    world.says("王阿姨", text)
    assert world.tickets() == 1


def test_two_problems_told_again_are_no_new_tickets(world: World) -> None:
    world.says("王阿姨", "3号楼电梯坏了，楼道灯也不亮")
    assert world.says("小李", "3号楼电梯坏了，楼道灯也不亮") == []
    assert world.tickets() == 2
    assert [len(world.ticket(n).followers) for n in (1, 2)] == [1, 1]


def test_of_two_problems_the_new_one_opens(world: World) -> None:
    world.says("王阿姨", "3号楼电梯坏了，老人下不了楼")
    [card] = world.says("小李", "3号楼电梯坏了，楼道灯也不亮")
    assert card.startswith("📌 第2件")
    assert [len(world.ticket(n).followers) for n in (1, 2)] == [1, 0]


def test_each_ticket_keeps_its_own_words_without_the_phone_number(world: World) -> None:
    world.says("王阿姨", "3号楼电梯坏了，楼道灯也不亮，我电话13812345678")
    assert world.ticket(1).text == "3号楼电梯坏了"
    assert world.ticket(2).text.startswith("楼道灯也不亮")
    assert world.stored("13812345678") == []


def test_an_edit_of_two_problems_keeps_both(world: World) -> None:
    world.says("王阿姨", TWO)
    things = [world.ticket(n).thing for n in (1, 2)]
    assert world.edits(world.last_message, TWO + "，快来人") == []
    assert [world.ticket(n).thing for n in (1, 2)] == things
    assert world.ticket(2).text.endswith("快来人")
    assert world.tickets() == 2
