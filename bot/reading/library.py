"""All rules and language data of one deployment: the shipped files and its own, read once and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.reading.faults import RuleFault, Wanted
from bot.reading.normalise import Normaliser
from bot.reading.places import Places
from bot.reading.rules import Rule, read_rules
from bot.reading.spans import Spans
from bot.reading.speech import Ear
from bot.reading.tables import SHIPPED, digest, read_table
from bot.reading.weights import Classes, Table, check_words, read_classes
from bot.reading.weights import read_table as read_weights

JOINING = ("join_at", "join_over_open", "margin")  # thresholds of threads.toml
DATA = ("normalise.toml", "places.toml", "places_learned.toml", "speech.toml", "learned.toml")


@dataclass(frozen=True)
class Library:
    rules: tuple[Rule, ...]
    tables: tuple[Table, ...]
    urgent: Table
    classes: Classes
    normaliser: Normaliser
    places: Places
    ear: Ear
    undone: frozenset[str]
    threads: Mapping[str, Any]  # what a deployment says of joining, above the shipped weights
    version: str


def open_library(own: Path | None = None, shipped: Path = SHIPPED) -> Library:
    """Read everything; RuleFault on the first thing that cannot be used."""
    files = sorted(shipped.glob("*.toml")) + ([own] if own else [])
    tables = {file: read_table(file) for file in files}
    named = {file.name: table for file, table in tables.items() if file != own}
    mine = tables[own] if own else {}
    learned = _with_own_weights(named["learned.toml"], mine, own)
    rules = merge(read_rules(file, table) for file, table in tables.items() if file.name not in DATA or file == own)
    switched_off = set(mine.get("off", ()))
    if unknown := switched_off - {rule.name for rule in rules}:
        raise RuleFault(own or "", sorted(unknown)[0], "off_unknown")
    return Library(
        rules=tuple(rule for rule in rules if rule.name not in switched_off),
        tables=tuple(read_weights(shipped / "learned.toml", name, learned[name]) for name in ("chat", "petition")),
        urgent=read_weights(shipped / "learned.toml", "urgent", learned["urgent"]),
        classes=read_classes(shipped / "learned.toml", learned["classes"]),
        normaliser=Normaliser(_with_own_spelling(named["normalise.toml"], mine)),
        places=Places(named["places.toml"], Spans(named["places_learned.toml"])),
        ear=Ear(named["speech.toml"]),
        undone=frozenset(named["words.toml"]["undo"]) | frozenset(mine.get("undo", ())),
        threads=_own_threads(mine, own),
        version=digest(files),
    )


def _own_threads(mine: Mapping[str, Any], own: Path | None) -> dict[str, Any]:
    """[threads] of a deployment: its thresholds and, under `weights`, clues by name; numbers all of them."""
    said = dict(mine.get("threads", {}))
    for key, value in {**said.pop("weights", {}), **said}.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RuleFault(own or "", "threads", "misfit", key=key, written=repr(value), wanted=Wanted("number"))
    if unknown := sorted(said.keys() - set(JOINING)):
        raise RuleFault(own or "", "threads", "unknown_key", key=unknown[0], known=", ".join((*JOINING, "weights")))
    return dict(mine.get("threads", {}))


def merge(batches: Iterable[Iterable[Rule]]) -> list[Rule]:
    """Later files override rules of the same name; within one file a name may stand once."""
    merged: dict[str, Rule] = {}
    for batch in batches:
        names: set[str] = set()
        for rule in batch:
            if rule.name in names:
                raise RuleFault(rule.file, rule.name, "twice")
            names.add(rule.name)
            merged[rule.name] = rule
    return list(merged.values())


def _with_own_spelling(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    same = {right: list(wrongs) for right, wrongs in shipped["same"].items()}
    for right, wrongs in own.get("same", {}).items():
        same.setdefault(right, []).extend(wrongs)
    return {**shipped, "same": same}


def _with_own_weights(shipped: Mapping[str, Any], mine: Mapping[str, Any], own: Path | None) -> dict[str, Any]:
    """A deployment's own lines come last, so they win."""
    merged = dict(shipped)
    for name in ("chat", "petition", "urgent", "classes"):
        if own and name in mine:
            check_words(own, name, mine[name])
            merged[name] = {**shipped[name], "words": f"{shipped[name]['words']}\n{mine[name]['words']}"}
    return merged
