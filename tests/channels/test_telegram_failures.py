"""Every way in which Telegram can refuse is one of the five that the postman knows."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.channels import ChatGone, DeliveryFailure, Moved, Rejected, TryLater, Uncertain
from bot.channels.telegram import TelegramChannel
from models.posts import Button, Post, Text
from tests.channels.botapi import BotApiServer, Hang, Raw, Refusal, person
from tests.channels.conftest import QUICK, deliver, run, telegram

GROUP, OTHER, WORKER = -1001234567891, -1009999999999, person(4242, "张利萍")
WORDS = Post(kind="send", chat_id=str(GROUP), segments=(Text("📌 第12件，记下了"),))
EDIT = replace(WORDS, kind="edit", message_id="12")
TOAST = replace(WORDS, kind="toast", query_id="1")


@pytest.fixture(autouse=True)
def group(api: BotApiServer) -> None:
    api.chat(GROUP)
    api.chat(OTHER)


def failing(api: BotApiServer, post: Post) -> DeliveryFailure:
    with pytest.raises(DeliveryFailure) as failure:
        deliver(api, post)
    assert api.token not in str(failure.value)
    return failure.value


METHOD = {"send": "sendMessage", "edit": "editMessageText", "toast": "answerCallbackQuery"}


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Refusal(403, "Forbidden: bot was kicked from the supergroup chat"), ChatGone),
        (Refusal(403, "Forbidden: bot was blocked by the user"), ChatGone),
        (Refusal(403, "Forbidden: bot can't initiate conversation with a user"), ChatGone),
        (Refusal(400, "Bad Request: chat not found"), ChatGone),
        (Refusal(400, "Bad Request: user is deactivated"), ChatGone),
        (Refusal(400, "Bad Request: bot was kicked from the group chat"), ChatGone),
        (Refusal(400, "Bad Request: PEER_ID_INVALID"), ChatGone),
        (Refusal(400, "Bad Request: can't parse entities"), Rejected),
        (Refusal(400, "Bad Request: not enough rights to send text messages to the chat"), Rejected),
        (Refusal(502, "Bad Gateway"), Uncertain),
        (Refusal(500, "Internal Server Error"), Uncertain),
        (Raw(502, b"<html>nginx</html>"), Uncertain),
        (Raw(200, b"cut off {"), Uncertain),
        (Refusal(401, "Unauthorized"), TryLater),
    ],
    ids=str,
)
def test_a_new_message_fails(api: BotApiServer, answer: Refusal | Raw, failure: type[DeliveryFailure]) -> None:
    api.answer("sendMessage", answer)
    assert type(failing(api, WORDS)) is failure
    assert api.sent == []


@pytest.mark.parametrize("post", [WORDS, EDIT, TOAST], ids=lambda post: post.kind)
def test_too_many_messages_means_later_and_for_this_chat(api: BotApiServer, post: Post) -> None:
    api.answer(METHOD[post.kind], Refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    later = failing(api, post)
    assert isinstance(later, TryLater)
    assert (later.wait, later.scope) == (17.0, "chat")


def test_when_two_chats_are_refused_at_once_the_whole_bot_was_too_fast(api: BotApiServer) -> None:
    flood = Refusal(429, "Too Many Requests: retry after 3", retry_after=3)
    api.answer("sendMessage", flood, flood, flood)

    async def story(channel: TelegramChannel) -> list[str]:
        scopes = []
        for chat in (GROUP, GROUP, OTHER):
            with pytest.raises(TryLater) as later:
                await channel.deliver(replace(WORDS, chat_id=str(chat)))
            scopes.append(later.value.scope)
        return scopes

    assert run(telegram(api), story) == ["chat", "chat", "bot"]


def test_a_group_that_moved_tells_where_to(api: BotApiServer) -> None:
    api.moved[GROUP] = OTHER
    moved = failing(api, WORDS)
    assert isinstance(moved, Moved)
    assert moved.new_chat_id == str(OTHER)


@pytest.mark.parametrize("done", [False, True])
def test_a_message_without_an_answer_may_have_arrived(api: BotApiServer, done: bool) -> None:
    api.answer("sendMessage", Hang(done))
    assert type(failing(api, WORDS)) is Uncertain
    assert len(api.sent) == done


@pytest.mark.parametrize(("post", "failure"), [(WORDS, Uncertain), (EDIT, TryLater)], ids=["send", "edit"])
def test_no_post_takes_longer_than_the_postman_holds_it(
    api: BotApiServer, post: Post, failure: type[DeliveryFailure]
) -> None:
    api.answer(METHOD[post.kind], Hang())
    patient = replace(QUICK, answer=60.0, whole=0.1)
    with pytest.raises(failure):
        run(telegram(api, patience=patient), lambda channel: channel.deliver(post))


@pytest.mark.parametrize("trouble", [Hang(), Refusal(502, "Bad Gateway")], ids=["silence", "502"])
@pytest.mark.parametrize("post", [EDIT, TOAST], ids=lambda post: post.kind)
def test_what_can_be_done_twice_is_simply_tried_later(api: BotApiServer, post: Post, trouble: Refusal | Hang) -> None:
    api.answer(METHOD[post.kind], trouble)
    assert type(failing(api, post)) is TryLater


@pytest.mark.parametrize("why", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
def test_an_edit_that_is_refused_is_refused_for_ever(api: BotApiServer, why: str) -> None:
    api.answer("editMessageText", Refusal(400, f"Bad Request: {why}"))
    refused = failing(api, EDIT)
    assert type(refused) is Rejected
    assert why.lower() in str(refused).lower()


def test_a_press_answered_too_late_is_refused(api: BotApiServer) -> None:
    assert type(failing(api, TOAST)) is Rejected


@pytest.mark.parametrize(
    "post",
    [
        replace(WORDS, chat_id="local:1"),
        replace(WORDS, reply_to="x"),
        replace(WORDS, thread_id="?"),
        replace(EDIT, message_id="m1"),
    ],
)
def test_numbers_that_are_none_never_reach_telegram(api: BotApiServer, post: Post) -> None:
    assert type(failing(api, post)) is Rejected
    assert not api.called("sendMessage")


def test_a_button_that_is_too_long_is_refused_not_repeated(api: BotApiServer) -> None:
    assert type(failing(api, replace(WORDS, buttons=((Button("x", "t" * 65),),)))) is Rejected
    api.complaints.clear()


def test_an_empty_message_is_refused_not_repeated(api: BotApiServer) -> None:
    assert type(failing(api, replace(WORDS, segments=()))) is Rejected
    api.complaints.clear()


def test_a_proxys_error_page_does_not_tell_the_token(api: BotApiServer) -> None:
    api.answer("sendMessage", Raw(504, f"cannot reach http://x/bot{api.token}/sendMessage".encode()))
    uncertain = failing(api, WORDS)
    assert "SECRET" not in str(uncertain)


def at(address: str) -> TelegramChannel:
    return TelegramChannel("1:SECRET", base_url=f"{address}/bot", base_file_url=f"{address}/file/bot", patience=QUICK)


def failure_at(address: str, post: Post) -> DeliveryFailure:
    async def try_it() -> None:
        channel = at(address)
        try:
            await channel.deliver(post)
        finally:
            await channel.close()

    with pytest.raises(DeliveryFailure) as failure:
        asyncio.run(try_it())
    return failure.value


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def hangs_up() -> Iterator[str]:
    """A server that takes the request and then breaks the connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            taken, _ = server.accept()
            with taken:
                taken.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_a_message_that_never_left_is_tried_later_for_the_whole_bot(nobody: str) -> None:
    later = failure_at(nobody, WORDS)
    assert isinstance(later, TryLater)
    assert later.scope == "bot"


def test_a_connection_that_breaks_leaves_us_uncertain(hangs_up: str) -> None:
    assert type(failure_at(hangs_up, WORDS)) is Uncertain


def test_an_edit_over_a_connection_that_breaks_is_tried_later(hangs_up: str) -> None:
    assert type(failure_at(hangs_up, EDIT)) is TryLater
