"""One post on its way to Telegram: which calls of the Bot API, with what in them."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels import Sent
from bot.channels.telegram.faults import TOPIC_LOST, says
from bot.channels.telegram.reading import VIDEO_NOTE
from bot.channels.telegram.text import (
    MAX_CAPTION,
    MAX_TEXT,
    MAX_TOAST,
    can_be_called,
    fit,
    may_preview,
    tidy,
    to_html,
    units,
    words,
)
from models.posts import Button, MentionOut, Post, Segment

log = logging.getLogger(__name__)

Call = Callable[..., Awaitable[Message]]
Frame = dict[str, Any]
CAPTIONED = frozenset({"photo", "video", "voice", "audio", "document"})
ALERT_FROM = 40  # UTF-16 units; longer than two lines on a phone, and the toast is gone before it is read


async def send(bot: Bot, username: str, post: Post) -> Sent:
    """Say it, with its files. The words arrive once: a file that fails only degrades the post."""
    segments, frame = tidy(post.segments), _frame(post, username)
    message = await _say_under_file(bot, post.attachments, segments, frame)
    files = post.attachments[1:] if message else post.attachments
    message = message or await _in_topic(bot.send_message, frame | _text(segments))
    arrived = await _enclose(bot, files, frame, message)
    return Sent(str(message.message_id), _degraded(segments) + (() if arrived else ("file",)))


async def edit(bot: Bot, username: str, post: Post) -> Sent:
    """Change a message of ours. That it already reads so is success."""
    segments = tidy(post.segments)
    where: Frame = {
        "chat_id": int(post.chat_id),
        "message_id": int(post.message_id or 0),
        "reply_markup": _keyboard(post, username),
    }
    try:
        await bot.edit_message_text(**where, **_text(segments))
    except BadRequest as error:
        if says(error, "no text in the message"):  # the words stand under a picture
            return await _edit_caption(bot, where, segments)
        if not says(error, "not modified"):
            raise
    return Sent(None, _degraded(segments))


async def _edit_caption(bot: Bot, where: Frame, segments: Sequence[Segment]) -> Sent:
    try:
        await bot.edit_message_caption(**where, **_caption(segments))
    except BadRequest as error:
        if not says(error, "not modified"):
            raise
    return Sent(None, _degraded(segments))


async def toast(bot: Bot, post: Post) -> Sent:
    """Answer a press; only the person who pressed sees it."""
    text = _spoken(fit(tidy(post.segments), MAX_TOAST))
    await bot.answer_callback_query(post.query_id or "", text or None, show_alert=units(text) > ALERT_FROM or None)
    return Sent()


def _frame(post: Post, username: str) -> Frame:
    """Where a new message goes and what hangs on it."""
    answers = (
        ReplyParameters(int(post.reply_to), allow_sending_without_reply=True) if post.reply_to is not None else None
    )
    return {
        "chat_id": int(post.chat_id),
        "message_thread_id": int(post.thread_id) if post.thread_id is not None else None,
        "reply_parameters": answers,
        "disable_notification": post.silent or None,
        "reply_markup": _keyboard(post, username),
    }


async def _in_topic(call: Call, frame: Frame) -> Message:
    """A topic that was closed or deleted must not swallow the message: then it goes to the group itself."""
    try:
        return await call(**frame)
    except BadRequest as error:
        if frame["message_thread_id"] is None or not says(error, *TOPIC_LOST):
            raise
        return await call(**frame | {"message_thread_id": None})


async def _say_under_file(
    bot: Bot, files: Sequence[tuple[str, str]], segments: Sequence[Segment], frame: Frame
) -> Message | None:
    """The words as caption of the first file; None when they do not fit there or Telegram will not have the file."""
    if not files or not _takes_caption(*files[0]) or units(_spoken(segments)) > MAX_CAPTION:
        return None
    try:
        return await _in_topic(_sending(bot, *files[0]), frame | _caption(segments))
    except BadRequest as error:
        told = {"event": "file_refused", "kind": files[0][0], "why": error}
        log.warning("a %(kind)s goes without its file: %(why)s", told)
        return None


async def _enclose(bot: Bot, files: Sequence[tuple[str, str]], frame: Frame, message: Message) -> bool:
    """Files as replies to the words; whether all arrived. None raises: sending the words again would be worse."""
    below = frame | {
        "reply_parameters": ReplyParameters(message.message_id, allow_sending_without_reply=True),
        "message_thread_id": message.message_thread_id if message.is_topic_message else None,
        "reply_markup": None,
    }
    arrived = True
    for kind, ref in files:
        try:
            await _in_topic(_sending(bot, kind, ref), below)
        except (TelegramError, ValueError) as error:
            told = {"event": "file_lost", "kind": kind, "why": type(error).__name__}
            log.warning("a %(kind)s did not arrive: %(why)s", told)
            arrived = False
    return arrived


def _sending(bot: Bot, kind: str, ref: str) -> Call:
    """The call that sends a file which Telegram already has: send_photo(photo=…), send_voice(voice=…) and so on."""
    if kind == "location":
        latitude, longitude = map(float, ref.split(","))
        return partial(bot.send_location, latitude=latitude, longitude=longitude)
    if ref.startswith(VIDEO_NOTE):
        kind, ref = "video_note", ref.removeprefix(VIDEO_NOTE)
    return partial(getattr(bot, f"send_{kind}"), **{kind: ref})


def _takes_caption(kind: str, ref: str) -> bool:
    return kind in CAPTIONED and not ref.startswith(VIDEO_NOTE)


def _text(segments: Sequence[Segment]) -> Frame:
    """Previews are switched off only where one could appear: not every Bot API server knows the option."""
    preview = LinkPreviewOptions(is_disabled=True) if may_preview(_spoken(segments)) else None
    html = to_html(fit(segments, MAX_TEXT))
    return {"text": html, "parse_mode": ParseMode.HTML, "link_preview_options": preview}


def _caption(segments: Sequence[Segment]) -> Frame:
    html = to_html(fit(segments, MAX_CAPTION))
    return {"caption": html or None, "parse_mode": ParseMode.HTML if html else None}


def _spoken(segments: Sequence[Segment]) -> str:
    return "".join(map(words, segments))


def _degraded(segments: Sequence[Segment]) -> tuple[str, ...]:
    """What of the post the neighbours do not get, in the words of the log."""
    unreachable = any(isinstance(s, MentionOut) and not can_be_called(s) for s in segments)
    cut = units(_spoken(segments)) > MAX_TEXT
    return tuple(word for word, so in (("mention", unreachable), ("cut", cut)) if so)


def _keyboard(post: Post, username: str) -> InlineKeyboardMarkup | None:
    rows = [[made for button in row if (made := _button(button, username))] for row in post.buttons]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button, username: str) -> InlineKeyboardButton | None:
    """A button that cannot lead anywhere is left out: a bot without a name has no link to its private chat."""
    if button.action:
        return InlineKeyboardButton(button.label, callback_data=button.action)
    if button.start is not None and username:
        return InlineKeyboardButton(button.label, url=f"https://t.me/{username}?start={button.start}")
    return None
