"""Whatever people ask for, in whatever order: nobody grants their own, and no clock is turned back or stopped."""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.requests import Request
from models.tickets import Ticket, TicketEvent
from tests.world import World, small_town

STAFF = ("老王", "陈副", "李书记", "赵主任")
WORDS = (
    "延期1 2天 等配件",
    "延期1 到3月20日 等配件",
    "挂账1 5天 等停水通知",
    "挂账1 到3月25日 等停水通知",
    "恢复1",
    "退回1 不归本网格",
    "不立单1 同一件事",
    "依法终结1 无新情况",
    "我来办1",
    "办结1 路灯换了新灯泡，已经亮了",
)
GRANTED = ("extended", "suspend", "return", "void", "finish")
SAYS = st.tuples(st.just("says"), st.sampled_from(STAFF), st.sampled_from(WORDS))
DECIDES = st.tuples(st.sampled_from(("grant", "deny")), st.sampled_from(STAFF), st.just(""))
WAITS = st.tuples(st.just("waits"), st.sampled_from(("3", "26", "80")), st.just(""))
BACK = st.tuples(st.just("back"), st.just("王阿姨"), st.just(""))


@dataclass
class Walk:
    """One matter, and what is seen of it after every step."""

    world: World

    def step(self, what: str, who: str, words: str) -> None:
        before, told = self.world.ticket(1), self.told()
        if what == "says":
            self.world.tells(who, words)
        elif what == "back":
            self.world.says(who, "重办1 还是不亮")
        elif what == "waits":
            self.world.waits(hours=int(who))
        else:
            self._decide(what, who)
        after = self.world.ticket(1)
        fresh = after.history[len(before.history) :]
        self._nobody_granted_their_own(before, fresh)
        self._no_clock_stands_or_goes_back(before, after, fresh)
        if any(e.kind in GRANTED for e in fresh):
            assert self.told() > told, "the resident hears of it"

    def told(self) -> int:
        return len(self.world.private("王阿姨")) + len(self.world.lines())

    def _decide(self, answer: str, who: str) -> None:
        with self.world.session() as session:
            newest = session.query(Request).order_by(Request.id.desc()).first()
        if newest is not None:
            self.world.press_action(who, f"{answer}:{newest.id}", chat=self.world.id_of(who))

    def _nobody_granted_their_own(self, before: Ticket, fresh: list[TicketEvent]) -> None:
        for event in (e for e in fresh if e.kind in GRANTED):
            assert event.by_id is not None
            assert event.by_id != event.data.get("asked_by")
            if event.kind in ("extended", "suspend", "return"):
                assert event.by_id != before.assignee_id
            if event.kind == "void" and before.reopened:
                assert event.by_id not in {e.by_id for e in before.history if e.kind == "settle"}
            if event.kind == "finish":
                assert event.by_id not in {e.by_id for e in before.history if e.kind in ("take", "settle")}
            if event.kind == "extended":
                assert event.at < before.due_at, "never after expiry"

    def _no_clock_stands_or_goes_back(self, before: Ticket, after: Ticket, fresh: list[TicketEvent]) -> None:
        assert after.clock_at is not None and after.due_at > after.clock_at >= after.opened_at
        if before.state == "final":
            assert after.state == "final" and fresh == []
        if after.is_open:
            assert after.next_at is not None and after.next_at >= self.world.clock.now()
        if after.state == "suspended":
            assert after.next_at is not None
            assert after.next_at - self.world.clock.now() <= timedelta(days=31)
        if after.due_at > before.due_at:
            moved = {"extended", "suspend", "overdue", "escalated", "reopen", "recounted"}
            assert moved & {e.kind for e in fresh}, "no limit moves without a row that says why"


OWN_WORD = [("says", "老王", "延期1 2天 等配件"), ("grant", "老王", "")]
HANDED_ON = [
    ("says", "老王", "挂账1 5天 等停水通知"),
    ("waits", "80", ""),
    ("grant", "李书记", ""),
    ("waits", "80", ""),
]
TOO_LATE = [
    ("says", "老王", "我来办1"),
    ("says", "老王", "延期1 2天 等配件"),
    ("waits", "80", ""),
    ("grant", "李书记", ""),
]

SETTLER = [
    ("says", "李书记", "办结1 路灯换了新灯泡，已经亮了"),
    ("back", "王阿姨", ""),
    ("says", "李书记", "不立单1 同一件事"),
    ("grant", "李书记", ""),
]
TWICE_BACK = [
    *SETTLER[:2],
    *SETTLER[:2],
    ("says", "老王", "依法终结1 无新情况"),
    ("grant", "李书记", ""),
    ("grant", "赵主任", ""),
    ("back", "王阿姨", ""),
]


@example(SETTLER)
@example(TWICE_BACK)
@example(OWN_WORD)
@example(HANDED_ON)
@example(TOO_LATE)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(SAYS, SAYS, DECIDES, DECIDES, WAITS, BACK), min_size=3, max_size=16))
def test_no_walk_leads_around_the_level_above(steps: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), small_town())
        world.starts(*STAFF, "王阿姨")
        world.says("王阿姨", "3号楼2单元的路灯坏了三天了，没人修")
        walk = Walk(world)
        try:
            for what, who, words in steps:
                walk.step(what, who, words)
        finally:
            world.close()
