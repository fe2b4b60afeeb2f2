"""Which function answers what: a visible list per handler file, put together in handlers/__init__.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.commands import Words

if TYPE_CHECKING:
    from handlers.desk import Desk
    from handlers.turn import Turn

Handler = Callable[["Turn"], None]
Step = Callable[["Desk"], bool]


@dataclass
class Router:
    """Commands by name, button presses by action, and steps of the heartbeat."""

    commands: dict[str, Handler] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    with_text: set[str] = field(default_factory=set)
    presses: dict[str, Handler] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def command(self, name: str, *words: str, text: bool = False) -> Callable[[Handler], Handler]:
        """`/name`, and the words that do the same. `text`: the word may also be followed by free text."""

        def add(handler: Handler) -> Handler:
            self.commands[name] = handler
            self.words.update(dict.fromkeys(words, name))
            if text:
                self.with_text.add(name)
            return handler

        return add

    def press(self, action: str) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.presses[action] = handler
            return handler

        return add

    def step(self, function: Step) -> Step:
        """One due thing; the heartbeat repeats it until it answers False."""
        self.steps.append(function)
        return function

    def vocabulary(self) -> Words:
        return Words(dict(self.words), frozenset(self.commands), frozenset(self.with_text))


def joined(routers: Iterable[Router]) -> Router:
    """One router out of many; the same word twice is our fault and found at start."""
    whole = Router()
    for router in routers:
        for mine, theirs in ((whole.commands, router.commands), (whole.presses, router.presses)):
            assert not mine.keys() & theirs.keys(), mine.keys() & theirs.keys()
            mine.update(theirs)
        assert not whole.words.keys() & router.words.keys(), whole.words.keys() & router.words.keys()
        whole.words.update(router.words)
        whole.with_text |= router.with_text
        whole.steps += router.steps
    return whole
