"""How readily a group's lines are taken for issues (敏感度), and its neighbours' own place names (地名)."""

import re

from handlers.rights import is_member, may_run
from handlers.turn import Refusal, Turn
from handlers.wording import listed
from models.units import Unit

FACTORS = {"less": 1.4, "usual": 1.0, "more": 0.75}  # of the deployment's thresholds
BETWEEN = re.compile(r"[、，,;；\s]+")
MOST_NAMES, SHORTEST, LONGEST = 60, 2, 16  # landmarks, and their characters


def tune(turn: Turn, written: str, value: str) -> bool:
    """`敏感度 少打扰`, `地名 幸福超市、老槐树`. False when the first word names neither."""
    words = {word.lower(): setting for setting, word in turn.texts.table("settings").items()}
    words.update({setting: setting for setting in turn.texts.table("settings")})
    setting = words.get(written.lower())
    if setting is None:
        return False
    unit = turn.chat.unit
    if unit is None:
        raise Refusal("unbound")
    if setting == "reading":
        _set_step(turn, value)
    else:
        _set_landmarks(turn, unit, value)
    return True


def show_tuning(turn: Turn) -> str:
    """What this group is set to, a line each."""
    unit = turn.chat.unit
    names = listed(turn, unit.landmarks) if unit is not None and unit.landmarks else ""
    step = turn.texts.line("setup_reading", step=turn.texts.word("steps", _step(turn)))
    return step + (turn.texts.line("setup_landmarks", names=names) if names else "")


def _set_step(turn: Turn, value: str) -> None:
    if not may_run(turn.known, turn.chat.unit):
        raise Refusal("staff_only")
    steps = turn.texts.table("steps")
    step = next((step for step in FACTORS if value.lower() in (step, steps[step].lower())), None)
    if step is None:
        raise Refusal("setup_steps", steps=listed(turn, (steps[s] for s in FACTORS)))
    turn.chat.reading_open, turn.chat.reading_ask = _thresholds(turn, step)
    turn.say("setup_reading_done", step=steps[step])


def _set_landmarks(turn: Turn, unit: Unit, value: str) -> None:
    """The whole list anew; 无 empties it."""
    if not is_member(turn.known, unit):
        raise Refusal("staff_only")
    none = turn.texts.line("setup_landmarks_none")
    names = list(dict.fromkeys(name for name in BETWEEN.split(value) if name and name != none))
    if not value or len(names) > MOST_NAMES or not all(SHORTEST <= len(name) <= LONGEST for name in names):
        raise Refusal("setup_landmarks_how", none=none)
    unit.landmarks = names
    turn.say("setup_landmarks_done", unit=unit.name, names=listed(turn, names) or none)


def _thresholds(turn: Turn, step: str) -> tuple[float, float]:
    usual = turn.policy.reading
    return round(usual.open * FACTORS[step], 3), round(usual.ask * FACTORS[step], 3)


def _step(turn: Turn) -> str:
    """The step that the group's thresholds stand at; `own` when the file gave it others."""
    mine = (turn.ground.open_at, turn.ground.ask_at)
    return next((step for step in FACTORS if _thresholds(turn, step) == mine), "own")
