"""The house: three floors with arrows only down, and a few things that live in one room only."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("models", "handlers", "bot")  # from the ground up: each may import what comes before it
STATEMENTS = {"select", "insert", "update", "delete", "text"}
HAN = re.compile(r"[\u3400-\u9fff]")
CHINESE_IN_CODE = {
    "models/messages.py",  # the names of the seven classes (R16) are data of the law
    "handlers/policy.py",  # defaults of settings that a neighbourhood writes in its own words
    "handlers/proxy/moments.py",  # the grammar of times: numerals, days and parts of the day, no sentences
    "bot/reading/places.py",  # the grammar of addresses: numerals and suffixes, no sentences
    "bot/reading/privacy/numbers.py",  # the letters of number plates
    "bot/reading/privacy/names.py",  # how a door is written
}
HEARD = {"command", "compile", "fullmatch", "match", "search", "sub"}  # calls whose words people say to us
ON_TOP = {"bot", "handlers", "models", "tests", "pyproject.toml", "config.example.toml", "README.md", "LICENSE"}
LONGEST = 300  # lines; a longer file usually holds two purposes

Check = Callable[[Path], Iterator[str]]


def sources(root: Path, floor: str) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of every module of a floor; migrations are written by alembic."""
    for path in sorted((root / floor).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def all_sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for floor in FLOORS:
        yield from sources(root, floor)


def imports(tree: ast.Module) -> Iterator[str]:
    """Every dotted name that a module imports: `from a.b import c` gives a.b.c."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def arrows_up(root: Path) -> Iterator[str]:
    for height, floor in enumerate(FLOORS):
        above = {*FLOORS[height + 1 :], "tests"}
        for path, tree in sources(root, floor):
            yield from (f"{path} imports {name}" for name in imports(tree) if name.split(".")[0] in above)


def relative_imports(root: Path) -> Iterator[str]:
    """They would hide an arrow from the check above."""
    for path, tree in all_sources(root):
        yield from (f"{path} imports {name}" for name in imports(tree) if name.startswith("."))


def async_below(root: Path) -> Iterator[str]:
    for floor in ("models", "handlers"):
        for path, tree in sources(root, floor):
            nodes = ast.walk(tree)
            yield from (f"{path}:{n.lineno} is async" for n in nodes if isinstance(n, ast.AsyncFunctionDef | ast.Await))


def long_files(root: Path) -> Iterator[str]:
    for path, _ in all_sources(root):
        lines = len((root / path).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            yield f"{path} has {lines} lines"


def chinese_in_code(root: Path) -> Iterator[str]:
    """What the bot says and its rules live in toml files. Docstrings, comments and patterns may hold field words."""
    for path, tree in all_sources(root):
        if path not in CHINESE_IN_CODE:
            yield from (f"{path}:{line} holds {words!r}" for line, words in chinese_words(tree))


def chinese_words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    heard = {id(inside) for call in ast.walk(tree) if is_heard(call) for inside in ast.walk(call)}
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Constant) and id(node) not in heard | documentation else None
        named = getattr(node, "id", None) or getattr(node, "name", None) or getattr(node, "arg", None)
        for words in (said, named):
            if isinstance(words, str) and HAN.search(words):
                yield getattr(node, "lineno", 0), words


def is_heard(node: ast.AST) -> bool:
    """A command's words, or a pattern."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in HEARD


def sql_outside_models(root: Path) -> Iterator[str]:
    for floor in ("handlers", "bot"):
        for path, tree in sources(root, floor):
            names = set(imports(tree)) | set(attributes(tree))
            yield from (f"{path} uses {name}" for name in sorted(names) if is_statement(name))


def is_statement(name: str) -> bool:
    package, _, rest = name.partition(".")
    last = rest.rpartition(".")[2]
    return last == "exec_driver_sql" or (package in ("sqlalchemy", "sa") and last in {*STATEMENTS, "*"})


def attributes(tree: ast.Module) -> Iterator[str]:
    """Dotted names as they are used: datetime.now, sqlalchemy.select."""
    return (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def telegram_elsewhere(root: Path) -> Iterator[str]:
    for path, tree in all_sources(root):
        if not path.startswith("bot/channels/telegram"):
            yield from (f"{path} imports {name}" for name in imports(tree) if name.split(".")[0] == "telegram")


def clocks_elsewhere(root: Path) -> Iterator[str]:
    asking = re.compile(r"(datetime|date)\.(now|today|utcnow)$")
    for path, tree in all_sources(root):
        if path != "bot/clock.py":
            yield from (f"{path} asks {name}" for name in attributes(tree) if asking.search(name))


def missing_on_top(root: Path) -> Iterator[str]:
    yield from sorted(ON_TOP - {path.name for path in root.iterdir()})
    packages = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    unshipped = set(FLOORS) - {pattern.rstrip("*") for pattern in packages["find"]["include"]}
    yield from (f"pyproject.toml does not ship {floor}" for floor in sorted(unshipped))


CHECKS: list[Check] = [
    arrows_up,
    relative_imports,
    async_below,
    long_files,
    chinese_in_code,
    sql_outside_models,
    telegram_elsewhere,
    clocks_elsewhere,
    missing_on_top,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_stands(check: Check):
    assert list(check(ROOT)) == []


SOUND = {
    "models/people.py": "from sqlalchemy import select\n",
    "models/messages.py": "NAMES = ('环境卫生',)\n",
    "models/migrations/first.py": "x = '长'\n" * 400,
    "handlers/done.py": '"""A matter is settled (办结)."""\nimport re\nTO_DO = re.compile("办结?")  # 办结\n',
    "bot/clock.py": "from datetime import datetime\nnow = datetime.now()\n",
    "bot/channels/telegram/__init__.py": "import telegram\nimport handlers.done\nasync def listen(): ...\n",
    **{name: "" for name in ON_TOP if "." in name or name == "LICENSE"},
    "pyproject.toml": '[tool.setuptools.packages.find]\ninclude = ["bot*", "handlers*", "models*"]\n',
    "tests/test_it.py": "from datetime import datetime\nnow = datetime.now()\n",
}

SPOILT = [
    (arrows_up, "models/people.py", "from handlers import done"),
    (arrows_up, "models/people.py", "import bot.clock"),
    (arrows_up, "handlers/done.py", "def late():\n    from bot.clock import Clock"),
    (arrows_up, "bot/clock.py", "import tests.conftest"),
    (relative_imports, "models/people.py", "from ..bot import clock"),
    (async_below, "handlers/done.py", "async def done(): ..."),
    (async_below, "models/people.py", "async def find(): ..."),
    (long_files, "bot/clock.py", "x = 1\n" * 301),
    (chinese_in_code, "handlers/done.py", "word = '办结'"),
    (chinese_in_code, "handlers/done.py", "turn.reply(re.compile('办结'), '办结了')"),
    (chinese_in_code, "handlers/done.py", "def 办结(): ..."),
    (chinese_in_code, "bot/clock.py", "print(f'{1}件')"),
    (sql_outside_models, "handlers/done.py", "from sqlalchemy import select"),
    (sql_outside_models, "handlers/done.py", "from sqlalchemy.sql.expression import delete"),
    (sql_outside_models, "bot/clock.py", "import sqlalchemy\nsqlalchemy.text('')"),
    (sql_outside_models, "bot/clock.py", "import sqlalchemy as sa\nsa.update(1)"),
    (sql_outside_models, "bot/clock.py", "connection.exec_driver_sql('VACUUM')"),
    (telegram_elsewhere, "bot/clock.py", "from telegram.ext import Application"),
    (telegram_elsewhere, "models/people.py", "import telegram"),
    (clocks_elsewhere, "handlers/done.py", "import datetime\ndatetime.datetime.now()"),
    (clocks_elsewhere, "models/people.py", "from datetime import date\ndate.today()"),
    (missing_on_top, "pyproject.toml", '[tool.setuptools.packages.find]\ninclude = ["bot*"]'),
]


def build(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_sound_house_passes(tmp_path: Path, check: Check):
    assert list(check(build(tmp_path, SOUND))) == []


@pytest.mark.parametrize(("check", "name", "text"), SPOILT, ids=lambda value: getattr(value, "__name__", None))
def test_a_spoilt_house_is_noticed(tmp_path: Path, check: Check, name: str, text: str):
    assert len(list(check(build(tmp_path, {**SOUND, name: text})))) >= 1


def test_a_missing_piece_is_named(tmp_path: Path):
    house = build(tmp_path, {**SOUND})
    (house / "LICENSE").unlink()
    assert list(missing_on_top(house)) == ["LICENSE"]


def test_every_check_was_seen_to_fail():
    spoilt: set[Any] = {check for check, _, _ in SPOILT}
    assert spoilt == set(CHECKS)
