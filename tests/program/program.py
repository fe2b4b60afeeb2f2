"""`gridbot run` as an operator starts and stops it, in a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bot.clock import SystemClock
from handlers.policy import Policy
from models.chats import find_chat
from models.database import open_engine, open_sessions
from models.tickets import TicketEvent

GROUP = -1001234567891

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
    """`api`: a Bot API server on loopback with base_url, base_file_url and token."""

    def __init__(self, api: Any, folder: Path) -> None:
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
