"""A channel for measuring: no network behind it."""

from dataclasses import dataclass

from bot.channels import Capabilities, Sent
from models.posts import Post
from tests.bench.county import ACCOUNT


@dataclass
class Quiet:
    """A channel on which everything arrives."""

    name: str = "telegram"
    account: str = ACCOUNT
    capabilities: Capabilities = Capabilities()
    last: int = 50_000_000

    async def open(self) -> None: ...
    async def listen(self, receive: object) -> None: ...
    async def close(self) -> None: ...

    async def deliver(self, post: Post) -> Sent:
        self.last += 1
        return Sent(str(self.last))
