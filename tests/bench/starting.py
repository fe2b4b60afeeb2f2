"""How long `gridbot run` takes until it fetches, and what it holds at rest, against a process that only imports."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from tests.bench.rows import Row, Run

ROOT = Path(__file__).parents[2]
ROUNDS, REST = 5, 2.0  # seconds after which it has come to rest
OURS = {"bot", "handlers", "models", "tests", "__main__"}
CONFIG = """
[telegram]
base_url = "{address}/bot"
base_file_url = "{address}/file/bot"
[database]
url = "sqlite:///{folder}/gridbot.db"
[hotlines]
gas = "96777"
[[units]]
name = "幸福里第3网格"
[[people]]
name = "张利萍"
telegram = 4242
posts = [{{ unit = "幸福里第3网格", role = "grid_member" }}]
[[groups]]
unit = "幸福里第3网格"
telegram = -1001234567891
"""
IMPORT_ALL = """
import importlib, json, sys, time
for name in json.load(open(sys.argv[1])):
    try:
        importlib.import_module(name)
    except Exception:
        pass  # made by another module while it is imported
print("ready", flush=True)
time.sleep(600)
"""
NAMES = """
import json, sys
from bot.app import App
from bot.config.load import load
App(load(__import__("pathlib").Path(sys.argv[1])))
json.dump(list(sys.modules), open(sys.argv[2], "w"))
"""


class Api(ThreadingHTTPServer):
    """Just enough of the Bot API to start against; says when the first updates are asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.fetched = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Whoever asked was killed while it waited."""

    @contextmanager
    def serving(self) -> Iterator[None]:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            self.shutdown()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = self.path.rpartition("/")[2]
        if method == "getUpdates":
            self.server.fetched.set()  # type: ignore[attr-defined]
            time.sleep(20)
        me = {"id": 4711, "is_bot": True, "first_name": "g", "username": "g_bot", "can_read_all_group_messages": True}
        result = {"getMe": me, "getUpdates": []}.get(method, True)
        body = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def rows(run: Run) -> list[Row]:
    api = Api()
    config = run.folder / "config.toml"
    config.write_text(CONFIG.format(address=api.address, folder=run.folder), encoding="utf-8")
    modules = _modules(config, run.folder / "modules.json")
    rounds, rest = (1, 0.5) if run.quick else (ROUNDS, REST)
    with api.serving():
        _ours(api, config, 0.0)  # the first start makes the tables and the bytecode
        told = [(_ours(api, config, rest), _importing(modules)) for _ in range(rounds)]
    (ours, own_memory), (theirs, memory) = (
        tuple(map(median, zip(*side, strict=True))) for side in zip(*told, strict=True)
    )
    later, more = ours - theirs, own_memory - memory
    spread = sorted(one[0] - other[0] for one, other in told)
    note = f"later by {spread[0]:.2f} to {spread[-1]:.2f} s in {rounds} rounds"
    return [
        Row("start to ready, beyond importing", ours, theirs, later, 0.5, 0.2, "s", note),
        Row("memory at rest, beyond importing", own_memory, memory, more, 60.0, 30.0, "MB", f"at rest for {rest:g} s"),
    ]


def _modules(config: Path, into: Path) -> Path:
    """Names of all modules of other packages that the program has loaded when it is ready."""
    command = [sys.executable, "-c", NAMES, str(config), str(into)]
    subprocess.run(command, check=True, cwd=ROOT, env=_environment(config.parent))
    ours = [name for name in json.loads(into.read_text()) if name.partition(".")[0] not in OURS]
    into.write_text(json.dumps(ours))
    return into


def _ours(api: Api, config: Path, rest: float) -> tuple[float, float]:
    api.fetched.clear()
    began = time.perf_counter()
    with _process([sys.executable, "-m", "bot", "run", "--config", str(config)], config.parent, quiet=True) as process:
        if not api.fetched.wait(60):
            raise RuntimeError("it does not fetch")
        ready = time.perf_counter() - began
        time.sleep(rest)
        return ready, _memory(process.pid)


def _importing(modules: Path) -> tuple[float, float]:
    began = time.perf_counter()
    with _process([sys.executable, "-c", IMPORT_ALL, str(modules)], modules.parent, quiet=False) as process:
        assert process.stdout is not None and process.stdout.readline()
        return time.perf_counter() - began, _memory(process.pid)


@contextmanager
def _process(command: Sequence[str], folder: Path, *, quiet: bool) -> Iterator[subprocess.Popen[bytes]]:
    out = subprocess.DEVNULL if quiet else subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(folder), stdout=out, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _environment(folder: Path) -> dict[str, str]:
    """Both sides find bytecode, as after an installation, wherever and by whom this is run."""
    told = {**os.environ, "GRIDBOT_TELEGRAM_TOKEN": "4711:bench", "PYTHONPATH": str(ROOT)}
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**told, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def _memory(pid: int) -> float:
    """Resident, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024
