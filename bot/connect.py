"""The channels that a configuration asks for."""

from bot.channels.telegram import TelegramChannel, Webhook
from bot.config.load import Config
from bot.observing.signs import SILENT, Signs


def telegram_channel(config: Config, signs: Signs = SILENT) -> TelegramChannel:
    """Not connected yet. Raises Misconfigured when there is no token, or the proxy cannot be one."""
    wanted = config.telegram
    webhook = Webhook(wanted.webhook_url, wanted.webhook_listen, wanted.webhook_port, wanted.webhook_secret)
    return TelegramChannel(
        wanted.token,
        base_url=wanted.base_url,
        base_file_url=wanted.base_file_url,
        proxy=wanted.proxy or None,
        webhook=webhook if wanted.webhook_url else None,
        signs=signs,
    )
