"""What to throw at the doors: updates in the Bot API's shapes, lines, files and bodies, all slightly or badly wrong."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from handlers import ROUTER

ODD = (
    "",
    "\u202e",
    "\u200b\u200d",
    "\x00",
    "\ud800",
    "１２",
    "第²件",
    "😂" * 50,
    "é" * 9,
    "\ufeff",
    "﷽",
    "<b>&",
    "{0}{x}",
    "%s%n",
)
WORDS = (*ROUTER.vocabulary().by_word, *(f"/{name}" for name in ROUTER.commands))
LINES = (
    "3号楼2单元水管漏水",
    "着火了",
    "没好",
    "好了",
    "我家也是",
    "收到",
    "谁管",
    "13800001111",
    "第1件",
    "1",
    "12",
    "李婶",
    "2天",
    "环境卫生",
)
HUGE = st.sampled_from(("漏" * 4096, "第1件" * 1400, "(" * 4000, "9" * 5000, " " * 4096, "楼" * 2000 + "1" * 2000))
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from((*ODD, *LINES, *WORDS, " ", "\n", "，")), max_size=8).map("".join),
    st.tuples(
        st.sampled_from(WORDS), st.sampled_from(("", "1", " 1 ", "@gridbot 2", "99999999999")), st.sampled_from(LINES)
    ).map("".join),
    HUGE,
)
NUMBERS = st.one_of(st.integers(-5, 60), st.sampled_from((0, -1, 2**31, 2**53, 2**63, -(2**63), 10**30)))
ANYTHING = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.floats(), TEXT, st.lists(st.none(), max_size=2), st.just({}), st.just([[]])
)
TIMES = st.one_of(st.integers(1772400000, 1772500000), st.sampled_from((0, -1, 10**12, 2**40)))
PEOPLE = st.fixed_dictionaries(
    {"id": st.sampled_from((11, 12, 101, 102, 1087968824, 777000, 2**52)), "is_bot": st.booleans(), "first_name": TEXT},
    optional={"username": TEXT, "last_name": TEXT},
)
CHATS = st.one_of(
    st.sampled_from(tuple({"id": n, "type": "supergroup", "title": "群"} for n in (-1001, -1002, -1003, -1004, -7))),
    st.sampled_from(tuple({"id": n, "type": "private", "first_name": "人"} for n in (11, 12, 101))),
    st.fixed_dictionaries({"id": NUMBERS, "type": st.one_of(st.sampled_from(("channel", "group", "sender")), TEXT)}),
)
SIZES = st.fixed_dictionaries({"file_id": TEXT, "file_unique_id": TEXT, "width": NUMBERS, "height": NUMBERS})
FILES = st.fixed_dictionaries(
    {"file_id": TEXT, "file_unique_id": TEXT}, optional={"file_size": NUMBERS, "file_name": TEXT}
)
PLACES = st.fixed_dictionaries({"latitude": st.floats(), "longitude": st.floats()})
ENTITIES = st.fixed_dictionaries(
    {"type": st.sampled_from(("mention", "bot_command", "text_mention", "new")), "offset": NUMBERS, "length": NUMBERS},
    optional={"user": PEOPLE},
)
MESSAGES = st.deferred(
    lambda: st.fixed_dictionaries(
        {"message_id": NUMBERS, "date": TIMES, "chat": CHATS},
        optional={
            "from": PEOPLE,
            "sender_chat": CHATS,
            "text": TEXT,
            "caption": TEXT,
            "entities": st.lists(ENTITIES, max_size=4),
            "reply_to_message": MESSAGES,
            "quote": st.fixed_dictionaries({"text": TEXT, "position": NUMBERS}),
            "photo": st.lists(SIZES, max_size=3),
            "document": FILES,
            "location": PLACES,
            "media_group_id": TEXT,
            "message_thread_id": NUMBERS,
            "is_topic_message": st.booleans(),
            "migrate_to_chat_id": st.sampled_from((-9001, -9002)),
            "edit_date": TIMES,
            "author_signature": TEXT,
            "via_bot": PEOPLE,
            "new_chat_members": st.lists(PEOPLE, max_size=2),
        },
    )
)
ACTIONS = st.one_of(
    TEXT,
    st.tuples(
        st.sampled_from(sorted(ROUTER.presses)),
        st.integers(0, 6),
        st.sampled_from(("", ":yes", ":0", ":dup", ":" + "9" * 40)),
    ).map(lambda t: f"{t[0]}:{t[1]}{t[2]}"),
)
PRESSES = st.fixed_dictionaries(
    {"id": TEXT, "from": PEOPLE, "chat_instance": TEXT, "message": MESSAGES, "data": ACTIONS}
)
MEMBERS = st.fixed_dictionaries(
    {"status": st.sampled_from(("member", "left", "kicked", "restricted", "odd")), "user": PEOPLE}
)
CHANGES = st.fixed_dictionaries(
    {"chat": CHATS, "from": PEOPLE, "date": TIMES, "old_chat_member": MEMBERS, "new_chat_member": MEMBERS}
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "message": MESSAGES,
    "edited_message": MESSAGES,
    "channel_post": MESSAGES,
    "callback_query": PRESSES,
    "my_chat_member": CHANGES,
}


@st.composite
def updates(draw: st.DrawFn) -> Any:
    """One update; some of its fields may be missing, of another type, or new."""
    kind = draw(st.sampled_from(("message", "message", "callback_query", *KINDS)))
    body = deepcopy(draw(KINDS[kind]))  # what is drawn may be shared between examples
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        spoil(draw, body)
    return {kind: body}


def spoil(draw: st.DrawFn, body: Any) -> None:
    """Take a field away, or put something else in its place, somewhere in the tree."""
    while isinstance(body, dict) and body:
        key = draw(st.sampled_from(sorted(body)))
        if isinstance(body[key], dict) and body[key] and draw(st.booleans()):
            body = body[key]
            continue
        if draw(st.booleans()):
            del body[key]
        else:
            body[key] = draw(ANYTHING)
        return


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good file with some of its bytes cut, doubled or changed."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(whole)))
        cut = draw(st.integers(0, 12))
        put = draw(
            st.one_of(
                st.binary(max_size=8), TEXT.map(lambda t: t.encode("utf-8", "surrogatepass")), st.sampled_from(HOSTILE)
            )
        )
        whole = whole[:at] + put + whole[at + cut :]
    return whole


HOSTILE = (
    b"\x00",
    b"\xff\xfe",
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b"9" * 5_000,
    b"NaN",
    b"-Infinity",
    b'"\\ud800"',
    b'<!DOCTYPE x [<!ENTITY a "b">]>',
    b'"""',
    b"\r",
    b",,,,,,,,",
    b"1e999",
)
