"""A judge whose rules are read when they are first needed: whoever starts can say hello to the network meanwhile."""

from threading import Lock

from bot.reading.judge import Judge
from bot.reading.library import open_library


class UnreadJudge(Judge):
    """The shipped rules, which were tested and cannot be at fault. A deployment's own are read at once, by Judge.load:
    what is wrong in them has to stop the start.
    """

    def __init__(self) -> None:
        self._reading = Lock()

    def __getattr__(self, name: str) -> object:
        """Asked only for what is not there: everything, until the rules are read."""
        with self._reading:
            if "_library" not in vars(self):
                super().__init__(open_library())
        return object.__getattribute__(self, name)
