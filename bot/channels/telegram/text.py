"""Telegram's text: UTF-16 lengths, clean strings, and segments turned into HTML that fits."""

import html
import re
from collections.abc import Callable, Sequence

from models.posts import MentionOut, Segment, Text

MAX_TEXT, MAX_CAPTION, MAX_TOAST = 4096, 1024, 200  # UTF-16 units, counted after Telegram has parsed the HTML
CUT = "…"


def encode(text: str) -> bytes:
    """UTF-16 as Telegram counts it: two bytes a unit."""
    return text.encode("utf-16-le", "surrogatepass")


def decode(units: bytes) -> str:
    """Back to a string that any database takes: no NUL, no half of a surrogate pair."""
    return units.decode("utf-16-le", "replace").replace("\0", "")


def clean(text: str | None) -> str:
    return decode(encode(text or ""))


def units(text: str) -> int:
    return len(encode(text)) // 2


def words(segment: Segment) -> str:
    return segment.text if isinstance(segment, Text) else segment.name


def fit(segments: Sequence[Segment], limit: int) -> tuple[Segment, ...]:
    """The same segments if they fit; else cut at the end of a line, no mention cut in two."""
    whole = "".join(map(words, segments))
    if units(whole) <= limit:
        return tuple(segments)
    room = decode(encode(whole)[: 2 * (limit - units(CUT))]).rstrip("\ufffd")
    line_end = room.rfind("\n")
    keep = line_end if line_end > len(room) // 2 else len(room)  # one endless line is cut where it is
    return (*_first(segments, keep), Text(CUT))


def _first(segments: Sequence[Segment], keep: int) -> list[Segment]:
    """The first `keep` characters of the segments; a mention that does not fit whole is left out."""
    kept: list[Segment] = []
    for segment in segments:
        if len(words(segment)) <= keep:
            kept.append(segment)
        elif isinstance(segment, Text):
            kept.append(Text(segment.text[:keep], segment.bold))
        keep -= len(words(segment))
        if keep <= 0:
            break
    return kept


def tidy(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Without what Telegram cannot carry; this comes first, because it changes lengths."""
    return tuple(
        Text(clean(s.text), s.bold) if isinstance(s, Text) else MentionOut(clean(s.name), s.id) for s in segments
    )


def to_html(segments: Sequence[Segment]) -> str:
    return "".join(map(_render, segments))


def _render(segment: Segment) -> str:
    shown = html.escape(words(segment), quote=False)
    if not shown:
        return ""
    if isinstance(segment, Text):
        return f"<b>{shown}</b>" if segment.bold else shown
    return f'<a href="tg://user?id={segment.id}">{shown}</a>' if can_be_called(segment) else shown


def can_be_called(mention: MentionOut) -> bool:
    """Telegram notifies by account number only; a name alone rings nobody."""
    return bool(mention.id and mention.id.isascii() and mention.id.isdigit())


def may_preview(text: str) -> bool:
    """Whether Telegram could make a link, and so a preview, of something in here: grid.cn may be one, 98.8% is none."""
    return bool(re.search(r"\w\.[A-Za-z]{2}|://", text))


def offsets(text: str) -> Callable[[int], int]:
    """From an offset in UTF-16 units of the raw text to one in its clean() form."""
    raw = encode(text)
    return lambda unit: len(decode(raw[: 2 * max(unit, 0)]))
