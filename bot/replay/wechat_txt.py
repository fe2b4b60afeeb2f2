"""TXT files of WeChat chats: a line with time and name (in either order), the words, a blank line."""

import re
from collections.abc import Iterable, Iterator

from bot.replay.moments import moment
from bot.replay.placeholders import set_apart
from bot.replay.recorded import Fault, Findings, Recorded
from bot.replay.vocabulary import vocabulary
from bot.replay.writing import clean, sound

WHEN = r"(?P<time>\d{4}[-/]\d{1,2}[-/]\d{1,2} +\d{1,2}:\d{2}(?::\d{2})?)"
STYLES = (re.compile(rf"{WHEN}\s+(?P<name>\S.*)"), re.compile(rf"(?P<name>\S.*?)\s+{WHEN}"))

Block = tuple[int, re.Match[str], list[str]]


def style_of(lines: Iterable[str]) -> re.Pattern[str] | None:
    """How the first head among these lines is written; one file keeps one style."""
    for line in lines:
        for style in STYLES:
            if style.fullmatch(line.strip()):
                return style
    return None


def read(lines: Iterable[str], style: re.Pattern[str], findings: Findings) -> Iterator[Recorded]:
    for block in _blocks(lines, style, findings):
        try:
            message = _message(*block)
        except Fault as fault:
            findings.lost(block[0], fault.why, fault.detail)
            continue
        if message is None:
            findings.skipped += 1
        else:
            yield message


def _blocks(lines: Iterable[str], style: re.Pattern[str], findings: Findings) -> Iterator[Block]:
    """Head and words of each message. Only after a blank line is a head a head: people forward old records, too."""
    block: Block | None = None
    after_blank = True
    for number, line in enumerate(lines, 1):
        head = style.fullmatch(line.strip()) if after_blank else None
        after_blank = not line.strip()
        if head:
            if block:
                yield block
            block = (number, head, [])
        elif block:
            block[2].append(line)
        elif line.strip():
            findings.lost(number, "replay_before_first_head", line)
    if block:
        yield block


def _message(number: int, head: re.Match[str], lines: list[str]) -> Recorded | None:
    name = clean(sound(head["name"])).strip()
    written = clean(sound("\n".join(lines))).strip()
    if vocabulary("wechat", "recalled") in written:
        return None
    text, files = set_apart(written)
    return Recorded(
        conv="",
        id=str(number),
        sender_id=name,
        sender_name=name,
        text=text,
        sent_at=moment(head["time"]),
        attachments=files,
    )
