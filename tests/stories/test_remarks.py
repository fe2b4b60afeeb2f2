"""Words about a known matter that neither reply to it nor name it."""

from tests.stories.test_resident import LEAK
from tests.world import World


def test_what_the_property_office_answers_is_kept_with_the_matter_silently(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    before = len(world.private("老王"))
    assert world.says("周物业", "3号楼2单元路灯的线路老化了，电工明天上午来换") == []
    assert [e.note for e in world.ticket(1).history if e.kind == "added"] == [
        "3号楼2单元路灯的线路老化了，电工明天上午来换"
    ]
    assert len(world.private("老王")) == before, "a remark calls nobody"
    assert world.ticket(1).state == "open"


def test_a_neighbours_word_about_it_is_kept_and_opens_nothing(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", "对，2单元那个路灯，昨晚我差点绊倒") == []
    assert world.tickets() == 1
    assert len(world.ticket(1).history) > 1


def test_chatter_beside_an_open_matter_is_neither_kept_nor_stored(world: World) -> None:
    world.says("王阿姨", LEAK)
    for line in ("今天菜场的鱼很新鲜", "晚上跳舞吗", "谢谢", "早", "草莓49一箱，要的接龙"):
        assert world.says("小李", line) == []
    assert [e.kind for e in world.ticket(1).history] == ["opened"]
    assert world.stored("菜场") == []


def test_nobody_keeps_words_with_somebody_elses_private_matter(world: World) -> None:
    world.says("王阿姨", "我和楼上为漏水赔钱的事吵了好几回，请社区帮忙调解")
    world.says("小李", "他们家漏水赔钱的事吵了好几年了")
    assert [e.by_id for e in world.ticket(1).history if e.kind == "added"] == []
