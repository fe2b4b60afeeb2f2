"""CSV files of WeChat chats: the older kind (localId, StrContent, …) and MemoTrace's newer one with Chinese heads."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator

from bot.replay.moments import moment
from bot.replay.placeholders import set_apart
from bot.replay.recorded import Fault, FileKind, Findings, Recorded
from bot.replay.vocabulary import vocabulary
from bot.replay.wechat_xml import Card, read_card, read_place
from bot.replay.writing import clean, sound

FILES: dict[str, FileKind] = {"3": "photo", "34": "voice", "43": "video", "47": "sticker", "48": "location"}
NOT_SPEECH = {"50", "10000", "10002"}  # call, system message, recall
APP, QUOTE, FILE = "49", "57", "6"
OLD_START = re.compile(r'(?:"?\d+"?,){4}"?[01]"?,"?\d{9,10}"?,')
LONGEST_CELL = 1 << 24

Row = dict[str, str]
Numbered = Iterator[tuple[int, str]]


def heads_of(line: str) -> list[str]:
    """The cells of a first line."""
    return [cell.strip() for cell in next(csv.reader([line]), [])]


def is_old(heads: list[str]) -> bool:
    return {"localId", "StrContent", "CreateTime"} <= set(heads)


def is_new(heads: list[str]) -> bool:
    known = vocabulary("memotrace", "columns")
    return {"kind", "time", "content"} <= {known.get(head) for head in heads}


def read(lines: Iterable[str], findings: Findings) -> Iterator[Recorded]:
    """Both kinds; the first line decides."""
    numbered = enumerate(lines, 1)
    heads = heads_of(next((line for _, line in numbered if line.strip()), ""))
    if is_old(heads):
        return _messages(_rows(numbered, heads, OLD_START, findings), _old_message, findings)
    known = vocabulary("memotrace", "columns")
    names = [known.get(head, head) for head in heads]
    return _messages(_rows(numbered, names, _new_start(), findings), _new_message, findings)


def _new_start() -> re.Pattern[str]:
    kinds = "|".join(map(re.escape, vocabulary("memotrace", "kinds")))
    return re.compile(rf'"?[\w-]+"?,"?(?:{kinds})"?,')


def _rows(lines: Numbered, heads: list[str], start: re.Pattern[str], findings: Findings) -> Iterator[tuple[int, Row]]:
    """(line, cells by head). A row may end early: private chats have nine columns."""
    csv.field_size_limit(LONGEST_CELL)
    for number, record in _records(lines, start):
        try:
            cells = next(csv.reader([sound(record)], strict=True), [])
            if cells:
                yield number, dict(zip(heads, cells, strict=False))
        except Fault as fault:
            findings.lost(number, fault.why, fault.detail)
        except csv.Error as why:
            findings.lost(number, "replay_bad_row", why)


def _records(lines: Numbered, start: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Rows with their quoted line breaks. A quote left open ends where a line looks like a new row, not at the end."""
    pending: list[str] = []
    began, still_open = 0, False
    for number, line in lines:
        if not still_open or start.match(line):
            if pending:
                yield began, "\n".join(pending)
            pending, began, still_open = [], number, False
        pending.append(line)
        still_open ^= line.count('"') % 2 == 1
    if pending:
        yield began, "\n".join(pending)


def _messages(
    rows: Iterator[tuple[int, Row]], message: Callable[[Row, int], Recorded | None], findings: Findings
) -> Iterator[Recorded]:
    for number, row in rows:
        try:
            found = message(row, number)
        except Fault as fault:
            findings.lost(number, fault.why, fault.detail)
            continue
        if found is None:
            findings.skipped += 1
        else:
            yield found


def _old_message(row: Row, number: int) -> Recorded | None:
    kind = row.get("Type", "")
    if not kind.isdigit():
        raise Fault("replay_bad_row", kind)
    if kind in NOT_SPEECH:
        return None
    sender = row.get("Sender") or ("me" if row.get("IsSender") == "1" else row.get("TalkerId", ""))
    text, quoted, files, location = _content(kind, row.get("SubType", ""), row.get("StrContent", ""), sender)
    return Recorded(
        conv=row.get("TalkerId", ""),
        id=row.get("localId") or str(number),
        sender_id=sender,
        sender_name=clean(row.get("Remark") or row.get("NickName") or sender),
        text=text,
        sent_at=moment(row.get("CreateTime") or row.get("StrTime")),
        attachments=files,
        quoted=quoted.quoted,
        reply_to=quoted.quoted_id,
        location=location,
    )


def _content(
    kind: str, sub: str, content: str, sender: str
) -> tuple[str, Card, tuple[FileKind, ...], tuple[float, float] | None]:
    """(words, what is quoted, files, place) of an old row."""
    content = clean(content).removeprefix(f"{sender}:\n")  # group rows of some versions carry the sender's id
    if kind == "48" and content.startswith("<"):
        location, label = read_place(content)
        return label, Card(), ("location",), location
    if kind == APP and content.startswith("<"):
        card = read_card(content)
        return card.title, card, (("document",) if sub == FILE else ()), None
    if kind in FILES:
        return "", Card(), (FILES[kind],), None
    if content.startswith("<"):
        return "", Card(), (), None
    text, files = set_apart(content)
    return text, Card(), files, None


def _new_message(row: Row, number: int) -> Recorded | None:
    kind = vocabulary("memotrace", "kinds").get(row.get("kind", "").strip(), "words")
    content = clean(row.get("content", ""))
    if kind == "nothing" or vocabulary("wechat", "recalled") in content:
        return None
    if "time" not in row:
        raise Fault("replay_bad_row")
    text, files = set_apart(content) if kind == "words" else ("", (kind,))
    card = read_card(content) if text.startswith("<") and "<appmsg" in text else Card(title=text)
    sender = row.get("sender", "")
    return Recorded(
        conv="",
        id=row.get("id") or str(number),
        sender_id=sender or None,
        sender_name=clean(row.get("nickname") or row.get("remark") or sender),
        text=card.title,
        sent_at=moment(row["time"]),
        attachments=files,
        quoted=card.quoted,
        reply_to=card.quoted_id,
    )
