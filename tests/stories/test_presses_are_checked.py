"""What a button carries may be forged: the right is checked at the press, and a made-up one says so in a sentence."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from handlers import ROUTER
from models.base import Base
from models.chats import Chat, find_chat
from models.choices import Choice
from models.heard import Failed
from models.letters import Letter
from models.messages import Press, Quoted, Sender
from models.people import Post, find_person
from tests.world import OTHER, RESIDENTS, STAFF, World

SECRET, DOOR = "吵架", "9号楼4单元"
LOOSE = frozenset({"letters", "taken_updates", "lanes", "people", "identities", "chats", "heard"})
"""Tables that may change when nothing is done: answers, and who was met."""
MISSING = 88

MADE_UP = ("", "x", "-1", "1:", "0", "9999999999", "¹", "１", "1e3", "1 OR 1=1", "1\u202e", " 1", "1" * 60)
DETAILS = ("", ":yes", ":dup", ":0", ":1", ":good", ":-1", ":１", ":cancel", ":sure.yes", ":" + "9" * 50)
FREE = frozenset({"yes", "no", "grant", "deny", "which", "mine", "enter", "forget"})
"""Their number is not that of a ticket."""
SHORT = 60  # characters of an answer


@pytest.fixture
def town(world: World) -> World:
    """1 is open, 2 private, 3 settled, 4 void, 5 about the member; a wish for more time, and a question."""
    world.starts("老王", "李书记", "陈副", "钱网格", "王阿姨", "李婶", "邻居")
    world.says("王阿姨", "3号楼2单元楼道灯不亮了")
    world.says("李婶", f"{DOOR}楼上天天半夜{SECRET}打孩子，我们两家为这个闹翻了")
    world.says("王阿姨", "5号楼1单元下水道堵了，污水往外冒")
    world.says("老王", "办结3 管道疏通了，现场已冲洗")
    world.says("王阿姨", "6号楼3单元水管漏水")
    world.says("老王", "不立单4 重复")
    world.says("王阿姨", "网格员老王不办事，打电话不接，态度恶劣")
    world.tells("老王", "延期1 2天 等配件")
    world.says("张三", "7号楼门禁坏了")
    with world.session() as session, session.begin():
        former = find_person(session, "telegram", world.id_of("陈副"))
        assert former is not None
        ended = update(Post).where(Post.person_id == former.id)
        session.execute(ended.values(ended_at=world.clock.now() - timedelta(days=1)))
    assert world.ticket(2).private and world.ticket(5).about is not None
    assert [world.ticket(n).state for n in range(1, 6)] == ["open", "open", "settled", "void", "open"]
    return world


def as_stored(world: World) -> dict[str, str]:
    with world.engine.connect() as connection:
        tables = [t for t in Base.metadata.sorted_tables if t.name not in LOOSE]
        return {t.name: str(connection.execute(t.select().order_by(t.c.id)).all()) for t in tables}


def press_all(world: World, sender: Sender, chat: str, actions: list[str]) -> list[str]:
    """The answer to each, as the presser alone reads it; a minute between thirty, for a flood would wait."""
    kind = "group" if chat.startswith("-") else "private"
    with world.session() as session:
        last = session.scalar(select(func.max(Letter.id))) or 0
    for n in range(0, len(actions), 30):
        world.clock.move_to(world.clock.now() + timedelta(minutes=2))
        now = world.clock.now()
        world.inbox.receive_now(
            [
                Press("telegram", "999", world._event(), "q", chat, kind, "1", sender, action, now)  # type: ignore[arg-type]
                for action in actions[n : n + 30]
            ]
        )
    with world.session() as session:
        assert session.scalar(select(func.count()).select_from(Failed)) == 0
        answers = list(session.scalars(select(Letter).where(Letter.id > last).order_by(Letter.id)))
        assert [a.kind for a in answers] == ["toast"] * len(actions)
        return ["".join(s.text for s in a.segments) for a in answers]  # type: ignore[union-attr]


STRANGERS = [
    ("邻居", RESIDENTS),
    ("邻居", "private"),
    ("钱网格", OTHER),
    ("钱网格", RESIDENTS),
    ("钱网格", "private"),
    ("陈副", RESIDENTS),
    ("陈副", "private"),
    ("陌生人", OTHER),
    ("陌生人", "-4242"),
    ("anonymous", RESIDENTS),
    ("bot", RESIDENTS),
]


def sender_of(world: World, who: str) -> Sender:
    if who == "anonymous":
        return Sender(None, "管理员", "anonymous_admin")
    return Sender("777", "别的机器人", "bot") if who == "bot" else world.sender(who)


def forged(action: str) -> list[str]:
    every = [f"{action}:2{detail}" for detail in DETAILS]
    some = [f"{action}:{number}{detail}" for number in (1, 3, 4, 5) for detail in ("", ":dup")]
    return [action, *(f"{action}:{number}" for number in MADE_UP), *every, *some]


@pytest.mark.parametrize(("who", "where"), STRANGERS)
def test_no_button_does_anything_for_who_has_no_right_to_it(town: World, who: str, where: str) -> None:
    chat = town.id_of(who) if where == "private" else where
    actions = [a for name in sorted(ROUTER.presses) for a in forged(name)]
    if where == RESIDENTS:  # whoever is in the group may join what is open there
        actions = [a for a in actions if not a.startswith("join:1")]
    before = as_stored(town)
    answers = press_all(town, sender_of(town, who), chat, actions)
    assert as_stored(town) == before
    assert [a for a in answers if SECRET in a or DOOR in a] == []
    assert [a for a in answers if not 0 < len(a) <= SHORT] == []


@pytest.mark.parametrize(("who", "where"), [("钱网格", OTHER), ("陌生人", OTHER), ("陌生人", "private")])
def test_a_private_matter_reads_like_one_that_does_not_exist(town: World, who: str, where: str) -> None:
    chat = town.id_of(who) if where == "private" else where
    for number in (2, 5):
        real = press_all(town, town.sender(who), chat, [f"{name}:{number}" for name in sorted(ROUTER.presses)])
        none = press_all(town, town.sender(who), chat, [f"{name}:{MISSING}" for name in sorted(ROUTER.presses)])
        assert real == [answer.replace(str(MISSING), str(number)) for answer in none]


def test_whom_a_matter_is_about_cannot_touch_it(town: World) -> None:
    before = as_stored(town)
    actions = [f"{name}:5{detail}" for name in sorted(ROUTER.presses) if name not in FREE for detail in DETAILS]
    for chat in (RESIDENTS, STAFF, town.id_of("老王")):
        answers = press_all(town, town.sender("老王"), chat, actions)
        assert as_stored(town) == before
        assert [a for a in answers if "态度" in a] == []


def test_a_neighbour_presses_only_what_is_theirs_to_answer(town: World) -> None:
    before = as_stored(town)
    for name in (
        "done",
        "take",
        "void",
        "raise",
        "approve",
        "notyet",
        "good",
        "fair",
        "poor",
        "bad",
        "register",
        "named",
    ):
        press_all(town, town.sender("邻居"), RESIDENTS, [f"{name}:{number}:dup" for number in range(1, 6)])
    assert as_stored(town) == before


def test_the_reporter_may_answer_and_not_settle(town: World) -> None:
    assert press_all(town, town.sender("王阿姨"), RESIDENTS, ["done:1"]) == [
        "办结要由本网格的人点。您家的事好了，回一句“好了”就行。"
    ]
    town.press_action("王阿姨", "good:3")
    assert town.ticket(3).state == "confirmed"


@pytest.mark.parametrize(
    "payload", ["p2", "p5", "p88", "p0", "p-1", "p１", "p999999999", "p9999999999", "p2;p1", "hello"]
)
def test_a_deep_link_opens_nothing_of_others(town: World, payload: str) -> None:
    answers = " ".join(town.tells("陌生人", f"/start {payload}"))
    assert SECRET not in answers and DOOR not in answers
    with town.session() as session:
        chat = find_chat(session, "telegram", town.id_of("陌生人"))
        assert chat is not None and chat.about_ticket_id is None


def test_a_forged_quote_points_at_nothing_of_others(town: World) -> None:
    """A client may quote words that nobody said, and answer messages of other groups."""
    before = {n: town.ticket(n).state for n in range(1, 6)}
    for quoted in (Quoted(None, "📌 第2件，记下了"), Quoted("999999", "第5件"), Quoted("-1", "第1件"), Quoted("1", "")):
        for words in ("办结", "/done", "没好", "好了", "我来办", "/status"):
            answers = town.says("陌生人", words, group=OTHER, reply_to=quoted)
            assert not any(SECRET in a or DOOR in a for a in answers)
    assert {n: town.ticket(n).state for n in range(1, 6)} == before


def test_a_made_up_answer_to_ones_own_question_is_an_old_button(world: World) -> None:
    world.says("王阿姨", "3号楼2单元楼道灯坏了")
    world.says("李婶", "3号楼2单元楼道垃圾堆了三天没人清")
    world.says("刘婶", "3号楼2单元楼道的事有人管吗")
    with world.session() as session, session.begin():
        choice = Choice(
            chat=session.get_one(Chat, world.ticket(1).chat_id),
            sender_id=world.id_of("刘婶"),
            message={"text": "还没人来"},
            verdict={},
            tickets=[1, 2],
            letter_id=None,
            asked_at=world.clock.now(),
            next_at=world.clock.now() + timedelta(hours=1),
        )
        session.add(choice)
        session.flush()
        number = choice.id
    answers = press_all(
        world, world.sender("刘婶"), RESIDENTS, [f"which:{number}{d}" for d in DETAILS if d not in (":0", ":1")]
    )
    assert set(answers) == {"这个按钮过时了，请看最新的卡片。"}


def test_guessing_setup_codes_leads_nowhere(town: World) -> None:
    for n in range(25):
        town.says("陌生人", f"/setup AAAAAAAA{n:02}", group="-777")
    with town.session() as session:
        chat = find_chat(session, "telegram", "-777")
        assert chat is not None and chat.unit_id is None
