"""The same story on a Bot API server that this project did not write."""

import sys
from pathlib import Path

import pytest

from tests.program.program import GROUP, Program
from tests.program.stranger import Stranger

AUNT = {"id": 7001, "is_bot": False, "first_name": "王阿姨"}
WORKER = {"id": 4242, "is_bot": False, "first_name": "张利萍"}
NEIGHBOUR = {"id": 7002, "is_bot": False, "first_name": "小李"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_strangers_server_hears_the_whole_story(tmp_path: Path) -> None:
    with Stranger().serving() as api:
        program = Program(api, tmp_path)
        with program.running():
            api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
            api.wait(api.said("📌 第1件，记下了"))
            card = next(m for m in api.sent() if "第1件" in m["text"])
            api.say(GROUP, NEIGHBOUR, "/done 1")
            api.wait(api.said("办结要由本网格的人点"))
            api.say(GROUP, WORKER, "/done 灯泡已换", reply_to_message=card)
            api.wait(api.said("✅ 第1件办结：灯泡已换（张利萍）"))
        program.missed_while_away()
        with program.running():
            api.wait(api.said("说事日"))
            api.wait(api.said("收到1件，办结1件，在办0件"))
            api.press(AUNT, next(m for m in api.sent() if "✅" in m["text"]), "good:1")
            api.wait(lambda: "answerCallbackQuery" in api.methods())
        assert api.refused() == []
