"""`gridbot classify`: the lines in, a verdict a line out."""

from bot.classify import classify_lines


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
