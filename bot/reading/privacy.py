"""Masks what a ledger, a card or a log must not show: phones, identity cards, bank cards, number plates."""

import re

_GAP = r"[ \-\u00a0]?"
_IDENTITY = re.compile(r"(?<![0-9])([1-9]\d{5})((?:19|20)\d{2})(\d{4})(\d{3}[0-9Xx])(?![0-9])")
_CARD = re.compile(rf"(?<![0-9])\d{{4}}(?:{_GAP}\d{{4}}){{2,3}}(?:{_GAP}\d{{1,4}})?(?![0-9])")
_MOBILE = re.compile(rf"(?<![0-9])((?:\+?86{_GAP})?1[3-9]\d){_GAP}(\d{{4}}){_GAP}(\d{{4}})(?![0-9])")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER = "A-HJ-NP-Za-hj-np-z0-9"  # plates know neither I nor O
_PLATE = re.compile(rf"([{_PROVINCES}][A-Za-z])([·•\- ]?)([{_LETTER}]{{4,5}})([{_LETTER}挂学警港澳])(?![A-Za-z0-9])")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def mask(text: str) -> str:
    """The same text with the middle of every personal number starred; never raises, safe to repeat."""
    text = text.translate(_DIGITS)
    text = _IDENTITY.sub(lambda m: f"{m[1]}********{m[4]}", text)
    text = _MOBILE.sub(lambda m: f"{m[1]}****{m[3]}", text)
    text = _CARD.sub(_star_card, text)
    return _PLATE.sub(lambda m: f"{m[1]}{m[2]}{'*' * len(m[3])}{m[4]}", text)


def _star_card(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    if not 15 <= len(digits) <= 19:
        return found[0]
    return f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}"
