"""Where the program can be killed: names for the moments that matter, and a way to say any other.

An address is `module:function:before` or `:after`, and may end in `@module:function`: only while that one runs.
`database:commit` is the commit of a transaction that has written something.
"""

from dataclasses import dataclass

COMMIT = "database:commit"
INBOX = "bot.inbox:Inbox._receive_some"
TAKE, NOTE, FAILED = "bot.postman:Postman._take", "bot.postman:Postman._sent", "bot.postman:Postman._undelivered"
BEAT, DELIVER = "bot.heartbeat:Heartbeat._one", "bot.channels.telegram:TelegramChannel.deliver"
FETCH, REQUEST = "bot.channels.telegram.wire:RawBot.fetch", "bot.channels.telegram.wire:QuietRequest.do_request"

NAMED = {
    "before-opening": "bot.open_database:open_ready:before",
    "before-tables-commit": f"{COMMIT}:before@models.schema:migrate",
    "tables-made": "bot.open_database:open_ready:after",
    "before-seeding-commit": f"{COMMIT}:before@bot.app:App.__init__",
    "seeded": f"{COMMIT}:after@bot.app:App.__init__",
    "asking": f"{FETCH}:before",  # from its second passage on it acknowledges what was committed
    "received": f"{FETCH}:after",
    "before-taking-in": f"{INBOX}:before",
    "ticket-opened": "handlers.intake:open_ticket:after",
    "before-inbox-commit": f"{COMMIT}:before@{INBOX}",
    "inbox-committed": f"{COMMIT}:after@{INBOX}",
    "taken-in": f"{INBOX}:after",
    "before-lease": f"{COMMIT}:before@{TAKE}",
    "leased": f"{COMMIT}:after@{TAKE}",
    "before-send": f"{REQUEST}:before@{DELIVER}",
    "sent": f"{REQUEST}:after@{DELIVER}",
    "delivered": f"{DELIVER}:after",
    "before-note": f"{COMMIT}:before@{NOTE}",
    "noted": f"{COMMIT}:after@{NOTE}",
    "before-noting-failure": f"{COMMIT}:before@{FAILED}",
    "failure-noted": f"{COMMIT}:after@{FAILED}",
    "claimed": f"models.base:claim:after@{BEAT}",
    "before-beat-commit": f"{COMMIT}:before@{BEAT}",
    "beat-committed": f"{COMMIT}:after@{BEAT}",
}

STARTING = ("before-opening", "before-tables-commit", "tables-made", "before-seeding-commit", "seeded")
"""Passed once, when the program starts."""

TROUBLED = ("before-noting-failure", "failure-noted")
"""Passed only when a letter could not be delivered."""


@dataclass(frozen=True)
class Point:
    """`function` as module:Class.name; `within` the same, or empty."""

    function: str
    after: bool
    within: str = ""


def point(address: str) -> Point:
    """A name of the table, or an address. Raises ValueError for anything else."""
    where, _, within = NAMED.get(address, address).partition("@")
    function, _, when = where.rpartition(":")
    if when not in ("before", "after") or ":" not in function or (within and ":" not in within):
        raise ValueError(f"{address!r}: neither a name of the table nor module:function:before|after[@module:function]")
    return Point(function, when == "after", within)
