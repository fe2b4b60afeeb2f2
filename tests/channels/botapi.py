"""A small Telegram on 127.0.0.1: people write to it from the test, the bot talks to it over real HTTP.

with BotApiServer() as api:
    api.say(GROUP, person(7, "王阿姨"), "3号楼2单元水管漏水")
    ... a bot is run against api.base_url with api.token ...
    api.wait(lambda: api.sent)
    assert api.sent[0].text.startswith("📌") and api.complaints == []
"""

import asyncio
import json
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.channels.botapi_law import (
    PARAMETERS,
    BadForm,
    Refusal,
    Written,
    check_keyboard,
    check_kinds,
    check_parameters,
    parse,
)

Json = dict[str, Any]
FILES = {"sendPhoto": "photo", "sendVideo": "video", "sendVoice": "voice", "sendAudio": "audio"} | {
    "sendDocument": "document",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}


def person(number: int, name: str, **more: Any) -> Json:
    return {"id": number, "is_bot": False, "first_name": name, **more}


@dataclass
class Message:
    """What the bot said, as people see it."""

    chat_id: int
    message_id: int
    written: Written
    buttons: list[list[Json]]
    reply_to: int | None = None
    thread_id: int | None = None
    silent: bool = False
    preview: bool = True
    file: tuple[str, str] | None = None  # (kind, ref)

    @property
    def text(self) -> str:
        return self.written.text

    @property
    def mentions(self) -> list[tuple[str, str]]:
        return self.written.mentions

    def data(self, label: str) -> str:
        """The callback data of the button that reads so."""
        return next(b["callback_data"] for row in self.buttons for b in row if b["text"] == label)


@dataclass(frozen=True)
class Toast:
    query_id: str
    text: str
    alert: bool


@dataclass(frozen=True)
class Hang:
    """Never answer; with `done` the request took effect all the same."""

    done: bool = False


@dataclass(frozen=True)
class Raw:
    """Answer with these bytes, as a proxy's error page would."""

    status: int
    body: bytes


