"""The Telegram channel: the Bot API behind the contract that all channels keep."""

import asyncio
import logging
from collections.abc import Sequence

from telegram.error import BadRequest, InvalidToken, TelegramError, TimedOut

from bot.channels import Capabilities, Misconfigured, Receive, Rejected, Sent
from bot.channels.telegram.faults import Faults
from bot.channels.telegram.menu import CommandMenu, set_menu
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.reading import ALLOWED_UPDATES, Reader
from bot.channels.telegram.webhook import Door, Webhook
from bot.channels.telegram.wire import Patience, connect, route
from bot.channels.telegram.writing import edit, send, toast
from bot.clock import SystemClock
from bot.observing.signs import SILENT, Signs
from models.posts import Post

__all__ = ["CommandMenu", "Patience", "TelegramChannel", "Webhook"]

log = logging.getLogger(__name__)

PATIENCE = Patience()
ATTEMPTS = 3  # at the start: a network that comes up together with us is given a moment


class TelegramChannel:
    """One bot. `username` and `reads_all` (privacy mode is off) are known once the connection was tried."""

    name = "telegram"
    capabilities = Capabilities()

    def __init__(
        self,
        token: str,
        *,
        base_url: str,
        base_file_url: str,
        proxy: str | None = None,
        webhook: Webhook | None = None,
        patience: Patience = PATIENCE,
        signs: Signs = SILENT,
    ) -> None:
        token = token.strip()
        if not token:
            raise Misconfigured("telegram.token", "token_missing")
        self.account, self.username, self.reads_all = token.partition(":")[0], "", False
        self._wire, self._signs = connect(token, base_url, base_file_url, proxy, patience, signs), signs
        self.route = route(base_url, proxy)
        self._bot, self._patience, self._faults = self._wire.bot, patience, Faults(token)
        self._through = "telegram.proxy" if proxy else "telegram.base_url"
        self._webhook, self._door = webhook, Door(webhook) if webhook else None
        self._poller: Poller | None = None

    async def try_connection(self) -> None:
        """Ask Telegram who we are, and change nothing there. Raises Misconfigured; its words hold no secret."""
        try:
            me = await self._bot.get_me()
        except InvalidToken:
            raise Misconfigured("telegram.token", "token_refused") from None
        except TelegramError as error:
            raise self._no_answer(error) from None
        self.username, self.reads_all = me.username or "", bool(me.can_read_all_group_messages)

    async def open(self) -> None:
        for attempt in range(1, ATTEMPTS):
            try:
                return await self.try_connection()
            except Misconfigured as fault:
                if fault.kind != "no_answer":
                    raise
                await asyncio.sleep(attempt * self._patience.first_pause)
        return await self.try_connection()

    async def take_over(self) -> None:
        """Poll, or have the webhook called here. What waits at Telegram is never thrown away."""
        try:
            await self._choose_door()
        except BadRequest as error:
            raise Misconfigured("telegram.webhook_url", "webhook_refused", why=self._faults.words(error)) from None
        except TelegramError as error:
            raise self._no_answer(error) from None

    async def listen(self, receive: Receive) -> None:
        reader = Reader(self.account, self.username, SystemClock())
        if self._door:
            await self._door.serve(reader, receive)
        else:
            self._poller = Poller(self._bot, reader, self._patience, self._signs)
            await self._poller.run(receive)

    def troubles(self) -> dict[str, bool]:
        """What keeps us from hearing the groups and only an operator can end."""
        poller = self._poller.trouble if self._poller else None
        return {"deaf": not self.reads_all, "token": poller == "token", "conflict": poller == "conflict"}

    async def deliver(self, post: Post) -> Sent:
        again = post.kind != "send"
        try:
            async with asyncio.timeout(self._patience.whole):
                return await self._do(post)
        except TelegramError as error:
            raise self._faults.failure(error, post.chat_id, again=again) from None
        except TimeoutError:
            raise self._faults.failure(TimedOut(), post.chat_id, again=again) from None
        except ValueError as error:  # a chat or message number that is none
            raise Rejected(type(error).__name__) from None

    async def set_commands(self, menus: Sequence[CommandMenu]) -> None:
        """Tell Telegram which menu who sees. One that is refused is logged; the bot works without."""
        for menu in menus:
            try:
                await set_menu(self._bot, menu)
            except (TelegramError, ValueError) as error:
                told = {"event": "menu_refused", "scope": menu.scope, "why": type(error).__name__}
                log.warning("the command menu for %(scope)s was not set: %(why)s", told)

    async def close(self) -> None:
        if self._door:
            self._door.close()
        await self._wire.close()

    async def _choose_door(self) -> None:
        if not (self._webhook and self._door):
            await self._bot.delete_webhook()
            return
        self._door.open()
        await self._bot.set_webhook(
            self._webhook.url,
            max_connections=1,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=self._webhook.secret,
        )

    async def _do(self, post: Post) -> Sent:
        match post.kind:
            case "send":
                return await send(self._bot, self.username, post)
            case "edit":
                return await edit(self._bot, self.username, post)
            case "toast":
                return await toast(self._bot, post)

    def _no_answer(self, error: TelegramError) -> Misconfigured:
        return Misconfigured(self._through, "no_answer", route=self.route, why=self._faults.words(error))
