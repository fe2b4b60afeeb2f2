"""gridbot demo: what a visitor can do on the page, asked over its own HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from bot.clock import MovableClock
from bot.config.load import Config
from bot.demo.demo import Demo
from bot.demo.page import build_page
from bot.demo.room import tuesday_before
from bot.demo.script import script_in
from bot.demo.serve import Server, listening, serve
from bot.reading.judge import Judge
from tests.world import CHINA, the_judge

OPENING = ("opened", "private", "urgent")
SUNDAY = datetime(2026, 11, 22, 3, tzinfo=UTC)  # the demo begins on the Tuesday before: 17 November
LEAK = "3号楼2单元水管漏水两天了，楼道里都是水"
QUARREL = "我和楼上为漏水赔钱的事吵了好几回，请社区帮忙调解"


class Page:
    """A visitor's hands and eyes."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def sees(self, who: str) -> dict[str, Any]:
        view: dict[str, Any] = self.client.get("/view", params={"who": who}).raise_for_status().json()
        return view

    def does(self, path: str, who: str, **details: object) -> None:
        assert self.client.post(path, json={"who": who, **details}).status_code == 204

    def says(self, who: str, text: str, chat: str = "residents", **details: object) -> list[str]:
        """What appears in that chat after the words themselves."""
        self.does("/say", who, chat=chat, text=text, **details)
        said = self.lines(who, chat)
        return said[len(said) - said[::-1].index(text) :]

    def moves(self, to: str, who: str = "wang", chat: str = "residents") -> list[str]:
        """Lines that appear while time goes on."""
        before = len(self.lines(who, chat))
        self.does("/move", who, to=to)
        return self.lines(who, chat)[before:]

    def lines(self, who: str, chat: str = "residents") -> list[str]:
        return [words(line) for line in self.sees(who)["chats"][chat]]

    def presses(self, who: str, label: str, chat: str = "residents") -> str:
        """Presses the newest button of this name; the toast that only they read."""
        line, button = self.button(who, label, chat)
        before = len(self.sees(who)["toasts"])
        if button["start"] is not None:
            self.does("/start", who, parameter=button["start"])
        else:
            self.does("/press", who, chat=chat, message=line["id"], action=button["action"])
        toasts = self.sees(who)["toasts"][before:]
        return toasts[-1][1] if toasts else ""

    def button(self, who: str, label: str, chat: str = "residents") -> tuple[dict[str, Any], dict[str, Any]]:
        lines = reversed(self.sees(who)["chats"][chat])
        return next((n, b) for n in lines for row in n["buttons"] for b in row if b["label"] == label)

    def last(self, who: str, chat: str = "residents") -> dict[str, Any]:
        line: dict[str, Any] = self.sees(who)["chats"][chat][-1]
        return line

    def ticket(self, number: int, who: str = "zhang") -> dict[str, Any]:
        return next(t for t in self.sees(who)["tickets"] if t["number"] == number)


def words(line: dict[str, Any]) -> str:
    return "".join(s["text"] for s in line["segments"])


