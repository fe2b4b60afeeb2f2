"""What each life of the program is to meet: where it is killed, and what the world does meanwhile."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.gate import Trouble
from tests.faults.points import BEAT, NAMED, STARTING, TROUBLED

TROUBLES: tuple[Trouble, ...] = ("429", "502", "hang", "hang-done")
METHODS = ("sendMessage", "editMessageText", "getUpdates", "send")
WORLD = ("full", "locked", "back", "thrown out", "migrated")
BACK = (60, 3600, 80_000)  # seconds; less than a day: what is older when time comes back is erased before anybody looks
INSTANT = ""  # not at a point: killed from outside after some seconds
SECONDS = 20.0  # how long a life may last after it began to listen
BRIEF = 9.0  # the same, where nobody knows whether its point will be passed at all
PASSAGES = 4
SCOUTING = 12.0
SCOUTS = 4  # lives that only show which functions run


@dataclass(frozen=True)
class Wish:
    method: str
    kind: Trouble


@dataclass
class Life:
    """`at`: an address of points.py, or INSTANT. `leaps`: how often the clock goes on to what is due next."""

    number: int
    at: str = INSTANT
    passage: int = 1
    action: str = "kill"
    seconds: float = SECONDS
    matters: int = 2
    leaps: int = 0
    scouts: bool = False
    troubles: tuple[Wish, ...] = ()
    world: str = ""
    reached: bool = False


def short(addresses: Sequence[str]) -> Iterator[Life]:
    """A life for each address, with little else: for CI."""
    for number, at in enumerate(addresses, 1):
        beats = BEAT in NAMED.get(at, at)
        troubles = (Wish("sendMessage", "429"),) if at in TROUBLED else ()
        matters = 0 if beats or at in STARTING else 1
        yield Life(number, at, 1, seconds=20.0, matters=matters, leaps=3 if beats else 0, troubles=troubles)


def long(choice: random.Random, kills: int, addresses: Sequence[str]) -> Iterator[Life]:
    """Every address in turn and random instants between, in a world where something goes wrong half of the time."""
    for number in range(1, kills + 1):
        at = INSTANT if number % 4 == 0 else addresses[(number - number // 4 - 1) % len(addresses)]
        yield _life(choice, number, at)


def everywhere(choice: random.Random, kills: int, seen: Callable[[], Sequence[str]]) -> Iterator[Life]:
    """At any function of the program. `seen`: those that the first lives were seen to call."""
    for number in range(1, kills + 1):
        if number <= SCOUTS:
            yield Life(number, seconds=SCOUTING, matters=4, leaps=4, scouts=True)
        else:
            at = f"{choice.choice(seen())}:{choice.choice(('before', 'after'))}"
            life = _life(choice, number, at)
            life.seconds = BRIEF if life.seconds == SECONDS else life.seconds
            life.passage = choice.choice((1, 1, 1, 1, 2, 2, 3, 5))
            yield life


def _life(choice: random.Random, number: int, at: str) -> Life:
    world = choice.choice(WORLD) if choice.random() < 0.3 else ""
    troubles = tuple(Wish(choice.choice(METHODS), choice.choice(TROUBLES)) for _ in range(choice.choice((0, 0, 1, 2))))
    if at in TROUBLED:
        troubles += tuple(Wish("send", choice.choice(TROUBLES)) for _ in range(PASSAGES))
    leaps = choice.choice((0, 1, 3))
    beats = BEAT in NAMED.get(at, at)
    life = Life(number, at, 1 if at in STARTING else choice.randint(1, PASSAGES), troubles=troubles, world=world)
    life.seconds = choice.uniform(0.0, 3.0) if at == INSTANT or at in STARTING else SECONDS
    life.matters, life.leaps = (0 if beats and choice.random() < 0.5 else choice.randint(1, 3)), 3 if beats else leaps
    if world == "back":
        life.action = f"back:{choice.choice(BACK)}"
    return life
