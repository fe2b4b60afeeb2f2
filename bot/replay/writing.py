"""Bytes on disk -> lines of text: finds the encoding, marks what it cannot decode, never holds the whole file."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from bot.bounds import DOCUMENT_MOST, LINE_MOST, RECORDING_MOST, TooLarge, lines_within
from bot.replay.recorded import Fault, Unreadable

PIECE = 1 << 20
BROKEN_SHARE = 0.05  # with more undecodable bytes than this share of its foreign characters, it is another encoding
ESCAPED = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of an undecodable byte
FOREIGN = re.compile("[^\x00-\x7f]")


def encoding_of(path: Path) -> str:
    """'utf-8-sig', 'utf-16' or 'gb18030' (a GBK copy saved by Excel). A few damaged bytes do not change the answer."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        broken, foreign = _undecodable(path, name)
        if broken <= BROKEN_SHARE * foreign:
            return name
    raise Unreadable("replay_encoding", path)


def _undecodable(path: Path, encoding: str) -> tuple[int, int]:
    """(bytes that the encoding cannot read, characters beyond ASCII) of the whole file."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    broken = foreign = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            text = decoder.decode(piece)
            broken += len(ESCAPED.findall(text))
            foreign += len(FOREIGN.findall(text))
    return broken, foreign


def lines_of(path: Path) -> Iterator[str]:
    """The lines, without their ends; an undecodable byte stays visible to `sound`."""
    _within(path, RECORDING_MOST)
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors=_errors(encoding), newline="") as file:
        try:
            for line in lines_within(file):
                yield line.rstrip("\r\n")
        except TooLarge:
            raise Unreadable("replay_long_line", path, most=LINE_MOST >> 20) from None


def text_of(path: Path) -> str:
    """The whole file, for formats that are one document."""
    _within(path, DOCUMENT_MOST)
    encoding = encoding_of(path)
    return path.read_text(encoding=encoding, errors=_errors(encoding))


def _within(path: Path, most: int) -> None:
    if path.stat().st_size > most:
        raise Unreadable("replay_too_large", path, most=most >> 20)


def _errors(encoding: str) -> str:
    return "replace" if encoding == "utf-16" else "surrogateescape"  # UTF-16 knows no escape for a single byte


def sound(line: str) -> str:
    """The same line, or a Fault if some of its bytes could not be decoded."""
    if ESCAPED.search(line):
        raise Fault("replay_bad_bytes")
    return line


def clean(text: str) -> str:
    """Half of a surrogate pair (as in a JSON escape) can be stored nowhere: show the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
