"""The real program, in a process of its own, on a Bot API server: from one sentence to the week's summary."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.channels.botapi import BotApiServer, person
from tests.program.program import GROUP, Program

AUNT, WORKER, NEIGHBOUR = person(7001, "王阿姨"), person(4242, "张利萍"), person(7002, "小李")


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server
        assert server.complaints == []


def said(api: BotApiServer, part: str) -> Callable[[], bool]:
    return lambda: any(part in m.text for m in api.sent)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_from_one_sentence_to_the_summary(api: BotApiServer, tmp_path: Path) -> None:
    program = Program(api, tmp_path)
    with program.running():
        report = api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
        api.wait(said(api, "📌 第1件，记下了"), 20)
        card = next(m for m in api.sent if "第1件" in m.text)
        assert card.mentions == [("4242", "张利萍")]
        assert card.reply_to == report
        api.say(GROUP, NEIGHBOUR, "/done 1")
        api.wait(said(api, "办结要由本网格的人点"))
        api.say(GROUP, AUNT, "哈哈今天天气不错")
        api.say(GROUP, WORKER, "/done 灯泡已换", reply_to=card.message_id)
        api.wait(said(api, "✅ 第1件办结：灯泡已换（张利萍）"))
    assert api.token not in program.log()
    program.missed_while_away()
    with program.running():
        api.wait(said(api, "说事日"), 20)
        api.wait(said(api, "收到1件，办结1件，在办0件"))
        api.press(GROUP, AUNT, next(m for m in api.sent if "✅" in m.text).message_id, "good:1")
        api.wait(lambda: any("谢谢，第1件已确认" in t.text for t in api.toasts))
    assert sum("说事日" in m.text for m in api.sent) == 1
    assert sum("一周小结" in m.text for m in api.sent) == 1
    assert len([call for call in api.called("sendMessage") if "第1件，记下了" in call["text"]]) == 1
