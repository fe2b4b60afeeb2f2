"""What Telegram's refusals mean: one of the five ways in which a post can fail."""

import time
from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels import ChatGone, DeliveryFailure, Moved, Rejected, TryLater, Uncertain
from bot.observing.telling import plain

GONE = ("chat not found", "user is deactivated", "bot was kicked", "bot was blocked", "chat was deactivated", "peer_id")
TOPIC_LOST = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
SOON = 5.0  # seconds; the postman adds its own patience
REFUSED = 60.0  # seconds until a token that Telegram no longer takes is tried again
TOGETHER = 2.0  # seconds; two chats refused within them: the whole bot is too fast, not one chat


def says(error: TelegramError, *phrases: str) -> bool:
    text = error.message.lower()
    return any(phrase in text for phrase in phrases)


def seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def never_sent(error: TelegramError) -> bool:
    """No connection stood: the server cannot have seen it."""
    return isinstance(error.__cause__, NEVER_SENT)


class Faults:
    """Turns errors into failures for one bot, and keeps the token out of their words."""

    def __init__(self, token: str) -> None:
        self._secret = token.rpartition(":")[2]  # alone: the number is public, and the colon may be %-encoded
        self._last_flood = ("", 0.0)

    def failure(self, error: TelegramError, chat_id: str, *, again: bool) -> DeliveryFailure:
        """`again`: doing it twice does no harm (edits, answers to a press)."""
        if isinstance(error, RetryAfter):
            return self._flood(chat_id, seconds(error.retry_after))
        if isinstance(error, ChatMigrated):
            return Moved(str(error.new_chat_id))
        if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and says(error, *GONE)):
            return ChatGone(self.words(error))
        if isinstance(error, BadRequest):  # a NetworkError to PTB, but no second try will help
            return Rejected(self.words(error))
        if isinstance(error, InvalidToken):
            return TryLater(REFUSED, "bot")
        if never_sent(error):
            return TryLater(SOON, "bot")
        return TryLater(SOON) if again else Uncertain(self.words(error))

    def words(self, error: TelegramError) -> str:
        """What the server said, for a log: without what it quotes, and the token that an error page repeats."""
        return plain(error.message.replace(self._secret, "***"))

    def _flood(self, chat_id: str, wait: float) -> TryLater:
        (other, when), now = self._last_flood, time.monotonic()
        self._last_flood = (chat_id, now)
        everywhere = other not in ("", chat_id) and now - when < TOGETHER
        return TryLater(wait, "bot" if everywhere else "chat")
