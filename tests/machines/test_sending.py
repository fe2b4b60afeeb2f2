"""Two processes send for one bot: what people read keeps its order, and Telegram's limits hold for both together."""

import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.chats import Chat, enter_chat
from models.lanes import lane
from models.letters import PRIORITY, Letter, to_body
from models.posts import Text
from tests.channels.botapi import BotApiServer
from tests.machines.conftest import needs_postgres
from tests.machines.street import Street, looking, streets, until

pytestmark = [needs_postgres, pytest.mark.skipif(sys.platform == "win32", reason="signals")]

PEOPLE, EACH = 35, 2
PER_SECOND, PER_GROUP = 30, 20


def test_two_postmen_keep_order_and_limits(api: BotApiServer, empty: str, tmp_path: Path) -> None:
    street = Street(api, tmp_path, empty)
    with streets(street):
        street.start()
        street.start()
        with looking(empty) as engine, Session(engine) as session:
            write_all(session, street)
        until(lambda: len(api.sent) >= PEOPLE * EACH + 5, 20, lambda: len(api.sent))
    private = [m for m in api.sent if m.chat_id > 0]
    said = defaultdict(list)
    for message in private:
        said[message.chat_id].append(message.text)
    assert all(lines == [f"{n}" for n in range(EACH)] for lines in said.values()), "in order, each once"
    at = [m.at for m in private]
    busiest = max(sum(1 for t in at if start <= t < start + 1.0) for start in at)
    assert 20 <= busiest <= PER_SECOND, "one bot's limit for both of its processes"
    group = [m for m in api.sent if m.chat_id == street.group]
    assert [m.text for m in group] == [f"{n}" for n in range(5)], "15 went out in this minute already: 5 more may"
    assert group[-1].at - group[0].at > 3.5, "one a second"


def write_all(session: Session, street: Street) -> None:
    """One to each person and then the other; ten to the group, which was written to fifteen times just now."""
    clock = datetime.now(UTC)
    chats = []
    for n in range(PEOPLE):
        street.api.chat(9000 + n)
        chats.append(enter_chat(session, "telegram", "4711", str(9000 + n), kind="private"))
    group = enter_chat(session, "telegram", "4711", str(street.group))
    street.api.chat(street.group)
    session.flush()
    lane(session, f"chat:{group.id}").recent = [clock.timestamp() - 25 + n for n in range(15)]
    for n in range(10):
        session.add(letter(group, str(n), clock))
    for n in range(EACH):
        session.add_all([letter(chat, str(n), clock) for chat in chats])
    session.commit()


def letter(chat: Chat, words: str, now: datetime) -> Letter:
    body = to_body((Text(words),), ())
    return Letter(chat=chat, kind="reply", priority=PRIORITY["reply"], body=body, written_at=now, due_at=now)
