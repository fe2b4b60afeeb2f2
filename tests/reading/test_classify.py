"""`gridbot classify` and `gridbot evaluate`: the lines in, the figures out."""

import json

from bot.classify import classify_lines
from bot.evaluate import evaluate, figures, main_evaluate

LABELLED = [
    {"text": "3号楼电梯又坏了", "label": "issue", "category": "民生诉求", "urgent": False, "location": "3号楼"},
    {"text": "电梯里困了个老人", "label": "issue", "category": "安全隐患", "urgent": True, "location": None},
    {"text": "我家也是", "label": "followup", "category": "民生诉求", "urgent": False, "location": None},
    {"text": "大家早上好", "label": "none", "category": None, "urgent": False, "location": None},
]


def test_lines_come_out_in_order_with_all_keys(judge):
    rows = list(classify_lines(['{"text": "3号楼电梯又坏了"}\n', "收到\n", "\n", "{broken"], judge))
    assert [row["text"] for row in rows] == ["3号楼电梯又坏了", "收到", "{broken"]
    assert set(rows[0]) == {"text", "is_issue", "decision", "category", "urgent", "place", "score", "because"}
    assert (rows[0]["is_issue"], rows[0]["category"], rows[0]["place"]) == (True, "民生诉求", "3号楼")
    assert (rows[1]["is_issue"], rows[1]["category"]) == (False, None)
    assert all(isinstance(reason, str) for reason in rows[0]["because"])


def test_a_role_is_taken_into_account(judge):
    row = next(classify_lines(['{"text": "3号楼电梯又坏了", "role": "property"}'], judge))
    assert row["decision"] == "ignore"


def test_the_figures_count_issues_classes_places_and_urgency(judge):
    told = figures(evaluate(map(json.dumps, LABELLED), judge))
    assert (told["lines"], told["skipped"], told["precision"], told["recall"], told["f1"]) == (3, 1, 1.0, 1.0, 1.0)
    assert (told["class_right"], told["place_exact"], told["urgent_recall"], told["urgent_precision"]) == (1, 1, 1, 1)


def test_files_are_reported_one_by_one(judge, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(map(json.dumps, LABELLED)) + "\nnot json\n", encoding="utf-8")
    said = []
    assert main_evaluate([file], True, judge, said.append) == 0
    assert json.loads(said[0])["lines.jsonl"]["skipped"] == 2
    assert main_evaluate([file, file], False, judge, said.append) == 0
    assert main_evaluate([tmp_path / "none"], False, judge, said.append) == 2
