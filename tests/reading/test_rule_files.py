"""A deployment's own rule file: it overrides, and when it is wrong it says what and how to mend it."""

import pytest

from bot.reading.faults import RuleFault
from bot.reading.judge import Judge
from bot.reading.threads import Threads
from models.messages import Place, Verdict
from models.talk import Candidate, Utterance


@pytest.fixture
def own(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "rules.toml"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def test_an_own_rule_is_heard(own):
    file = own('[[rule]]\nname = "梅花桩"\ncategory = "安全隐患"\nany = ["梅花桩"]\nweight = 3.0\nstrength = 9.0\n')
    verdict = Judge.load(file).read("梅花桩松动了")
    assert (verdict.decision, verdict.category) == ("open", "安全隐患")


def test_a_rule_of_the_same_name_overrides_the_shipped_one(own):
    file = own('[[rule]]\nname = "设施故障"\nany = ["从不出现的词"]\nweight = 0.0\n')
    assert Judge.load(file).read("3号楼电梯又坏了").score < Judge.load().read("3号楼电梯又坏了").score


def test_a_shipped_rule_can_be_switched_off(own):
    names = [rule.name for rule in Judge.load(own('off = ["接龙"]\n')).rules]
    assert "接龙" not in names


def test_own_weights_and_spellings_count(own):
    file = own('[same]\n"电梯" = ["垫梯"]\n[chat]\nwords = """\n坏 2.0\n"""\n')
    assert Judge.load(file).read("垫梯坏了").score > Judge.load().read("电梯坏了").score


def test_own_weights_of_joining_count(own):
    file = own('[threads]\njoin_at = 99.0\n[threads.weights]\n"same door" = 7.5\n')
    said = Utterance("3号楼的灯还没修", Verdict("ignore", place=Place("3号楼", "3")))
    ticket = Candidate(1, ("3号楼路灯坏了",), place_key="3")
    shipped, ours = Threads.load().pick(said, [ticket]), Threads.load(Judge.load(file).library).pick(said, [ticket])
    assert (shipped.number, ours.number) == (1, None)
    assert ours.score > shipped.score


def test_another_rule_set_has_another_version(own):
    assert Judge.load(own("off = []\n")).rules_version != Judge.load().rules_version


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[rule]\n", "not valid TOML"),
        ('[[rule]]\nname = "x"\n', "nothing to look for"),
        ('[[rule]]\nany = ["x"]\n', "no name"),
        ('[[rule]]\nname = "x"\nany = ["a"]\nweigth = 1\n', "'weigth' is unknown"),
        ('[[rule]]\nname = "x"\nany = "a"\n', "does not fit"),
        ('[[rule]]\nname = "x"\nany = [1]\n', "not a list of words"),
        ('[[rule]]\nname = "x"\npattern = "("\n', "pattern cannot be read"),
        ('[[rule]]\nname = "x"\nany = ["a"]\nurgency = "flood"\n', "'flood' is unknown"),
        ('[[rule]]\nname = "x"\nany = ["a"]\ncategory = "其他"\n', "'其他' is unknown"),
        ('[threads]\njoin_at = "x"\n', "does not fit"),
        ("[threads]\njoinat = 1.0\n", "'joinat' is unknown"),
        ('off = ["没有这条"]\n', "does not exist"),
        ('[chat]\nwords = """\n坏 多\n"""\n', "坏 多"),
        ('[[rule]]\nname = "x"\nany = ["a"]\n[[rule]]\nname = "x"\nany = ["b"]\n', "stands twice"),
    ],
)
def test_a_broken_file_names_file_fault_and_cure(own, text, fault):
    with pytest.raises(RuleFault, match="rules.toml") as told:
        Judge.load(own(text))
    assert fault in str(told.value)
    assert all(told.value.worded(language).count("rules.toml") for language in ("zh", "en"))


def test_a_file_in_gbk_is_told_so(own):
    with pytest.raises(RuleFault, match="not UTF-8"):
        Judge.load(own('[[rule]]\nname = "水管"\nany = ["水管"]\n', encoding="gbk"))


def test_a_missing_file_is_told_so(tmp_path):
    with pytest.raises(RuleFault, match="cannot be read"):
        Judge.load(tmp_path / "none.toml")
