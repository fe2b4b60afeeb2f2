"""`gridbot rules diff`: the lines whose decision flips between two sets of rules, and through what."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.reading.complaints import Complaints
from bot.reading.judge import Judge
from bot.sentences import sentences

LEAK, CHAT, BENCH = "3号楼2单元的路灯坏了三天了，没人修", "大家早上好", "这长椅该换换了"
OWN = '[[rule]]\nname = "长椅"\nany = ["长椅"]\nweight = 3.0\ncategory = "民生诉求"\nhits = ["长椅断了"]\n'


@pytest.fixture
def diff(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")

    def diff(*arguments: str, on: str = f"{LEAK}\n\n{CHAT}\n{BENCH}\n", status: int = 0) -> str:
        (tmp_path / "lines").write_text(on, encoding="utf-8")
        assert main(["rules", "diff", *arguments, "--on", "lines"]) == status
        told = capsys.readouterr()
        return told.err if status else told.out

    return diff


def test_a_newly_opened_line_names_the_rule_that_did_it(diff):
    said = diff("shipped", "own.toml")
    assert said.startswith(f"第4条 {BENCH}\n  不理 ")
    assert "→ 立单 " in said
    assert "\n  长椅(长椅) 无→+3.00\n" in said
    assert said.endswith("3条里有1条不同：新立单1\n")


def test_the_other_way_round_it_is_no_longer_opened(diff):
    assert diff("own.toml", "none").endswith("3条里有1条不同：不再立单1\n")


def test_the_same_rules_decide_alike(diff):
    assert diff("own.toml", "own.toml") == "3条，判断都一样。\n"


def test_programs_get_every_flip(diff):
    told = json.loads(diff("none", "own.toml", "--json"))
    assert (told["lines"], told["changed"], told["opened"]) == (3, 1, 1)
    [flip] = told["flips"]
    assert (flip["line"], flip["text"], flip["kinds"]) == (4, BENCH, ["opened"])
    assert (flip["before"]["decision"], flip["after"]["decision"]) == ("ignore", "open")
    assert flip["because"] == [{"rule": "长椅", "words": ["长椅"], "before": None, "after": 3.0}]


def test_a_learned_word_that_changed_is_named(diff, tmp_path):
    (tmp_path / "word.toml").write_text('[chat]\nwords = """\n好 9.0\n"""\n', encoding="utf-8")
    [flip] = json.loads(diff("none", "word.toml", "--json", on=CHAT))["flips"]
    assert [(c["rule"], c["words"], c["after"]) for c in flip["because"]] == [(None, ["好"], 9.0)]


def test_another_class_urgency_and_place_are_flips_too(diff, tmp_path):
    (tmp_path / "new.toml").write_text(
        '[[rule]]\nname = "灯"\nany = ["路灯"]\nweight = 1.0\ncategory = "治安稳定"\nstrength = 20.0\n'
        'urgency = "fire"\nhits = ["路灯坏了"]\n',
        encoding="utf-8",
    )
    [flip] = json.loads(diff("none", "new.toml", "--json", on=LEAK))["flips"]
    assert flip["kinds"] == ["reclassed", "urgent"]
    assert (flip["after"]["category"], flip["after"]["urgent"]) == ("治安稳定", True)


def test_staff_speak_as_staff_in_json_lines(diff):
    rows = [{"text": BENCH, "role": role} for role in ("property", "resident", "whoever")]
    said = diff("none", "own.toml", on="".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    assert said.endswith("3条里有2条不同：新立单2\n")


def test_an_export_is_read_as_replay_reads_it(diff):
    chat = {"name": "群", "type": "private_group", "id": 1, "messages": []}
    for n, text in enumerate((LEAK, BENCH), 1):
        chat["messages"].append(
            {
                "id": n,
                "type": "message",
                "date": "2026-03-02T09:00:00",
                "from": "小李",
                "from_id": "user1",
                "text": text,
            }
        )
    assert diff("none", "own.toml", on=json.dumps(chat, ensure_ascii=False)).endswith("2条里有1条不同：新立单1\n")


def test_a_file_that_is_missing_is_named(diff, tmp_path):
    assert main(["rules", "diff", "none", "none", "--on", "nowhere"]) == 2
    assert "没有这条" not in diff("none", "nowhere.toml", status=2)


def test_learning_from_a_new_database_says_that_it_is_too_early(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    assert main(["migrate"]) == 0
    capsys.readouterr()
    assert main(["rules", "learn"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# 改正：手工登记0，答“登记”0")
    assert "还没有可提的" in said
    assert main(["rules", "learn", "--json", "--at-least", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["at_least"] == 2


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("part", ["check", "diff", "learn"])
def test_every_part_explains_itself_in_both_languages(tmp_path, monkeypatch, capsys, part, language):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(f'language = "{language}"', encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["rules", part, "--help"])
    said = "".join(capsys.readouterr().out.split())
    assert end.value.code == 0
    assert "".join(sentences(language)[f"cli_rules_{part}"].split()) in said
    assert "--configPATH" in said


def test_the_configuration_may_be_named_on_either_side(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.toml").write_text('[reading]\nrules = "own.toml"\n', encoding="utf-8")
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    for arguments in (["--config", "there.toml", "check"], ["check", "--config", "there.toml"]):
        assert main(["rules", *arguments]) == 0
    judge = Judge.load()
    shipped = len(judge.rules) + len(Complaints.load(judge.library).rules)
    assert capsys.readouterr().out.count(f"{shipped + 1}条规则") == 2