@contextmanager
def open_page(folder: Path, language: str = "zh") -> Iterator[Page]:
    """The demo's own server on loopback, until the block ends."""
    demo = Demo(folder, Config.model_validate({"language": language}), the_judge, MovableClock(SUNDAY))
    with listening(0) as door:
        ready = threading.Event()
        settings = uvicorn.Config(build_page(demo), log_config=None, access_log=False)
        server = Server(settings, demo, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        assert ready.wait(30)
        with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", trust_env=False, timeout=60) as client:
            yield Page(client)
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """For those who only look."""
    with open_page(tmp_path_factory.mktemp("still")) as page:
        yield page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with open_page(tmp_path) as page:
        yield page


# what stands there at first


def test_the_first_screen_shows_a_group_that_is_alive(still: Page) -> None:
    view = still.sees("wang")
    assert (view["day"], view["clock"]) == ("11月17日（周二）", "09:00")
    assert still.lines("wang")[0].startswith("我是网格小助手。")
    assert [(t["number"], t["state"]) for t in view["tickets"]] == [(2, "confirmed"), (1, "taken")]
    assert [t["assignee"] for t in view["tickets"]] == ["张利萍", "张利萍"]


def test_the_page_itself_needs_nothing_from_elsewhere(still: Page) -> None:
    front = still.client.get("/")
    assert front.status_code == 200
    assert "王阿姨" in front.text
    files = [path.name for path in (Path(__file__).parent.parent / "bot/demo/static").iterdir()]
    texts = [front.text, *(still.client.get(f"/static/{name}").raise_for_status().text for name in files)]
    for text in texts:
        assert "https://" not in text
        assert text.count("http://") == text.count("http://www.w3.org/2000/svg")


def test_everyone_has_pressed_start_and_staff_have_a_group_of_their_own(still: Page) -> None:
    for who, chats in (("wang", 2), ("li", 2), ("zhang", 3), ("shuji", 3)):
        view = still.sees(who)
        assert len(view["chats"]) == chats
        assert words(view["chats"]["private"][1]).startswith("您好，我是网格小助手。")


@pytest.mark.parametrize("day", range(16, 30))
def test_the_demo_begins_on_the_last_tuesday_at_nine(day: int) -> None:
    begins = tuesday_before(datetime(2026, 11, day, 22, 15, tzinfo=CHINA))
    assert (begins.weekday(), begins.hour, begins.minute) == (1, 9, 0)
    assert 0 <= (datetime(2026, 11, day, 22, 15, tzinfo=CHINA) - begins).days < 7


# a matter from its first word to its last


def test_an_issue_goes_its_way_from_card_to_confirmation(page: Page) -> None:
    (card,) = page.says("wang", LEAK)
    assert card.startswith("📌 第3件，记下了\n3号楼2单元")
    assert page.presses("li", "我家也是") == "记下了，第3件有进展一并告诉您。"
    assert page.ticket(3)["households"] == 2
    assert page.lines("wang")[-1].endswith("\n已有2户")  # the card itself, in its place
    assert page.presses("li", "办结").startswith("办结要由本网格的人点。")
    page.presses("zhang", "我来办", chat="private")
    assert page.ticket(3)["state"] == "taken"
    assert page.presses("zhang", "办结").startswith("第3件怎么办的？"), "a press alone says nothing of what was done"
    page.presses("zhang", "办结")
    assert page.presses("wang", "满意") == "谢谢，第3件已确认。"
    assert [e["what"] for e in page.ticket(3)["history"]] == ["登记", "我家也是", "接手", "办结", "居民确认"]


def test_a_reply_to_the_card_in_plain_words_settles(page: Page) -> None:
    page.says("wang", LEAK)
    card, _ = page.button("zhang", "办结")
    page.says("zhang", "修好了，水管已换", reply_to=card["id"])
    assert page.ticket(3)["state"] == "settled"
    assert page.sees("zhang")["chats"]["residents"][-2]["reply"]["name"] == "网格小助手"


def test_the_mention_of_the_reader_stands_out(page: Page) -> None:
    page.says("wang", LEAK)
    for who, me in (("zhang", True), ("wang", False)):
        mentions = [s for s in page.last(who)["segments"] if s.get("mention")]
        assert [(m["text"], m["me"]) for m in mentions] == [("张利萍", me)]


def test_a_private_matter_is_told_in_private_and_seen_by_few(page: Page) -> None:
    page.says("li", QUARREL)
    page.presses("li", "私下说")
    page.says("li", "晚上七点以后来", chat="private")
    assert [e["note"] for e in page.ticket(3, "zhang")["history"]] == ["", "晚上七点以后来"]
    seen = page.ticket(3, "wang")
    assert (seen["title"], seen["hidden"]) == ("单独联系的事", True)
    assert not {"text", "category", "because", "history"} & seen.keys()
    assert "晚上七点" not in str(page.sees("wang"))
    assert page.ticket(3, "li")["text"] == QUARREL


def test_an_edit_reaches_its_ticket(page: Page) -> None:
    page.says("wang", LEAK)
    mine = next(n for n in reversed(page.sees("wang")["chats"]["residents"]) if n["mine"])
    page.does("/edit", "wang", chat="residents", message=mine["id"], text=f"{LEAK}，很急")
    assert page.ticket(3)["text"] == f"{LEAK}，很急"
    assert [e["what"] for e in page.ticket(3)["history"]] == ["登记", "改了原话"]


def test_a_photo_goes_with_the_ticket(page: Page) -> None:
    page.says("wang", LEAK, photo="leak")
    assert page.ticket(3)["photos"] == ["leak"]


def test_each_line_says_what_became_of_it(page: Page) -> None:
    page.says("wang", LEAK)
    page.says("wang", "今天菜市场的番茄真便宜")
    became = [n["became"] for n in page.sees("wang")["chats"]["residents"] if n["mine"]]
    assert became[-2:] == [{"kind": "opened", "tickets": [3]}, {"kind": "ignored", "tickets": []}]


def test_the_page_says_why_a_ticket_was_opened(page: Page) -> None:
    page.says("wang", LEAK)
    ticket = page.ticket(3)
    assert ticket["score"] >= 1
    assert any("漏水" in reason["words"] for reason in ticket["because"])


# time


def test_a_day_after_the_promise_the_next_level_is_called(page: Page) -> None:
    assert page.moves("day") == []
    page.does("/move", "wang", to="day")
    said = page.moves("day")
    assert any(line.startswith("第1件没按时回话，已交社区李书记") for line in said)
    assert page.lines("shuji", "private")[-1].startswith("⏰ 第1件")
    assert page.ticket(1)["light"] == "red"


def test_the_next_talk_day_is_called_the_evening_before_and_that_morning(page: Page) -> None:
    calls = [line.partition("\n")[0] for line in page.moves("talk") if "说事日" in line]
    assert calls == ["🗣 明天20日（周五）说事日", "🗣 今天20日（周五）说事日"]
    view = page.sees("wang")
    assert (view["day"], view["clock"]) == ("11月20日（周五）", "09:00")


def test_friday_afternoon_brings_the_weeks_summary(page: Page) -> None:
    summary = page.moves("week")[-1]
    assert summary.startswith("📋 一周小结（11月13日15:30—11月20日15:30）")
    assert "收到2件，办结1件，在办1件" in summary
    assert "张利萍" not in summary
    assert "张利萍" in page.lines("zhang", "staff")[-1]


def test_an_hour_is_an_hour(page: Page) -> None:
    page.moves("hour")
    assert page.sees("wang")["clock"] == "10:00"


# beginning anew


def test_start_over_forgets_what_was_said(page: Page, tmp_path: Path) -> None:
    before = page.sees("wang")
    page.says("wang", LEAK)
    page.does("/reset", "wang")
    after = page.sees("wang")
    assert [t["number"] for t in after["tickets"]] == [2, 1]
    assert after["room"] != before["room"]
    assert after["mark"] != before["mark"]


def test_rules_that_cannot_be_read_end_the_demo_with_their_own_words(tmp_path: Path) -> None:
    def load() -> Judge:
        raise ValueError("rule 7 is broken")

    with pytest.raises(ValueError, match="rule 7"):
        serve(Config(), load, 0, lambda address: None, show=False)


def test_nothing_is_left_open_when_the_demo_ends(tmp_path: Path) -> None:
    with open_page(tmp_path) as page:
        page.says("wang", LEAK)
    assert list(tmp_path.glob("*-wal")) == []


# the samples and the story do what they promise


@pytest.fixture(scope="module", params=["zh", "en"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Page]]:
    with open_page(tmp_path_factory.mktemp("told"), request.param) as page:
        yield request.param, page


def test_every_sample_becomes_what_it_is_said_to_become(told: tuple[str, Page]) -> None:
    language, page = told
    for sample in script_in(language).words["samples"]:
        if sample["kind"] in OPENING:
            page.does("/reset", "wang")  # else the second may be heard as more about the first
        who, chat = sample["who"][0], sample["chat"]
        page.does("/say", who, chat=chat, text=sample["text"], photo=sample.get("photo"))
        said = next(n for n in reversed(page.sees(who)["chats"][chat]) if n["mine"])
        opened = page.sees(who)["tickets"][0]
        kind = sample["kind"]
        expected = "opened" if kind in OPENING else kind
        assert said["became"]["kind"] == expected, sample["text"]
        if expected == "opened":
            assert (opened["private"], opened["urgent"]) == (kind == "private", kind == "urgent"), sample["text"]


def test_the_story_can_be_played_to_its_end(told: tuple[str, Page]) -> None:
    language, page = told
    page.does("/reset", "wang")
    for step in script_in(language).words["story"]:
        play(page, step)
    assert [(t["number"], t["state"]) for t in page.sees("zhang")["tickets"]] == [
        (4, "open"),
        (3, "confirmed"),
        (2, "confirmed"),
        (1, "open"),
    ]
    assert page.ticket(3)["households"] == 2
    assert len(page.ticket(4)["history"]) > 2


def play(page: Page, step: dict[str, Any]) -> None:
    """One step, as the page's own script does it: every button that it looks for must be there."""
    who, chat = step["who"], step["chat"]
    assert chat in page.sees(who)["chats"]
    reply_to = find(page, who, chat, step["answers"])[0]["id"] if "answers" in step else None
    if "say" in step:
        page.does("/say", who, chat=chat, text=step["say"], reply_to=reply_to)
    if "press" in step:
        line, button = find(page, who, chat, step["press"])
        if button["start"] is not None:
            page.does("/start", who, parameter=button["start"])
        else:
            page.does("/press", who, chat=chat, message=line["id"], action=button["action"])
    if "move" in step:
        page.does("/move", who, to=step["move"])


def find(page: Page, who: str, chat: str, action: str) -> tuple[dict[str, Any], dict[str, Any]]:
    lines = reversed(page.sees(who)["chats"][chat])
    return next((n, b) for n in lines for row in n["buttons"] for b in row if action in (b["action"], b["start"]))


# bad requests


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/say", {"who": "stranger", "chat": "residents", "text": "x"}, 400),
        ("/say", {"who": "wang", "chat": "staff", "text": "x"}, 400),
        ("/say", {"who": "wang", "chat": "residents", "text": "x", "reply_to": "99999"}, 400),
        ("/say", {"who": "wang", "chat": "residents", "text": "x", "photo": "../icon"}, 400),
        ("/say", {"who": "wang", "chat": "residents", "text": "x" * 4097}, 400),
        ("/say", {"who": "wang", "chat": "residents", "text": "x", "more": 1}, 400),
        ("/say", {"who": "wang", "chat": "residents", "text": {"a": 1}}, 400),
        ("/say", [], 400),
        ("/edit", {"who": "wang", "chat": "residents", "message": "10", "text": "x"}, 400),
        ("/press", {"who": "wang", "chat": "residents", "message": "99999", "action": "done:1"}, 400),
        ("/press", {"who": "wang", "chat": "residents", "message": "10", "action": "x" * 65}, 400),
        ("/start", {"who": "wang", "parameter": "p1 x"}, 400),
        ("/move", {"who": "wang", "to": "yesterday"}, 400),
        ("/reset", {}, 400),
    ],
)
def test_a_bad_request_is_refused_and_changes_nothing(
    told: tuple[str, Page], path: str, body: Any, status: int
) -> None:
    _, page = told
    before = page.sees("wang")
    assert page.client.post(path, json=body).status_code == status
    assert page.sees("wang")["chats"] == before["chats"]


