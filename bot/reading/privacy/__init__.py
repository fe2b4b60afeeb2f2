"""Masks what no ledger, card or log may show: numbers that belong to one person, and who lives behind a door."""

from bot.reading.privacy.names import names_in
from bot.reading.privacy.numbers import numbers_in

STAR = "*"


def mask(text: str) -> str:
    """The same text, letter for letter, with what is nobody's business starred; never raises, safe to repeat."""
    hidden = [*numbers_in(text), *names_in(text)]
    if not hidden:
        return text
    letters = list(text)
    for start, end in hidden:
        letters[start:end] = [STAR if letter.isalnum() else letter for letter in letters[start:end]]
    return "".join(letters)
