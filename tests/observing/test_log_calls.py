"""Every line that we log has a stable name and named values, of kinds that name nobody.

Write log.info("letter %(letter)d dropped", {"event": "letter_stale", "letter": 12}).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_layout import ROOT, all_sources

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
VALUES = {  # numbers of ours, times, counts, names of parts; `why` is a fault, its type or a reason of ours
    "event",
    "said",
    "why",
    "what",
    "letter",
    "fold",
    "update",
    "ticket",
    "step",
    "loop",
    "kind",
    "scope",
    "place",
    "key",
    "seconds",
    "count",
    "tries",
    "incident",
    "bot",
}


def oddities(root: Path) -> Iterator[str]:
    for path, tree in all_sources(root):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and is_log_call(call.func):
                yield from (f"{path}:{call.lineno} {why}" for why in odd(call, tree))


def is_log_call(function: ast.expr) -> bool:
    named = isinstance(function, ast.Attribute) and function.attr in LEVELS and isinstance(function.value, ast.Name)
    return named and function.value.id == "log"  # type: ignore[attr-defined]


def odd(call: ast.Call, tree: ast.Module) -> Iterator[str]:
    if not isinstance(call.args[0], ast.Constant | ast.Name):
        yield "builds its sentence"
    told = call.args[1] if len(call.args) == 2 else None
    values = told if isinstance(told, ast.Dict) else written_as(told, tree)
    if values is None:
        yield "has no values by name"
        return
    names = {key.value for key in values.keys if isinstance(key, ast.Constant)}
    if "event" not in names:
        yield "has no event"
    yield from (f"tells {name}" for name in sorted(map(str, names - VALUES)))


def written_as(told: ast.expr | None, tree: ast.Module) -> ast.Dict | None:
    """The dictionary that this name was given."""
    if not isinstance(told, ast.Name):
        return None
    for node in ast.walk(tree):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(t, ast.Name) and t.id == told.id for t in targets) and isinstance(node.value, ast.Dict):  # type: ignore[union-attr]
            return node.value  # type: ignore[union-attr]
    return None


def test_every_line_has_a_name_and_named_values() -> None:
    assert list(oddities(ROOT)) == []


@pytest.mark.parametrize(
    "call",
    [
        'log.info(f"{name} came")',
        'log.info("%s came", name)',
        'log.info("came")',
        'log.info("came", {"letter": 1})',
        'log.info("came", {"event": "came", "sender": name})',
        'log.info("came", told)',
    ],
)
def test_a_careless_line_is_noticed(tmp_path: Path, call: str) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "careless.py").write_text(call, encoding="utf-8")
    assert len(list(oddities(tmp_path))) >= 1
