"""我的信息: whoever asks reads what is stored about them, alone, and nothing about anybody else."""

import pytest

from handlers.mydata import LONGEST, pages
from tests.world import World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"


@pytest.mark.both_databases
def test_everything_of_theirs_is_listed_to_them_alone(world: World) -> None:
    world.starts("老王", "蓝阿姨")
    world.says("小李", "5号楼门口的垃圾堆了三天没人清")
    world.says("蓝阿姨", "我家也是，臭得很", reply=world.card())
    world.says("蓝阿姨", LEAK, photo="photo-ref")
    world.says("老王", "/done 2 灯已换")
    world.presses("蓝阿姨", "满意")
    before = len(world.private("蓝阿姨"))
    assert world.says("蓝阿姨", "我的信息") == ["已私下发给您。"]
    told = "\n".join(world.private("蓝阿姨")[before:])
    for piece in (
        "名字：蓝阿姨",
        f"账号：telegram {world.id_of('蓝阿姨')}",
        "第1件，您附和或说过话的",
        "“我家也是，臭得很”",
        "第2件，您反映的，3月2日（周一），",
        f"“{LEAK}”",
        "照片等1个",
        "您选的：满意",
        "留730天，单独联系的180天",
        "删除我的信息",
    ):
        assert piece in told, piece
    for others in ("小李", "垃圾堆", "灯已换"):
        assert others not in told, others


def test_in_a_group_nothing_is_told_to_who_cannot_be_written_to(world: World) -> None:
    world.says("蓝阿姨", LEAK)
    assert world.says("蓝阿姨", "我的信息") == ["先私下给我点“开始”，再发一次，只发给您一个人。"]


def test_of_whom_nothing_is_stored_that_is_said(world: World) -> None:
    world.says("小李", "大家早上好")
    assert world.says("小李", "我的信息") == ["没有存您的信息。"]


def test_the_other_side_of_a_private_matter_reads_their_own_words_and_no_more(world: World) -> None:
    world.starts("老王", "王阿姨", "小李")
    world.says("王阿姨", "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了")
    world.tells("老王", "对方1 小李")
    world.tells("小李", "是他家先砸的门")
    told = "\n".join(world.tells("小李", "我的信息"))
    assert "有人找您单独谈过的事1件" in told
    assert "是他家先砸的门" in told
    for secret in ("王阿姨", "501", "第1件", "矛盾"):
        assert secret not in told


def test_staff_read_their_posts(world: World) -> None:
    assert "职务：幸福里第3网格网格员" in world.tells("老王", "/mydata")[0]


@pytest.mark.parametrize("count", [1, 100, 1000])
def test_a_long_list_is_parted_into_letters(count: int) -> None:
    lines = [f"第{n}件" + "字" * 60 for n in range(count)]
    found = pages(lines)
    assert all(len(page) <= LONGEST for page in found)
    assert "\n".join(found).split("\n") == lines
