"""gridbot check, online: does Telegram know us, through this proxy, and may we read the groups?"""

import asyncio

from bot.channels import Misconfigured
from bot.check.report import Report
from bot.config.faults import fault
from bot.config.load import Config
from bot.connect import telegram_channel
from bot.sentences import say


def check_telegram(config: Config) -> Report:
    """Changes nothing at Telegram; a bot that runs meanwhile is not disturbed."""
    return asyncio.run(_ask(config))


async def _ask(config: Config) -> Report:
    try:
        return await _who_are_we(config)
    except Misconfigured as wrong:
        return Report(faults=(fault(config.language, wrong.key, wrong.kind, **wrong.values),))


async def _who_are_we(config: Config) -> Report:
    channel = telegram_channel(config)
    try:
        await channel.try_connection()
    finally:
        await channel.close()
    connected = say(config.language, "check_connected", username=channel.username, route=channel.route)
    if channel.reads_all:
        return Report(notes=(connected,))
    privacy = fault(config.language, f"@{channel.username}", "privacy_mode", username=channel.username)
    return Report(warnings=(privacy,), notes=(connected,))
