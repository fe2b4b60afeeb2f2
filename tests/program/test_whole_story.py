"""The real program, in a process of its own, on a Bot API server: from one sentence to the week's summary."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.clock import SystemClock
from handlers.policy import Policy
from models.chats import find_chat
from models.database import open_engine, open_sessions
from models.tickets import TicketEvent
from tests.channels.botapi import BotApiServer, person

GROUP = -1001234567891
AUNT, WORKER, NEIGHBOUR = person(7001, "王阿姨"), person(4242, "张利萍"), person(7002, "小李")

CONFIG = """
[telegram]
base_url = "{base_url}"
base_file_url = "{base_file_url}"
[database]
url = "sqlite:///{folder}/gridbot.db"
[hotlines]
gas = "96777"
[talk_days]
days = [{today}]
remind = ["00:00"]
start = "00:01"
end = "23:59"
[quiet]
start = "00:00"
end = "00:00"
[weekly]
at = "{weekday} 00:00"
[[units]]
name = "幸福里第3网格"
level = "网格"
[[people]]
name = "张利萍"
telegram = 4242
posts = [{{ unit = "幸福里第3网格", role = "grid_member" }}]
[[groups]]
unit = "幸福里第3网格"
telegram = {group}
"""


class Program:
    """`gridbot run`, started and stopped as an operator does."""

    def __init__(self, api: BotApiServer, folder: Path) -> None:
        self._api, self._folder = api, folder
        local = Policy().local(SystemClock().now())
        text = CONFIG.format(
            base_url=api.base_url,
            base_file_url=api.base_file_url,
            folder=folder,
            today=local.day,
            weekday=f"{local:%a}".lower(),
            group=GROUP,
        )
        (folder / "config.toml").write_text(text, encoding="utf-8")
        self.midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        environment = {**os.environ, "GRIDBOT_TELEGRAM_TOKEN": self._api.token, "PYTHONWARNINGS": "error"}
        command = [sys.executable, "-m", "bot", "run", "--config", str(self._folder / "config.toml")]
        log = (self._folder / "log.txt").open("a", encoding="utf-8")
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0, self.log()
        finally:
            process.kill()
            process.wait()
            log.close()

    def log(self) -> str:
        return (self._folder / "log.txt").read_text(encoding="utf-8")

    def missed_while_away(self) -> None:
        """It all happened yesterday; the call and the summary came due at midnight, while the program was down."""
        engine = open_engine(f"sqlite:///{self._folder}/gridbot.db")
        with open_sessions(engine).begin() as session:
            chat = find_chat(session, "telegram", str(GROUP))
            assert chat is not None
            chat.talk_due_at = chat.week_due_at = self.midnight
            session.execute(update(TicketEvent).values(at=self.midnight - timedelta(hours=1)))
        engine.dispose()


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
