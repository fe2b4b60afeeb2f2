"""What a weighed line means: how urgent, which class, open or ask, and whether it tells of two things."""

import re
from typing import NamedTuple

from bot.reading.sight import Sight
from models.messages import CATEGORIES, Decision, Speech

Bars = tuple[float, float]  # from where a line opens, from where it asks
UNNAMED_DANGER = "collapse"  # 119 is the right number when nobody knows what it is
DANGER = 1.0  # from where learned words alone make an emergency
SHORTEST_PROBLEM = 6  # characters
_CLASS = {category: number for number, category in enumerate(CATEGORIES)}


class Finding(NamedTuple):
    """What is decided about a text, and the sight that its card is written from; none for a line that is ignored."""

    text: str
    speech: tuple[Speech, str] | None
    decision: Decision
    score: float
    category: str | None = None
    emergency: str | None = None
    sight: Sight | None = None
    wish: str = ""


def conclude(score: float, sight: Sight, kinds: list[float], bars: Bars) -> tuple[Decision, str, str | None]:
    """Decision, class, emergency of a line that is at least asked about; an urgent one is never only asked."""
    danger, *learned = kinds
    emergency = emergency_of(sight, danger)
    open_at, ask_at = bars
    sure = score >= open_at or (emergency and score >= ask_at)
    return "open" if sure else "ask", class_of(class_scores(sight, learned)), emergency


def wish_of(sight: Sight, category: str | None = None) -> str:
    """The kind of wish that the first such rule names, of this class where the line has one."""
    return next((rule.wish for rule, _ in sight.met if rule.wish and category in (None, rule.category)), "")


def is_private(sight: Sight) -> bool:
    """Illness, debts, what is between members of a family: some rule says that it is nobody else's business."""
    return any(rule.private for rule, _ in sight.met)


def emergency_of(sight: Sight, danger: float) -> str | None:
    """The kind of danger: by a rule that says so, else by words that spoke of danger in other lines."""
    told = [rule for rule, _ in sight.met if rule.urgency]
    if told:
        return max(told, key=lambda rule: rule.strength).urgency
    if danger < DANGER:
        return None
    dangers = [rule for rule, _ in sight.met if rule.danger]
    return max(dangers, key=lambda rule: rule.strength).danger if dangers else UNNAMED_DANGER


def class_of(scores: list[float]) -> str:
    """The class with the most weight behind it; of equals the first in the order of R16."""
    return CATEGORIES[scores.index(max(scores))]


def class_scores(sight: Sight, learned: list[float]) -> list[float]:
    """What each class has behind it, in the order of R16."""
    scores = learned.copy()
    for rule, _ in sight.met:
        if rule.category:
            scores[_CLASS[rule.category]] += rule.strength
    return scores


_SEPARATE = re.compile(
    r"(?=[。；;\n另还再顺对第二])(?:[。；;\n]+|另外|还有(?:就是|个事|一个|一件)?|再(?:一个|就是|说)|顺便(?:说|问|反映)?(?:一?下|一句)?|对了|第二|二是)"
)


def separate(text: str) -> list[str]:
    """The sentences of a message that may tell of two things."""
    return [part for part in _SEPARATE.split(text) if len(part.strip()) >= SHORTEST_PROBLEM]
