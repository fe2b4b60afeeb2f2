"""Recognises a recording by what is in it (a name may say anything) and opens the right parser."""

import json
import re
from itertools import islice
from pathlib import Path
from typing import Any

from bot.replay import chatlab, jsonl, telegram_export, wechat_csv, wechat_txt
from bot.replay.recorded import Findings, Recording, Unreadable
from bot.replay.writing import lines_of, text_of

HEAD_LINES = 60
DOCUMENT = re.compile(r'"(?:messages|chats|left_chats)"\s*:')


def open_recording(path: Path) -> Recording:
    """Raises Unreadable when the file as a whole is of no use."""
    head = _head(path)
    first = next((line for line in head if line.strip() and not line.lstrip().startswith("#")), "")
    if not first.strip():
        raise Unreadable("replay_empty", path)
    findings = Findings()
    if first.lstrip().startswith(("{", "[")):
        return _open_json(path, head, first, findings)
    heads = wechat_csv.heads_of(first) if "," in first else []
    if wechat_csv.is_old(heads) or wechat_csv.is_new(heads):
        return Recording("wechat_csv", wechat_csv.read(lines_of(path), findings), findings)
    if style := wechat_txt.style_of(head):
        return Recording("wechat_txt", wechat_txt.read(lines_of(path), style, findings), findings)
    if _has_rows(head):  # a JSON Lines file whose first line is broken
        return _open_lines(path, head, findings)
    raise Unreadable("replay_unknown_format", path)


def _head(path: Path) -> list[str]:
    try:
        return list(islice(lines_of(path), HEAD_LINES))
    except IsADirectoryError as why:
        raise Unreadable("replay_directory", path) from why
    except FileNotFoundError as why:
        raise Unreadable("replay_missing", path) from why
    except OSError as why:
        raise Unreadable("replay_cannot_open", path, why=why.strerror or why) from why
    except UnicodeError as why:
        raise Unreadable("replay_encoding", path) from why


def _open_json(path: Path, head: list[str], first: str, findings: Findings) -> Recording:
    """One object a line, or one document: a first line that is JSON by itself decides, else the keys in the head."""
    row = _object(first)
    if row is None and not any(map(DOCUMENT.search, head)):
        return _open_lines(path, head, findings)
    if row is None or _is_document(row):
        return _open_document(path, findings)
    return _open_lines(path, head, findings)


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_document(row: dict[str, Any]) -> bool:
    return any(isinstance(row.get(key), list | dict) for key in ("messages", "chats", "left_chats"))


def _has_rows(head: list[str]) -> bool:
    return any("text" in row or "_type" in row for row in map(_object, head) if row)


def _open_lines(path: Path, head: list[str], findings: Findings) -> Recording:
    if not _has_rows(head):
        raise Unreadable("replay_unknown_format", path)
    rows = list(filter(None, map(_object, head)))
    if any("_type" in row for row in rows):
        return Recording("chatlab_lines", chatlab.read_lines(lines_of(path), findings), findings)
    return Recording("json_lines", jsonl.read(lines_of(path), findings), findings)


def _open_document(path: Path, findings: Findings) -> Recording:
    try:
        document = json.loads(telegram_export.mend(text_of(path)))
    except (ValueError, RecursionError) as why:
        raise Unreadable("replay_bad_document", path, why=why) from why
    if not isinstance(document, dict) or not _is_document(document):
        raise Unreadable("replay_unknown_format", path)
    name, read = ("chatlab", chatlab.read) if "chatlab" in document else ("telegram", telegram_export.read)
    return Recording(name, read(document, findings), findings)
