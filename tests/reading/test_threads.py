"""Which ticket a line is about: neighbours go on about a matter, come back to it, and talk of other things."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.clues import doors
from bot.reading.judge import Judge
from bot.reading.learned import Pieces
from bot.reading.tables import SHIPPED, read_table
from bot.reading.threads import Threads, unpacked
from models.messages import Speaker
from models.talk import Candidate, Pick, Utterance
from tests.bench.talk import plain_lines

LIFT = Candidate(1, ("5号楼的电梯又停了，八十岁的老娘下不了楼",), "民生诉求", "5", minutes=9, lines=6)
WATER = Candidate(2, ("9号楼自来水一滴都没有，锅都洗不了",), "民生诉求", "9", minutes=1, lines=0)


class Group:
    """The real judge and the real weights; a line is said while these tickets are open."""

    def __init__(self) -> None:
        self.judge, self.threads = Judge.load(), Threads.load()

    def hears(self, text: str, *tickets: Candidate, role: str = "resident", **more: bool) -> Pick:
        verdict = self.judge.read(text, Speaker(role=role))
        return self.threads.pick(Utterance(text, verdict, role, **more), tickets)


@pytest.fixture(scope="module")
def group():
    return Group()


@pytest.mark.parametrize(
    "text", ["我家也没水，9号楼二单元", "+1 我们这边也是", "是啊，早上到现在一滴都没有", "我家也停了，还没人来"]
)
def test_a_neighbour_who_has_the_same_trouble_joins(group, text):
    assert group.hears(text, WATER, LIFT).number == 2


def test_staff_who_answer_with_substance_join(group):
    said = "水务的师傅已经在抢修9号楼的管子，预计中午恢复供水"
    assert group.hears(said, WATER, LIFT, role="staff").number == 2


def test_a_repairer_belongs_to_the_lift_though_the_water_was_spoken_of_last(group):
    said = group.hears("维保师傅说电梯主板坏了，5号楼的下午换好", WATER, LIFT, role="staff")
    assert (said.best, said.number) == (1, 1)


def test_a_reply_says_which_ticket_is_meant(group):
    pointed = LIFT._replace(pointed=True)
    assert group.hears("我也爬了三天了，腿都软了", WATER, pointed, replies=True).number == 1


def test_the_reporter_comes_back_to_say_that_it_is_fixed(group):
    own = LIFT._replace(same_person=True)
    water = WATER._replace(lines=3)
    assert group.hears("电梯好了，谢谢师傅", own, water).number == 1


@pytest.mark.parametrize(
    "text",
    [
        "大家早上好，今天降温多穿点",
        "自家种的橘子，30元一箱，要的接龙",
        "有没有人知道附近哪家理发店便宜",
        "哈哈哈笑死我了",
        "收到",
        "谁捡到一串钥匙，上面有个小熊",
        "【通知】本周六上午社区义诊，欢迎各位居民参加",
    ],
)
def test_other_talk_joins_nothing(group, text):
    assert group.hears(text, WATER, LIFT).number is None


def test_a_notice_of_staff_joins_nothing(group):
    notice = "【温馨提示】各位居民，医保缴费本月底截止，请尽快办理"
    assert group.hears(notice, WATER, LIFT, role="staff").number is None


def test_a_new_complaint_about_another_building_is_not_swallowed(group):
    said = group.hears("2号楼楼道里堆满了旧家具，消防通道都堵死了，能不能清一下", WATER, LIFT)
    assert said.number is None


def test_two_tickets_alike_are_asked_about(group):
    twin = WATER._replace(number=3)
    said = group.hears("我家也没水", WATER, twin)
    assert (said.number, {said.best, said.rival}) == (None, {2, 3})


def test_nothing_open_means_nothing_joined(group):
    assert group.hears("我家也没水") == Pick(None)


def test_the_order_of_the_tickets_does_not_matter(group):
    one, other = group.hears("我家也没水", WATER, LIFT), group.hears("我家也没水", LIFT, WATER)
    assert one == other


def test_every_reason_is_named_with_its_words_and_weight(group):
    text = "我家也没水，9号楼二单元"
    because = group.threads.because(Utterance(text, group.judge.read(text)), WATER, [WATER, LIFT])
    told = {reason.rule: reason for reason in because}
    assert told["metoo, resident"].words and told["same door"].weight > 0
    assert all(reason.weight for reason in because)


def test_silence_of_days_weakens_a_tie(group):
    old = WATER._replace(minutes=3 * 24 * 60)
    assert group.hears("我家也没水", old).score < group.hears("我家也没水", WATER).score


def test_me_too_is_not_said_about_ones_own_matter(group):
    own = LIFT._replace(same_person=True)
    assert group.hears("我家也没水", own, WATER).number == 2


@given(st.text(max_size=60), st.text(max_size=30), st.sampled_from(["resident", "staff", "member"]))
@settings(max_examples=60, deadline=None)
def test_no_text_raises_and_the_same_gives_the_same(group, text, report, role):
    tickets = (Candidate(7, (report, text)), Candidate(8, (), place_key="3-?"))
    assert group.hears(text, *tickets, role=role) == group.hears(text, *tickets, role=role)


@pytest.mark.parametrize(
    ("mine", "theirs", "met"),
    [
        ("3", "3-2-501", "same door"),
        ("3-1", "3-2", "same building"),
        ("3", "5", "other door"),
        ("?-2", "3-2-501", "same door"),
        ("501", "3", ""),
        ("楼道", "3", ""),
        ("南门", "南门", "same door"),
        ("", "", ""),
    ],
)
def test_doors_are_compared_part_by_part(mine, theirs, met):
    assert doors(mine, theirs) == met


def test_the_learned_file_holds_words_and_numbers_only():
    learned = tomllib.loads((SHIPPED / "threads_learned.toml").read_text(encoding="utf-8"))
    for name in ("pieces", "rarity"):
        for line in filter(None, learned[name].splitlines()):
            word, number = line.rsplit(" ", 1)
            assert len(word) <= 3, word
            float(number)


def test_a_line_is_read_for_the_pieces_that_were_learned_of_it(group):
    known = unpacked(read_table(SHIPPED / "threads_learned.toml"))["pieces"]
    of, look = Pieces(known).of, group.threads.clues.look
    lines = [look(text) for text in plain_lines()]
    assert [line.text for line in lines if of(line.clean).keys() != line.parts & known.keys()] == []
    assert sum(bool(of(line.clean)) for line in lines) > len(lines) / 2
