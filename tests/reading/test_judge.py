"""What the judge decides, and for whom."""

import pytest

from models.messages import Speaker


def test_a_burst_pipe_is_an_issue_and_the_door_is_found(judge):
    verdict = judge.read("4号楼3单元501水管爆了，没人管")
    assert (verdict.decision, verdict.category) == ("open", "民生诉求")
    assert (verdict.place.text, verdict.place.key) == ("4号楼3单元501", "4-3-501")


@pytest.mark.parametrize("text", ["收到", "谢谢", "早上好", "哈哈哈", "+1", "[图片]", "👍", "", "   ", "\0"])
def test_small_talk_is_left_alone(judge, text):
    assert judge.read(text).decision == "ignore"


@pytest.mark.parametrize("role", ["member", "staff"])
def test_the_same_words_from_staff_are_a_notice(judge, role):
    text = "3号楼电梯又坏了，今天修"
    assert judge.read(text).decision == "open"
    assert judge.read(text, Speaker(role=role)).decision == "ignore"


def test_staff_who_say_that_it_is_done_are_heard(judge):
    verdict = judge.read("3号楼的垃圾已清运", Speaker(role="staff"))
    assert (verdict.decision, verdict.speech, verdict.place.key) == ("ignore", "done", "3")


def test_a_lift_with_somebody_inside_is_urgent_and_one_that_stands_still_is_not(judge):
    inside, still = judge.read("电梯里困了个老人"), judge.read("2单元电梯又停了三天")
    assert (inside.category, inside.emergency) == ("安全隐患", "lift")
    assert (still.category, still.emergency) == ("民生诉求", None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("楼道里好大的煤气味，谁家没关阀门", "gas"),
        ("地下室着火了，快来人", "fire"),
        ("路边电线断了掉在水里，滋滋冒火花", "electric"),
        ("楼下大爷晕倒了，叫不应，谁会急救", "medical"),
        ("楼下两家打起来了，有人拿着菜刀", "crime"),
        ("我家孩子不见了，穿红衣服，快帮忙找找", "missing"),
        ("后山垮了一大片，下面还有住户", "collapse"),
        ("楼顶站着个姑娘，说不想活了，快来人", "crisis"),
        ("我真的活不下去了，对不起大家", "crisis"),
        ("四楼男的又打老婆，孩子吓得直哭", "violence"),
    ],
)
def test_danger_opens_at_once_and_says_of_which_kind(judge, text, kind):
    verdict = judge.read(text)
    assert (verdict.decision, verdict.emergency) == ("open", kind)


@pytest.mark.parametrize(
    "text", ["作业写不完，我要跳楼了", "这次又考砸了，我要跳楼了[裂开]", "跳楼价甩卖，最后三天", "股票又跌，想跳楼"]
)
def test_a_joke_about_jumping_is_left_alone(judge, text):
    verdict = judge.read(text)
    assert (verdict.decision, verdict.emergency) == ("ignore", None)


def test_an_urgent_line_is_never_only_asked(judge):
    verdict = judge.read("电梯里困了个老人", open_at=99.0)
    assert verdict.decision == "open"


def test_thresholds_are_settings_of_the_group(judge):
    text = "路灯不亮"
    assert judge.read(text, open_at=99.0).decision == "ask"
    assert judge.read(text, open_at=99.0, ask_at=99.0).decision == "ignore"


def test_two_problems_in_one_message_are_two_verdicts(judge):
    verdict = judge.read("5栋垃圾桶满了三天没人清。另外6栋路灯也不亮了")
    assert verdict.category == "环境卫生"
    assert [(other.category, other.place.key) for other in verdict.also] == [("民生诉求", "6")]


def test_one_problem_told_at_length_is_one_verdict(judge):
    verdict = judge.read("5栋垃圾桶满了三天没人清。苍蝇到处飞。臭得不敢开窗。")
    assert (verdict.category, verdict.also) == ("环境卫生", ())


def test_the_thing_for_the_card_is_short_and_without_the_place(judge):
    verdict = judge.read("麻烦看看，3号楼2单元单元门的门轴断了关不上")
    assert 2 <= len(verdict.thing) <= 12
    assert "3号楼" not in verdict.thing


def test_every_weight_that_spoke_can_be_shown(judge):
    verdict = judge.read("楼道垃圾堆了三天没人清")
    assert {"垃圾", "没人管"} <= {reason.rule for reason in verdict.because}
    assert all(reason.words for reason in verdict.because)
    assert verdict.rules_version == judge.rules_version


@pytest.mark.parametrize("text", ["薪水管理软件谁用过", "门口停水果车，去买点"])
def test_a_word_across_two_words_is_no_word(judge, text):
    named = {word for rule, words in judge.look(text).met for word in words}
    assert not {"水管", "停水"} & named


@pytest.mark.parametrize("text", ["路灯不亮", "停水三天了，没人管"])
def test_a_bad_dictionary_word_hides_nothing(judge, text):
    assert judge.read(text).decision == "open"


@pytest.mark.parametrize(
    "text", ["亭水三天了，没人管", "停水三天了，沒人管", "停水三天了[捂脸]，没人管", "停 水 三 天 了 ， 没 人 管"]
)
def test_slips_old_characters_emoji_and_blanks_are_read_alike(judge, text):
    plain = judge.read("停水三天了，没人管")
    assert (judge.read(text).decision, judge.read(text).score) == ("open", plain.score)


def test_landmarks_of_the_grid_are_places(judge):
    assert judge.read("老槐树底下垃圾堆了三天没人清", landmarks=["老槐树"]).place.key == "老槐树"
