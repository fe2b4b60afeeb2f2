"""`gridbot rules check`: the rule file of a deployment is sound, or each fault is named with its cure."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.reading.judge import Judge
from bot.rulebook.check import RulesReport, check_rules

BENCH = '[[rule]]\nname = "长椅"\nany = ["长椅"]\nweight = 1.2\ncategory = "民生诉求"\nhits = ["长椅断了"]\n'


@pytest.fixture
def checked(tmp_path: Path):
    def check(text: str, language: str = "zh") -> RulesReport:
        own = tmp_path / "rules.toml"
        own.write_text(text, encoding="utf-8")
        return check_rules(Judge.load(own), own, 0.6, language)

    return check


def about(found, name: str) -> list[str]:
    """What is said of the own file's rule."""
    return [str(f) for f in found if str(f).startswith(f"rules.toml：规则“{name}”")]


def test_the_shipped_rules_are_sound():
    report = check_rules(Judge.load(), None, 0.6, "zh")
    assert (report.faults, report.warnings) == ((), ())
    assert list(report.lines("zh"))[-1] == "规则可用。"


def test_a_sound_rule_of_ones_own_is_left_in_peace(checked):
    report = checked(BENCH)
    assert (about(report.faults, "长椅"), about(report.warnings, "长椅")) == ([], [])


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('any = ["长椅"]\nnot = ["公园"]\nhits = ["公园长椅断了"]', "not 里的词在句中（公园）。"),
        ('any = ["长椅", "长凳"]\nhits = ["椅子断了"]', "这一列词一个都不在句中（长凳、长椅）。"),
        ('any = ["水管"]\nhits = ["薪水管理很乱"]', "“水管”在这里不是整词；要照样算，写 loose = true。"),
        ('all = [["长椅"], ["断"]]\nnear = 2\nhits = ["长椅上有人说树枝断了"]', "词离得太远或先后不对（near = 2）。"),
        ('any = ["长椅"]\npattern = "^断"\nhits = ["长椅断了"]', "pattern 对不上。"),
    ],
)
def test_a_hit_that_is_missed_says_why(checked, rule, why):
    [fault] = about(checked(f'[[rule]]\nname = "甲"\nweight = 1.0\n{rule}\n').faults, "甲")
    assert "没认出：" in fault
    assert why in fault
    assert fault.endswith("改词，或改这个例句。")


def test_a_miss_that_is_met_names_the_words(checked):
    [fault] = about(checked(BENCH + 'misses = ["卖长椅"]\n').faults, "长椅")
    assert (
        fault
        == "rules.toml：规则“长椅”: 不该认出“卖长椅”，却认出了：碰到了“长椅”。把不该有的词写进 not，或改这个例句。"
    )


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ('any = ["Ｗｉｆｉ", "WIFI"]\nweight = 1.0\nhits = []', "永远碰不到：要找的词不会出现（WIFI、Ｗｉｆｉ）。"),
        ('any = ["长椅断了"]\nnot = ["长椅"]\nweight = 1.0\nhits = []', "永远碰不到"),
        ('any = ["長椅", "长椅"]\nweight = 1.0\nhits = ["长椅断了"]', "有的词永远碰不到（長椅）。"),
        ('any = ["长椅"]\nweight = 1.0', "没有例句。"),
        ('any = ["长椅"]\nhits = ["长椅断了"]', "不加分、不分类，等于没写。"),
        ('any = ["接龙报修"]\nweight = 2.0\nhits = ["接龙报修一号楼"]', "例句都被“接龙”压住，加了分也没用。"),
    ],
)
def test_a_rule_that_does_nothing_is_pointed_at(checked, rule, says):
    warnings = about(checked(f'[[rule]]\nname = "甲"\n{rule}\n').warnings, "甲")
    assert any(says in warning for warning in warnings), warnings


def test_two_rules_that_look_for_the_same_are_pointed_at(checked):
    twice = BENCH + BENCH.replace('"长椅"\n', '"又一条长椅"\n', 1)
    assert "和“长椅”找的一样" in about(checked(twice).warnings, "又一条长椅")[0]


def test_a_word_that_is_too_long_for_the_tables_is_pointed_at(checked):
    warnings = about(checked('[chat]\nwords = """\n坏 0.5\n公告栏 0.5\n"""\n').warnings, "chat")
    assert len(warnings) == 1
    assert "公告栏。" in warnings[0]


def test_a_section_that_nobody_asks_for_is_pointed_at(checked):
    [warning] = about(checked('[chta]\nwords = "坏 0.5"\n').warnings, "chta")
    assert "不认得这一节。能写的有：" in warning
    assert "chat" in warning


def test_a_clue_that_does_not_exist_is_pointed_at(checked):
    [warning] = about(checked('[threads.weights]\n"same door" = 2.0\n"samedoor" = 2.0\n').warnings, "threads")
    assert "没有这些线索：samedoor。" in warning


def test_what_was_replaced_and_switched_off_is_told(checked):
    names = [rule.name for rule in Judge.load().rules][:2]
    own = f'off = ["{names[0]}"]\n[[rule]]\nname = "{names[1]}"\nany = ["长椅"]\nweight = 1.0\nhits = ["长椅断了"]\n'
    notes = checked(own).notes
    assert f"替换了自带的：{names[1]}。" in notes
    assert f"停用了自带的：{names[0]}。" in notes


def test_the_command_ends_with_two_when_something_must_be_mended(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "own.toml"
    own.write_text(BENCH, encoding="utf-8")
    assert main(["rules", "check", str(own)]) == 0
    assert capsys.readouterr().out.endswith("规则可用。\n")
    own.write_text(BENCH.replace("长椅断了", "椅子断了"), encoding="utf-8")
    assert main(["rules", "check", str(own)]) == 2
    assert "要改的，1 处：\nown.toml：规则“长椅”" in capsys.readouterr().out
    own.write_text("[[rule]]\n", encoding="utf-8")
    assert main(["rules", "check", str(own)]) == 2
    assert "没有名字。加一行 name" in capsys.readouterr().err


def test_the_check_of_the_deployment_names_a_rule_file_that_cannot_be_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[hotlines]\ngas = "96777"\n[reading]\nrules = "mine.toml"\n', "utf-8")
    (tmp_path / "mine.toml").write_text('[[rule]]\nname = "甲"\n', encoding="utf-8")
    assert main(["check", "--offline"]) == 2
    said = capsys.readouterr().out
    assert "mine.toml：规则“甲”: 没写要找什么。写上 any、all 或 pattern。" in said


def test_the_configured_file_is_checked_in_the_configured_language(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('language = "en"\n[reading]\nrules = "mine.toml"\n', encoding="utf-8")
    (tmp_path / "mine.toml").write_text('off = ["no such rule"]\n', encoding="utf-8")
    for command in (["rules", "check"], ["classify", "config.toml"]):
        assert main(command) == 2
        assert "It is switched off and does not exist." in capsys.readouterr().err