class BotApiServer:
    def __init__(self, token: str = "4711:SECRET-of-the-test", username: str = "grid_test_bot") -> None:
        self.token, self.username, self.reads_all = token, username, True
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else every second answer waits 40 ms
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.base_url, self.base_file_url = f"{self.address}/bot", f"{self.address}/file/bot"
        self._lock, self._changed = threading.RLock(), threading.Condition()
        self._news: asyncio.Event | None = None
        self._free: asyncio.Event | None = None
        self.next_update, self.next_message = 100_000, 1
        self.reset()

    def reset(self) -> None:
        """A new day: nobody has spoken, nothing is scripted. Whoever hangs is let go."""
        with self._lock:
            self.sent: list[Message] = []
            self.edits: list[Message] = []
            self.toasts: list[Toast] = []
            self.calls: list[tuple[str, dict[str, str]]] = []
            self.complaints: list[str] = []
            self.menus: dict[str, list[Json]] = {}
            self.pending: list[Json] = []
            self.messages: dict[tuple[int, int], Json] = {}
            self.chats: dict[int, Json] = {}
            self.closed: dict[int, str] = {}
            self.moved: dict[int, int] = {}
            self.files: set[str] = set()
            self.topics: set[tuple[int, int]] = set()
            self.queries: set[str] = set()
            self.allowed: set[str] = set()
            self.webhook: dict[str, str] = {}
            self.script: dict[str, deque[Refusal | Hang | Raw]] = defaultdict(deque)
            self._polls, self.reads_all = 0, True
        self._let_go()

    # people

    def say(
        self,
        chat: int,
        user: Json | None,
        text: str = "",
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        photo: str | None = None,
        **fields: Any,
    ) -> int:
        """Somebody writes; the number of the message. `fields` are further ones of the Bot API's Message."""
        with self._lock:
            message = self._new_message(chat, user)
            message |= {"text": text} if text and not photo else {}
            if photo:
                message |= {"photo": self.picture(photo)} | ({"caption": text} if text else {})
            if reply_to is not None:
                message["reply_to_message"] = self.messages[chat, reply_to]
            if thread is not None:
                self.topics.add((chat, thread))
                message |= {"message_thread_id": thread, "is_topic_message": True}
            message |= fields
            self.messages[chat, message["message_id"]] = message
            self.push("message" if self.chat(chat)["type"] != "channel" else "channel_post", message)
            return int(message["message_id"])

    def edit(self, chat: int, message_id: int, text: str = "", **fields: Any) -> None:
        message = self.messages[chat, message_id] | {"edit_date": int(time.time())} | fields
        message |= {"text": text} if text else {}
        self.messages[chat, message_id] = message
        self.push("edited_message" if self.chat(chat)["type"] != "channel" else "edited_channel_post", message)

    def press(self, chat: int, user: Json, message_id: int, data: str) -> str:
        """Somebody presses a button; the id under which the press wants to be answered."""
        with self._lock:
            query = {"id": str(len(self.queries) + 1), "from": user, "chat_instance": "1", "data": data}
            query["message"] = self.messages[chat, message_id]
            self.queries.add(str(query["id"]))
            self.push("callback_query", query)
            return str(query["id"])

    def member(self, chat: int, user: Json, before: str, after: str, **fields: Any) -> None:
        """Somebody changes what the bot is in a chat: left, member, administrator, kicked."""
        if after in ("left", "kicked"):
            self.closed[chat] = "Forbidden: bot was kicked from the group chat"
        else:
            self.closed.pop(chat, None)
        change = {"chat": self.chat(chat), "from": user, "date": int(time.time()), **fields}
        for key, status in (("old_chat_member", before), ("new_chat_member", after)):
            change[key] = {"user": self.me(), "status": status} | _MEMBER_FIELDS.get(status, {})
        self.push("my_chat_member", change)

    def migrate(self, old: int, new: int, user: Json) -> None:
        """A group becomes a supergroup: both chats say so, and the old one refuses from now on."""
        self.moved[old] = new
        self.say(old, user, migrate_to_chat_id=new)
        self.say(new, user, migrate_from_chat_id=old)

    def push(self, kind: str, content: Json, **fields: Any) -> int:
        """Any update at all; the number it got."""
        with self._lock:
            update = {"update_id": self.next_update, kind: content} | fields
            self.next_update = update["update_id"] + 1
            self.pending.append(update)
        self._tell()
        return int(update["update_id"])

    def picture(self, ref: str) -> list[Json]:
        self.files.add(ref)
        sizes = (("small-" + ref, 90), (ref, 1280), ("middle-" + ref, 320))
        return [{"file_id": r, "file_unique_id": r, "width": w, "height": w} for r, w in sizes]

    def chat(self, number: int) -> Json:
        kind = {"type": "private"} if number > 0 else {"type": "supergroup", "title": "幸福里第3网格居民群"}
        return self.chats.setdefault(number, {"id": number, **kind})

    def me(self) -> Json:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "网格小助手", "username": self.username}

    def _new_message(self, chat: int, user: Json | None) -> Json:
        number, self.next_message = self.next_message, self.next_message + 1
        message = {"message_id": number, "date": int(time.time()), "chat": self.chat(chat)}
        return message | ({"from": user} if user else {})

    # the test's view

    def wait(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Until it holds; raises AssertionError when it does not in time."""
        with self._changed:
            if not self._changed.wait_for(condition, seconds):
                raise AssertionError(f"not within {seconds:g} s; sent: {[m.text for m in self.sent]}")

    def answer(self, method: str, *answers: Refusal | Hang | Raw) -> None:
        """The next calls of this method are answered so, one after the other."""
        self.script[method].extend(answers)

    def called(self, method: str) -> list[dict[str, str]]:
        return [params for name, params in self.calls if name == method]

    def deliver(self) -> list[int]:
        """Hand what is pending to the webhook, one by one, until it refuses; the statuses it gave."""
        statuses: list[int] = []
        with httpx.Client(trust_env=False, timeout=10) as client:
            while self.pending and (not statuses or statuses[-1] == 200):
                header = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
                statuses.append(client.post(self.webhook["url"], json=self.pending[0], headers=header).status_code)
                if statuses[-1] == 200:
                    self.pending.pop(0)
        return statuses

    # the wire

    def __enter__(self) -> "BotApiServer":
        app = Starlette(routes=[Route("/bot{token}/{method}", self._handle, methods=["GET", "POST"])])
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
        self._server, ready = uvicorn.Server(config), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._let_go()
        self._thread.join(10)
        self._socket.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._news, self._free = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        ready.set()
        await self._server.serve([self._socket])

    def _tell(self) -> None:
        if self._news:
            self._loop.call_soon_threadsafe(self._news.set)
        with self._changed:
            self._changed.notify_all()

    def _let_go(self) -> None:
        if self._free:
            self._loop.call_soon_threadsafe(self._free.set)
        self._tell()

    async def _handle(self, request: Request) -> Response:
        method, params = request.path_params["method"], dict(parse_qsl((await request.body()).decode(), True))
        self.calls.append((method, params))
        scripted = self.script[method].popleft() if self.script[method] else None
        try:
            result = await self._act(request, method, params, scripted)
        except Refusal as refused:
            if isinstance(refused, BadForm):
                self.complaints.append(f"{method}: {refused.description}")
            body = {"ok": False, "error_code": refused.status, "description": refused.description}
            body |= {"parameters": refused.parameters} if refused.parameters else {}
            return self._told(body, refused.status)
        return result if isinstance(result, Response) else self._told({"ok": True, "result": result}, 200)

    def _told(self, body: Json, status: int) -> Response:
        """JSON in ASCII, as Telegram writes it."""
        with self._changed:
            self._changed.notify_all()
        return Response(json.dumps(body), status, media_type="application/json")

    async def _act(self, request: Request, method: str, params: dict[str, str], scripted: object) -> Any:
        if request.path_params["token"] != self.token:
            raise Refusal(401, "Unauthorized")
        if isinstance(scripted, Refusal):
            raise scripted
        if isinstance(scripted, Raw):
            return Response(scripted.body, scripted.status)
        if isinstance(scripted, Hang) and not scripted.done:
            await self._hang()
        check_parameters(method, params)
        if method == "getUpdates":
            return await self._updates(params)
        with self._lock:
            result = self._do(method, params)
        if isinstance(scripted, Hang):
            self._tell()
            await self._hang()
        return result

    async def _hang(self) -> None:
        assert self._free
        self._free.clear()
        await self._free.wait()
        raise Refusal(500, "the test is over")

    async def _updates(self, params: dict[str, str]) -> list[Json]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._polls += 1
        mine, ends = self._polls, time.monotonic() + int(params.get("timeout", 0))
        self._acknowledge(int(params.get("offset", 0)))
        if "allowed_updates" in params:
            self.allowed = check_kinds(params["allowed_updates"])
        assert self._news
        self._news.set()  # an older poll wakes up and finds that it was replaced
        while True:
            self._news.clear()
            if mine != self._polls or self._server.should_exit:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
            if found := [u for u in self.pending if not self.allowed or self.allowed & set(u)]:
                return found[: int(params.get("limit", 100))]
            left = ends - time.monotonic()
            if left <= 0:
                return []
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)

    def _acknowledge(self, offset: int) -> None:
        """Telegram's queue: up to the offset all is confirmed, in the order in which it came."""
        with self._lock:
            known = [n for n, update in enumerate(self.pending) if update["update_id"] == offset - 1]
            if offset < 0:
                self.pending = self.pending[offset:]
            elif known:
                self.pending = self.pending[known[-1] + 1 :]
            elif offset:
                self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self._tell()

    def _do(self, method: str, params: dict[str, str]) -> Any:
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
            case _ if method in PARAMETERS and method.startswith("send"):
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
        message = self._new_message(chat, self.me())
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


_RIGHTS = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats") + (
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_MEMBER_FIELDS: dict[str, Json] = {"administrator": dict.fromkeys(_RIGHTS, False), "kicked": {"until_date": 0}}
