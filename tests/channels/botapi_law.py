"""What the Bot API asks of a request, checked as strictly as its documentation reads."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

NEW = {
    "chat_id",
    "message_thread_id",
    "reply_parameters",
    "reply_markup",
    "disable_notification",
    "protect_content",
    "parse_mode",
}
CAPTIONED = NEW | {"caption", "caption_entities"}
PARAMETERS: dict[str, set[str]] = {
    "getMe": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "max_connections", "allowed_updates", "drop_pending_updates", "ip_address"},
    "deleteWebhook": {"drop_pending_updates"},
    "getWebhookInfo": set(),
    "setMyCommands": {"commands", "scope", "language_code"},
    "deleteMyCommands": {"scope", "language_code"},
    "sendMessage": NEW | {"text", "entities", "link_preview_options"},
    "sendPhoto": CAPTIONED | {"photo"},
    "sendVideo": CAPTIONED | {"video"},
    "sendVoice": CAPTIONED | {"voice"},
    "sendAudio": CAPTIONED | {"audio"},
    "sendDocument": CAPTIONED | {"document"},
    "sendVideoNote": (NEW - {"parse_mode"}) | {"video_note"},
    "sendSticker": (NEW - {"parse_mode"}) | {"sticker"},
    "sendLocation": (NEW - {"parse_mode"}) | {"latitude", "longitude"},
    "editMessageText": {"chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"},
    "editMessageCaption": {"chat_id", "message_id", "caption", "parse_mode", "reply_markup"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert", "url", "cache_time"},
}
UPDATE_KINDS = {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "poll",
}
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "del", "a", "code", "pre", "blockquote", "span"}
TOKEN = re.compile(r'<(/?)([a-z]+)((?:\s+[a-z-]+="[^"<>]*")*)>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|[^<>&]+')


class Refusal(Exception):
    """The answer is an error: HTTP status, description, and the parameters that some errors carry."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class BadForm(Refusal):
    """A fault of the caller: a well-behaved bot never earns one."""

    def __init__(self, description: str) -> None:
        super().__init__(400, f"Bad Request: {description}")


@dataclass
class Written:
    """A text after its HTML was parsed."""

    text: str = ""
    mentions: list[tuple[str, str]] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)


def check_parameters(method: str, params: dict[str, str]) -> None:
    if method not in PARAMETERS:
        raise Refusal(404, "Not Found: method not found")
    if unknown := set(params) - PARAMETERS[method]:
        raise BadForm(f"unknown parameters {sorted(unknown)} for {method}")
    if params.get("drop_pending_updates") == "true":
        raise BadForm("waiting updates would be lost")


def parse(raw: str, *, html: bool, limit: int) -> Written:
    """The text as people see it. Raises BadForm when it does not parse or is longer than `limit` UTF-16 units."""
    written = _parse_html(raw) if html else Written(raw)
    if len(written.text.encode("utf-16-le")) // 2 > limit:
        raise BadForm(f"text is too long for {limit}")
    if "\0" in written.text:
        raise BadForm("text holds NUL")
    return written


def _parse_html(raw: str) -> Written:
    written, at, open_tags = Written(), 0, []
    while at < len(raw):
        token = TOKEN.match(raw, at)
        if token is None:
            raise BadForm(f"can't parse entities: bare character at {at}: {raw[at : at + 20]!r}")
        at = token.end()
        if token[2] is None:
            written.text += unescape(token[0])
        elif token[2] not in TAGS:
            raise BadForm(f"can't parse entities: unsupported tag {token[2]}")
        elif token[1]:
            _close(written, open_tags, token[2])
        else:
            open_tags.append((token[2], token[3], len(written.text)))
    if open_tags:
        raise BadForm(f"can't parse entities: {open_tags[-1][0]} is never closed")
    return written


def _close(written: Written, open_tags: list[tuple[str, str, int]], tag: str) -> None:
    if not open_tags or open_tags[-1][0] != tag:
        raise BadForm(f"can't parse entities: {tag} is closed but not open")
    _, attributes, start = open_tags.pop()
    inside = written.text[start:]
    if tag == "b":
        written.bold.append(inside)
    if tag == "a":
        link = re.fullmatch(r'\s+href="tg://user\?id=(\d+)"', attributes)
        if not link:
            raise BadForm(f"unexpected link {attributes}")
        written.mentions.append((link[1], inside))


def check_keyboard(markup: str | None) -> list[list[dict[str, Any]]]:
    if markup is None:
        return []
    rows: list[list[dict[str, Any]]] = json.loads(markup)["inline_keyboard"]
    for button in (button for row in rows for button in row):
        check_button(button)
    return rows


def check_button(button: dict[str, Any]) -> None:
    if not button.get("text") or len(button) != 2:
        raise BadForm(f"a button needs a label and one purpose: {button}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise BadForm("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://\S+$", button["url"]):
        raise BadForm("BUTTON_URL_INVALID")
    if not {"callback_data", "url"} & set(button):
        raise BadForm(f"unknown button {button}")


def check_kinds(allowed: str) -> set[str]:
    kinds = json.loads(allowed)
    if not isinstance(kinds, list) or set(kinds) - UPDATE_KINDS:
        raise BadForm(f"unknown update kinds {allowed}")
    return set(kinds)