def test_words_that_are_no_text_are_refused(told: tuple[str, Page]) -> None:
    client = told[1].client
    json = {"Content-Type": "application/json"}
    for body in (b"", b"{", b"\xff\xfe", b'{"who": "wang", "chat": "residents", "text": "\\ud800"}'):
        assert client.post("/say", content=body, headers=json).status_code == 400
    assert client.post("/say", content=b" " * 70_000, headers=json).status_code == 413
    assert client.get("/view", params={"who": "wang"}).status_code == 200


@pytest.mark.parametrize(
    "text", ["<b>&amp;</b>", "'; DROP TABLE tickets; --", "a\x00b", "\u202e反了", "\u200b", "😀😀😀"]
)
def test_odd_words_are_shown_as_they_are(told: tuple[str, Page], text: str) -> None:
    _, page = told
    page.does("/say", "wang", chat="residents", text=text)
    assert text in page.lines("wang")


def test_empty_words_are_not_said(still: Page) -> None:
    before = still.lines("wang")
    still.does("/say", "wang", chat="residents", text="  \n ")
    assert still.lines("wang") == before


def test_another_site_can_do_nothing_here(page: Page) -> None:
    act = {"who": "wang", "chat": "residents", "text": LEAK}
    post = page.client.post
    assert post("/say", json=act, headers={"Origin": "http://evil.example"}).status_code == 403
    assert post("/say", json=act, headers={"Origin": "null"}).status_code == 403
    assert post("/say", content='{"who": "wang"}', headers={"Content-Type": "text/plain"}).status_code == 415
    assert post("/say", json=act, headers={"Host": "evil.example:8765"}).status_code == 400
    assert page.client.get("/view", params={"who": "wang"}, headers={"Host": "evil.example"}).status_code == 400
    assert len(page.sees("wang")["tickets"]) == 2
    assert post("/say", json=act, headers={"Origin": str(page.client.base_url).rstrip("/")}).status_code == 204
    assert len(page.sees("wang")["tickets"]) == 3
