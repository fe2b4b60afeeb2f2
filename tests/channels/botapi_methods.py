"""What the bot's calls do in the test's Telegram."""

import json
import time
from typing import Any

from tests.channels.botapi_law import BadForm, Refusal, Written, check_keyboard, check_kinds, parse
from tests.channels.botapi_town import Json, Message, Toast, Town

FILES = {"sendPhoto": "photo", "sendVideo": "video", "sendVoice": "voice", "sendAudio": "audio"} | {
    "sendDocument": "document",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}


class Methods(Town):
    """Bot API methods, except getUpdates."""

    def clear(self) -> None:
        super().clear()
        self.allowed: set[str] = set()
        self.webhook: dict[str, str] = {}

    def do(self, method: str, params: dict[str, str]) -> Any:
        match method:
            case "getMe":
                return self.me() | {"can_read_all_group_messages": self.reads_all, "can_join_groups": True}
            case "setWebhook":
                return self._set_webhook(params)
            case "deleteWebhook":
                self.webhook = {}
                return True
            case "setMyCommands":
                self.menus[params.get("scope", "")] = json.loads(params["commands"])
                return True
            case "deleteMyCommands":
                self.menus.pop(params.get("scope", ""), None)
                return True
            case "answerCallbackQuery":
                return self._toast(params)
            case "editMessageText" | "editMessageCaption":
                return self._change(method, params)
            case _ if method.startswith("send"):
                return self._post(method, params)
        raise Refusal(404, "Not Found: method not found")

    def _set_webhook(self, params: dict[str, str]) -> bool:
        if not params["url"].startswith(("https://", "http://127.0.0.1")):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = params
        self.allowed = check_kinds(params.get("allowed_updates", "[]"))
        return True

    def _toast(self, params: dict[str, str]) -> bool:
        if params["callback_query_id"] not in self.queries:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        text = parse(params.get("text", ""), html=False, limit=200).text
        self.toasts.append(Toast(params["callback_query_id"], text, params.get("show_alert") == "true"))
        return True

    def _post(self, method: str, params: dict[str, str]) -> Json:
        chat = self._open_chat(int(params["chat_id"]))
        written, kind = self._written(params), FILES.get(method)
        if kind and params[kind] not in self.files:
            raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if method == "sendMessage" and not written.text.strip():
            raise BadForm("message text is empty")
        thread = int(params["message_thread_id"]) if "message_thread_id" in params else None
        if thread is not None and (chat, thread) not in self.topics:
            raise Refusal(400, "Bad Request: message thread not found")
        message = self.new_message(chat, self.me())
        message |= {"message_thread_id": thread, "is_topic_message": True} if thread is not None else {}
        message |= {"text": written.text} if method == "sendMessage" else {"caption": written.text}
        self.messages[chat, message["message_id"]] = message
        self.sent.append(
            Message(
                chat_id=chat,
                message_id=message["message_id"],
                written=written,
                buttons=check_keyboard(params.get("reply_markup")),
                reply_to=self._answered(chat, params),
                thread_id=thread,
                silent=params.get("disable_notification") == "true",
                preview="is_disabled" not in params.get("link_preview_options", ""),
                file=(kind, params[kind]) if kind else ("location", "") if method == "sendLocation" else None,
            )
        )
        return message

    def _written(self, params: dict[str, str]) -> Written:
        html = params.get("parse_mode") == "HTML"
        if "caption" in params:
            return parse(params["caption"], html=html, limit=1024)
        return parse(params.get("text", ""), html=html, limit=4096)

    def _answered(self, chat: int, params: dict[str, str]) -> int | None:
        if "reply_parameters" not in params:
            return None
        reply = json.loads(params["reply_parameters"])
        if (chat, reply["message_id"]) in self.messages:
            return int(reply["message_id"])
        if not reply.get("allow_sending_without_reply"):
            raise BadForm("message to be replied not found")
        return None

    def _open_chat(self, chat: int) -> int:
        if chat in self.moved:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved[chat],
            )
        if chat in self.closed:
            raise Refusal(403, self.closed[chat])
        if chat not in self.chats:
            if chat > 0:
                raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
            raise Refusal(400, "Bad Request: chat not found")
        return chat

    def _change(self, method: str, params: dict[str, str]) -> Json:
        chat, number = self._open_chat(int(params["chat_id"])), int(params["message_id"])
        ours = next((m for m in self.sent if (m.chat_id, m.message_id) == (chat, number)), None)
        if ours is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if method == "editMessageText" and ours.file:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        written, buttons = self._written(params), check_keyboard(params.get("reply_markup"))
        if (written, buttons) == (ours.written, ours.buttons):
            raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        ours.written, ours.buttons = written, buttons
        self.edits.append(ours)
        self.messages[chat, number] |= {"caption" if ours.file else "text": written.text}
        return self.messages[chat, number] | {"edit_date": int(time.time())}
