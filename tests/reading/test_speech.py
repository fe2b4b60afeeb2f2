"""Short acts about a matter already known, by the words alone."""

import pytest


@pytest.mark.parametrize(
    ("act", "texts"),
    [
        ("done", ["已处理", "修好了", "清完了", "3号楼垃圾已清运，请大家保持", "换好了"]),
        ("take", ["收到", "马上去", "这就来", "我去看看"]),
        ("confirmed", ["好了", "谢谢修好了", "来水了", "电梯好了"]),
        ("unsolved", ["没好", "又漏了", "没人来", "还在漏"]),
        ("chase", ["还没人来啊", "催一下", "到底管不管", "什么时候修"]),
        ("metoo", ["+1", "我家也是", "我们单元也没水"]),
        (None, ["没修好吗", "修好了吗", "什么时候能修好了", "路灯不亮了", "今天吃什么", "好的好的我们下午见面再说吧"]),
    ],
)
def test_what_a_short_line_does(judge, act, texts):
    if act is None:
        assert [text for text in texts if judge.read(text).speech in ("done", "confirmed", "take", "metoo")] == []
    else:
        assert [text for text in texts if judge.read(text).speech != act] == []
