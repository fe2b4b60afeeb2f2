"""What the learned pieces of a line, its beginning and its end among them, say together."""

from collections.abc import Mapping

from bot.reading.lexicon import word_finder
from bot.reading.normalise import without_numbers

THOUSAND = 1000
BEGIN, END = "\ue000", "\ue001"  # what no text holds; ^ and $ are written for them: ^我家, 了$


class Pieces:
    """Immutable after loading. Weights are summed as whole thousandths: in any order the same."""

    def __init__(self, weight: Mapping[str, float]) -> None:
        self._weight = weight
        self._written = {_marked(piece): piece for piece in weight}
        self._thousandths = {_marked(piece): round(worth * THOUSAND) for piece, worth in weight.items()}.__getitem__
        self._find = word_finder(self._written)

    def worth(self, clean: str) -> float:
        """Of all its pieces together."""
        return sum(map(self._thousandths, self._in(clean))) / THOUSAND

    def of(self, clean: str) -> dict[str, float]:
        """Each that is known, and its worth, in the order of their letters."""
        return {piece: self._weight[piece] for piece in sorted(self._written[found] for found in self._in(clean))}

    def _in(self, clean: str) -> frozenset[str]:
        return self._find(f"{BEGIN}{without_numbers(clean)}{END}")


def _marked(piece: str) -> str:
    if len(piece) > 1 and piece.startswith("^"):
        return BEGIN + piece[1:]
    return piece[:-1] + END if len(piece) > 1 and piece.endswith("$") else piece
