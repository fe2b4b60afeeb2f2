"""The web page of the demo: one screen, the news of it, and what people do there. Every act becomes an event."""

import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.demo.asks import PHOTOS, Asked, Change, Move, Push, Say, Start
from bot.demo.demo import Demo
from bot.demo.moves import target
from bot.demo.room import Room
from bot.demo.script import RESIDENTS
from bot.demo.view import chat_id, look, reading
from handlers.desk import Desk
from models.messages import Sender

HERE = Path(__file__).parent
MOST_BYTES = 64 * 1024
FRONT = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}

Ask = TypeVar("Ask", bound=Asked)
Act = Callable[[Room, Sender, Any], Awaitable[None]]


def build_page(demo: Demo) -> Starlette:
    """Answers requests that were made to this machine by its own page; everything else is refused."""
    mimetypes.add_type("text/javascript", ".js")  # Windows may say text/plain, and browsers then refuse it
    acts: list[tuple[str, type[Asked], Act]] = [
        ("/say", Say, _say),
        ("/edit", Change, _edit),
        ("/press", Push, _press),
        ("/start", Start, _start),
        ("/move", Move, _move),
    ]
    routes = [
        Route("/", _front(demo)),
        Route("/view", _view(demo)),
        Route("/reset", _reset(demo), methods=["POST"]),
        *(Route(path, _doing(demo, kind, act), methods=["POST"]) for path, kind, act in acts),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])  # against DNS rebinding
    return Starlette(routes=routes, middleware=[hosts], lifespan=lambda app: demo.running())


def _front(demo: Demo) -> Callable[[Request], Awaitable[Response]]:
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape())
    page = templates.get_template("page.html")

    async def front(request: Request) -> Response:
        policy = demo.config.policy
        words = {**demo.script.words, "thresholds": {"open": policy.reading.open, "ask": policy.reading.ask}}
        return HTMLResponse(page.render(words=words, language=policy.language), headers=FRONT)

    return front


def _view(demo: Demo) -> Callable[[Request], Awaitable[Response]]:
    async def view(request: Request) -> Response:
        who, seen = request.query_params.get("who", ""), request.query_params.get("seen", "")
        if who not in demo.script.cast:
            raise HTTPException(400)
        mark, room = await demo.news(seen)
        shown = await run_in_threadpool(look, room, who)
        return JSONResponse({**shown, "mark": mark, "room": room.number}, headers={"Cache-Control": "no-store"})

    return view


def _reset(demo: Demo) -> Callable[[Request], Awaitable[Response]]:
    async def reset(request: Request) -> Response:
        await _asked(request, Asked)
        await demo.reset()
        return Response(status_code=204)

    return reset


def _doing(demo: Demo, kind: type[Ask], act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def do(request: Request) -> Response:
        asked = await _asked(request, kind)
        try:
            await act(await demo.room(), demo.script.cast[asked.who], asked)
        except KeyError:  # a person, chat or message that is not there
            raise HTTPException(400) from None
        return Response(status_code=204)

    return do


async def _asked(request: Request, kind: type[Ask]) -> Ask:
    """The body, if this page sent it: another site can neither send JSON here nor hide where it comes from."""
    own = f"http://{request.headers.get('host', '')}"
    if request.headers.get("origin", own) != own:
        raise HTTPException(403)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    try:
        return kind.model_validate_json(bytes(body))
    except ValidationError:
        raise HTTPException(400) from None


async def _say(room: Room, who: Sender, asked: Say) -> None:
    if asked.photo is not None and asked.photo not in PHOTOS:
        raise KeyError(asked.photo)
    if not asked.text.strip() and asked.photo is None:
        return
    photos = (asked.photo,) if asked.photo else ()
    await room.channel.say(who, chat_id(asked.who, asked.chat), asked.text, reply_to=asked.reply_to, photos=photos)


async def _edit(room: Room, who: Sender, asked: Change) -> None:
    await room.channel.edit(who, chat_id(asked.who, asked.chat), asked.message, asked.text)


async def _press(room: Room, who: Sender, asked: Push) -> None:
    where = chat_id(asked.who, asked.chat)
    room.channel.line(where, asked.message)
    await room.channel.press(who, where, asked.message, asked.action)


async def _start(room: Room, who: Sender, asked: Start) -> None:
    """What a deep link does: it opens the private chat with its parameter."""
    await room.channel.say(who, chat_id(asked.who, "private"), f"/start {asked.parameter}".strip())


async def _move(room: Room, who: Sender, asked: Move) -> None:
    instant = await run_in_threadpool(_target, room, asked.to)
    await room.walk_to(instant)


def _target(room: Room, to: str) -> Any:
    with reading(room.sessions) as session:
        return target(Desk(session, room.clock.now(), room.policy), to, room.channel.name, RESIDENTS)
