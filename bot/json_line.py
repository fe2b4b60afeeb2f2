"""One JSON object a line, as every command with --json writes it."""

import json
from typing import Any

LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}  # some readers end a line at these


def as_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False).translate(LINE_ENDS)
