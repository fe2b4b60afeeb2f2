"""The command menu that Telegram shows, different for each circle of people."""

from dataclasses import dataclass
from typing import Literal

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    BotCommandScopeDefault,
)

Scope = Literal["default", "all_private_chats", "all_group_chats", "chat", "chat_member"]


@dataclass(frozen=True)
class CommandMenu:
    """What one circle sees, as (Latin name, description). An empty menu gives way to the wider scope's."""

    scope: Scope
    commands: tuple[tuple[str, str], ...]
    chat_id: str | None = None  # for chat and chat_member
    user_id: str | None = None  # for chat_member


async def set_menu(bot: Bot, menu: CommandMenu) -> None:
    if menu.commands:
        await bot.set_my_commands(menu.commands, scope=_scope(menu))
    else:
        await bot.delete_my_commands(scope=_scope(menu))


def _scope(menu: CommandMenu) -> BotCommandScope:
    match menu.scope:
        case "all_private_chats":
            return BotCommandScopeAllPrivateChats()
        case "all_group_chats":
            return BotCommandScopeAllGroupChats()
        case "chat":
            return BotCommandScopeChat(int(menu.chat_id or 0))
        case "chat_member":
            return BotCommandScopeChatMember(int(menu.chat_id or 0), int(menu.user_id or 0))
        case _:
            return BotCommandScopeDefault()
