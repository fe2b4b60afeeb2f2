"""`gridbot evaluate`: labelled lines and conversations in, figures out."""

import json

from bot.config.load import Config
from bot.evaluate.report import figures
from bot.evaluate.run import evaluate, main_evaluate

LINES = [
    {"text": "3号楼电梯又坏了", "label": "issue", "category": "民生诉求", "urgent": False, "location": "3号楼"},
    {"text": "电梯里困了个老人", "label": "issue", "category": "安全隐患", "urgent": True, "location": None},
    {"text": "我家也是", "label": "followup", "category": "民生诉求", "urgent": False, "location": None},
    {"text": "大家早上好", "label": "none", "category": None, "urgent": False, "location": None},
]
TALK = [
    ("1", "u1", "3号楼电梯又坏了", "issue", None),
    ("2", "u2", "我家也是，爬了八楼", "followup", "1"),
    ("3", "u3", "大家早上好", "none", None),
    ("4", "u4", "5号楼门口垃圾堆了三天没人清", "issue", None),
    ("5", "u5", "自家种的橘子，30元一箱，要的接龙", "none", None),
    ("6", "u2", "电梯还没人来修啊", "followup", "4"),
]


def talk():
    """The last line answers the lift, whatever its label says."""
    common = {"conv": "c1", "role": "resident", "reply_to": None, "category": None, "urgent": False}
    rows = [
        {**common, "id": id, "sender": who, "text": text, "label": label, "ref": ref}
        for id, who, text, label, ref in TALK
    ]
    return [*rows[:-1], {**rows[-1], "reply_to": "1"}]


def written(file, rows):
    file.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return file


def test_the_figures_count_issues_classes_places_and_urgency(judge):
    told = figures(evaluate(LINES, judge))
    assert (told["lines"], told["skipped"], told["precision"], told["recall"], told["f1"]) == (3, 1, 1.0, 1.0, 1.0)
    assert (told["class_right"], told["place_exact"], told["urgent_recall"], told["urgent_precision"]) == (1, 1, 1, 1)


def test_conversations_are_played_through_the_whole_bot(judge, tmp_path):
    said = []
    assert main_evaluate([written(tmp_path / "talk.jsonl", talk())], True, judge, Config(), said.append) == 0
    told = json.loads(said[0])["talk.jsonl"]
    assert (told["followups_joined_right"], told["followups_joined_wrong"]) == (0.5, 0.5)
    assert (told["issues_opened"], told["none_joined"], told["none_opened"]) == (1, 0, 0)


def test_single_lines_have_no_figures_of_joining(judge, tmp_path):
    said = []
    main_evaluate([written(tmp_path / "lines.jsonl", LINES)], True, judge, Config(), said.append)
    assert "followups_joined_right" not in json.loads(said[0])["lines.jsonl"]


def test_files_are_reported_one_by_one_and_together(judge, tmp_path):
    files = [written(tmp_path / "one.jsonl", LINES), written(tmp_path / "two.jsonl", talk())]
    said = []
    main_evaluate(files, True, judge, Config(), said.append)
    told = json.loads(said[0])
    assert told["total"]["lines"] == told["one.jsonl"]["lines"] + told["two.jsonl"]["lines"]
    assert main_evaluate(files, False, judge, Config(), said.append) == 0
    assert "followups_joined_right" in said[1]


def test_broken_lines_are_counted_and_a_missing_file_is_named(judge, tmp_path):
    file = written(tmp_path / "lines.jsonl", LINES)
    file.write_text(file.read_text(encoding="utf-8") + "not json\n", encoding="utf-8")
    said = []
    assert main_evaluate([file], True, judge, Config(), said.append) == 0
    assert json.loads(said[0])["lines.jsonl"]["skipped"] == 2
    assert main_evaluate([tmp_path / "none"], False, judge, Config(), said.append) == 2
