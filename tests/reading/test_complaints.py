"""Complaints of those in charge are told from thanks, questions, chasing and quarrels with others."""

import pytest

from bot.reading.complaints import Complaints
from bot.reading.judge import Judge
from bot.rulebook.examples import failures

NAMES = ("老王", "李书记", "孙楼长")


@pytest.fixture(scope="module")
def complaints(judge: Judge) -> Complaints:
    return Complaints.load(judge.library)


def test_every_rule_does_what_its_examples_say(judge: Judge, complaints: Complaints) -> None:
    assert [(f.rule.name, f.text, f.why) for f in failures(judge, complaints.rules, complaints.met)] == []
    assert all(rule.hits and rule.misses for rule in complaints.rules)


@pytest.mark.parametrize(
    ("text", "whom", "grave"),
    [
        ("网格员老王态度太差，叫他三次都不来", "老王", True),
        ("老王收了钱不办事", "老王", True),
        ("网格员从来不下来看", "grid_member", False),
        ("我要举报网格员！", "grid_member", True),
        ("那个网格员说话什么态度啊，跟他反映问题他不耐烦", "grid_member", True),
        ("李书记就会踢皮球", "李书记", False),
        ("社区书记包庇亲戚搭的棚子", "cadre", True),
        ("孙楼长把我家电话泄露给推销的了", "孙楼长", True),
        ("打了十几个电话，老王电话从来不接", "老王", False),
        ("咱们网格员整天见不到人影，要他干嘛", "grid_member", False),
        ("网格员吃拿卡要，低保办个章要送两条烟", "grid_member", True),
    ],
)
def test_a_complaint_is_heard(complaints: Complaints, text: str, whom: str, grave: bool) -> None:
    found = complaints.find(text, lambda: NAMES)
    assert found is not None
    assert (found.name or found.role, found.grave) == (whom, grave)


@pytest.mark.parametrize(
    "text",
    [
        "老王修得真好",
        "还没人来",
        "谢谢网格员",
        "网格员电话多少",
        "网格员怎么还没来",
        "网格员什么时候来看看",
        "老王辛苦了，大热天跑三趟",
        "网格员老王来调解了，楼上那家态度还是很差",
        "物业不作为，网格员能不能管管",
        "楼下打麻将，敲门还骂人，网格员来劝劝吧",
        "投诉找网格员老王登记",
        "隔壁老王家的狗老是叫",
        "有人冒充网格员收钱，大家别上当",
        "网格员提醒大家防骗",
        "3号楼漏水，已经告诉网格员了",
        "老王说师傅叫不来，明天再看",
        "某某态度太差",
        "态度太差了这家店",
    ],
)
def test_what_is_no_complaint_of_them_is_not_taken_for_one(complaints: Complaints, text: str) -> None:
    assert complaints.find(text, lambda: NAMES) is None


def test_names_are_asked_for_only_where_the_words_could_be_a_complaint(complaints: Complaints) -> None:
    def nobody() -> tuple[str, ...]:
        raise AssertionError("asked")

    assert complaints.find("3号楼电梯坏了，老王来看看", nobody) is None
