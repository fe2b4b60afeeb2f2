"""Words that sound like an answer, but speak of something else."""

from tests.world import World

DISPUTE = "我和楼上为漏水赔钱的事吵了好几回，请社区帮忙调解"
LIFT = "2号楼电梯又坏了，老人下不了楼"


def test_a_new_matter_is_not_taken_for_a_word_about_ones_open_one(world: World) -> None:
    world.says("王阿姨", DISPUTE)
    world.says("王阿姨", LIFT)
    assert world.tickets() == 2
    assert world.ticket(2).text == LIFT
    assert [e.kind for e in world.ticket(1).history] == ["opened"]


def test_the_same_words_about_ones_own_settled_matter_take_it_up_again(world: World) -> None:
    world.says("王阿姨", "2号楼电梯坏了，老人下不了楼")
    world.says("老王", "/done 1 已修")
    world.says("王阿姨", LIFT)
    assert world.tickets() == 1
    assert world.ticket(1).state == "open"


def test_a_report_that_ends_in_nobody_cares_is_no_question_about_the_last_one(world: World) -> None:
    world.says("王阿姨", "5号楼门口的垃圾堆了三天没人清")
    world.says("小李", "活动室旁边的井盖没了三天了，没人管")
    assert world.tickets() == 2
    assert [e.kind for e in world.ticket(1).history] == ["opened"]
