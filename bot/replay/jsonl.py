"""JSON Lines with {conv, seq, id, sender, role, reply_to, text} and, if it is known, a time."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from bot.replay.moments import moment
from bot.replay.placeholders import set_apart
from bot.replay.recorded import Fault, Findings, Recorded, Role
from bot.replay.values import name_of, parse_object, words
from bot.replay.writing import clean, sound

ROLES = get_args(Role)
TIMES = ("sent_at", "time", "timestamp", "date")


def read(lines: Iterable[str], findings: Findings) -> Iterator[Recorded]:
    """One message a line; blank lines and # comments are passed over, broken ones named."""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            yield _message(parse_object(sound(line)), number)
        except Fault as fault:
            findings.lost(number, fault.why, fault.detail)


def _message(row: dict[str, Any], number: int) -> Recorded:
    if "text" not in row:
        raise Fault("replay_no_text")
    text, files = set_apart(clean(words(row["text"])))
    conv = name_of(row.get("conv")) or ""
    sender = name_of(row.get("sender"))
    return Recorded(
        conv=conv,
        id=_id(row, conv, number),
        sender_id=f"{conv}/{sender}" if sender else None,  # u1 of one conversation is not u1 of another
        sender_name=clean(name_of(row.get("name")) or sender or ""),
        text=text,
        sent_at=_time(row),
        role=_role(row.get("role")),
        attachments=files,
        reply_to=name_of(row.get("reply_to")),
    )


def _id(row: dict[str, Any], conv: str, number: int) -> str | int:
    given = row.get("id")
    if isinstance(given, str | int) and not isinstance(given, bool) and given != "":
        return given
    return f"{conv}:{name_of(row.get('seq')) or number}"


def _time(row: dict[str, Any]) -> Any:
    return next((moment(row[key]) for key in TIMES if row.get(key) is not None), None)


def _role(value: object) -> Role | None:
    if value is None or value in ROLES:
        return value  # type: ignore[return-value]
    raise Fault("replay_bad_role", value)
