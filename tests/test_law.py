"""The law of the ticket, tried by whatever people may do in whatever order.

Nobody moves a ticket without the right, only along the table; none ends without an answer to its reporter; no promise
lies before its taking-in; a number never changes; every row of a history vouches for the one before it.
"""

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.chain import next_link
from models.erasing import erase_words
from models.frozen import frozen, open_frozen
from models.integrity.examine import Looked, Moment, examine
from models.integrity.finding import Finding
from models.states import MOVES, OPEN_STATES
from models.tickets import Ticket, TicketEvent
from tests.world import RESIDENTS, Shown, World, small_town

REPORTS = [
    "3号楼2单元水管漏了，楼道都是水",
    "5号楼门口垃圾堆了三天没人清",
    "3号楼1单元电梯坏了",
    "楼上天天半夜吵架，我和他家理论了几次也没用",
    "小区门口路灯不亮了",
]
RESIDENTS_OF = ("王阿姨", "小李")
IN_CHARGE = frozenset({"老王", "陈副", "孙楼长", "李书记", "赵主任"})
EVERYBODY = (*RESIDENTS_OF, *sorted(IN_CHARGE), "周物业", "钱网格", "路人")
BUSY = ("老王",) * 6 + ("李书记",) * 4 + ("王阿姨",) * 2 + EVERYBODY  # those whom most lines come from
COMMANDS = (
    "办结{n} 已修好，试过水了",
    "办结{n}",
    "我来办{n}",
    "不立单{n} 重复登记",
    "重办{n} 又坏了",
    "改类{n} 环境卫生",
    "并案{n} {m}",
    "拆案{n} 楼道灯也坏了",
    "上报{n} 要街道出钱",
    "转派{n} 陈副",
    "联办{n} 物业",
    "延期{n} 2d 等配件",
    "挂账{n} 到3月20日 等停水通知",
    "恢复{n}",
    "退回{n} 不归本网格",
    "终结{n} 反复多次，依法答复过",
    "办法{n} 社区协调",
    "进度{n}",
    "时限{n}",
)
WORDS = ("好了，谢谢", "还没好", "又漏了", "没人来", "收到，马上去", "修好了", "我家也是", "满意")
WEEK = timedelta(days=7)
BY_TIME = frozenset({"escalated", "silence", "resume", "lapse"})  # moves that the clock alone may make
BY_REPORTER = frozenset({"confirm"})
BY_ANYBODY_CONCERNED = frozenset({"reopen", "settle", "part"})  # the reporter closes and reopens their own
ANSWERED = ("办结", "有回话", "不立单", "并入", "终结", "已结束")


class Neighbourhood(RuleBasedStateMachine):
    @initialize()
    def moves_in(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        town = small_town(quiet={"lines_per_hour": 1000})
        self.world = World(Path(self.folder.name), town)
        self.world.starts("王阿姨", "老王", "李书记")
        for text in REPORTS[:2]:
            self.world.says("王阿姨", text)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self._all_is_whole_when_people_are_forgotten()
            finally:
                self.world.close()
                self.folder.cleanup()

    def _all_is_whole_when_people_are_forgotten(self) -> None:
        """Whatever the walk has left behind, before and after the words of its people are gone."""
        assert self._findings() == []
        for who in RESIDENTS_OF:
            self.world.tells(who, "删除我的信息")
            if any("确定删除" in shown.labels for shown in self.world.channel.shown[-1:]):
                self.world.presses(who, "确定删除", chat=self.world.id_of(who))
        with self.world.sessions.begin() as session:
            ended = [t.id for t in session.query(Ticket) if t.state not in OPEN_STATES]
            erase_words(session, ended, self.world.clock.now(), "-")
        assert self._findings() == []

    def _findings(self) -> list[Finding]:
        now = self.world.clock.now()
        spans = tuple((now - (n + 1) * WEEK, now - n * WEEK) for n in range(2))
        engine = open_frozen(self.world.engine.url.render_as_string(hide_password=False))
        with frozen(engine) as session:
            found = list(examine(session, Moment(now, time.time(), spans), Looked()))
        engine.dispose()
        return found

    @rule(who=st.sampled_from(RESIDENTS_OF), text=st.sampled_from(REPORTS))
    def reports(self, who: str, text: str) -> None:
        self.world.says(who, text)

    @precondition(lambda self: self.world.tickets())
    @rule(data=st.data(), who=st.sampled_from(BUSY), command=st.sampled_from(COMMANDS), private=st.booleans())
    def commands(self, data: st.DataObject, who: str, command: str, private: bool) -> None:
        line = command.format(n=self._number(data), m=self._number(data))
        (self.world.tells if private else self.world.says)(who, line)

    @precondition(lambda self: self.world.tickets())
    @rule(data=st.data(), who=st.sampled_from(("王阿姨", *BUSY)), words=st.sampled_from(WORDS))
    def answers(self, data: st.DataObject, who: str, words: str) -> None:
        group = [s for s in self.world.channel.shown if s.chat_id == RESIDENTS]
        self.world.says(who, words, reply=data.draw(st.sampled_from(group)) if group else None)

    @precondition(lambda self: self._buttons())
    @rule(data=st.data(), who=st.sampled_from(BUSY))
    def presses(self, data: st.DataObject, who: str) -> None:
        """A button in a private chat can only be pressed by its owner."""
        shown, action = data.draw(st.sampled_from(self._buttons()))
        if not shown.chat_id.startswith("-"):
            who = next(name for name in EVERYBODY if self.world.id_of(name) == shown.chat_id)
        self.world.press_action(who, action, shown.chat_id, shown.message_id)

    @rule(hours=st.sampled_from((1, 3, 10, 30, 60)))
    def time_passes(self, hours: int) -> None:
        self.world.waits(hours=hours)

    @invariant()
    def the_law_holds(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.world.session() as session:
            for number in range(1, self.world.tickets() + 1):
                ticket = session.query(Ticket).filter_by(number=number).one()
                _only_moves_of_the_table(ticket)
                _every_row_vouches_for_the_one_before(ticket)
                _nobody_without_the_right(ticket)
                _no_promise_before_its_taking_in(ticket)
                _the_reporter_has_an_answer(ticket, self._seen_by(ticket))

    def _number(self, data: st.DataObject) -> int:
        return data.draw(st.integers(1, self.world.tickets()))

    def _buttons(self) -> list[tuple[Shown, str]]:
        newest = self.world.channel.shown[-30:]
        return [(s, b.action) for s in newest for row in s.post.buttons for b in row if b.action]

    def _seen_by(self, ticket: Ticket) -> str:
        """All that the reporter can read."""
        chats = {RESIDENTS, self.world.id_of(ticket.reporter.name) if ticket.reporter else ""}
        return "\n".join(s.text for s in self.world.channel.shown if s.chat_id in chats)


def _only_moves_of_the_table(ticket: Ticket) -> None:
    before = "open"
    for event in ticket.history:
        if event.kind in MOVES.get(before, {}):
            assert event.state == MOVES[before][event.kind], (ticket.number, before, event.kind, event.state)
        else:
            assert event.state == before, (ticket.number, before, event.kind, event.state)
        before = event.state
    assert ticket.state == before


def _every_row_vouches_for_the_one_before(ticket: Ticket) -> None:
    link = ""
    for e in ticket.history:
        link = next_link(link, ticket.number, e.kind, e.state, e.at, e.data)
        assert e.chain == link, (ticket.number, e.kind)
    assert ticket.chain == link


def _nobody_without_the_right(ticket: Ticket) -> None:
    kinds = {kind for moves in MOVES.values() for kind in moves}
    for event in ticket.history:
        if event.kind in kinds:
            assert _had_the_right(ticket, event), (ticket.number, event.kind, event.by and event.by.name)


def _had_the_right(ticket: Ticket, event: TicketEvent) -> bool:
    if event.by is None:
        return event.kind in BY_TIME
    concerned = {f.person_id for f in ticket.followers} | {ticket.reporter_id}
    if event.kind in BY_REPORTER:
        return event.by_id == ticket.reporter_id
    if event.kind in BY_ANYBODY_CONCERNED and event.by_id in concerned:
        return True
    return event.by.name in IN_CHARGE


def _no_promise_before_its_taking_in(ticket: Ticket) -> None:
    assert ticket.due_at > ticket.opened_at
    assert ticket.clock_at is not None and ticket.due_at >= ticket.clock_at >= ticket.opened_at
    if ticket.respond_due_at is not None and ticket.called_at is not None:
        assert ticket.respond_due_at >= ticket.called_at


def _the_reporter_has_an_answer(ticket: Ticket, seen: str) -> None:
    if ticket.state in OPEN_STATES:
        assert ticket.next_at is not None, f"{ticket.number} waits for nothing"
        return
    told = [line for line in seen.split("\n") if f"第{ticket.number}件" in line]
    assert any(word in line for line in told for word in ANSWERED), (ticket.number, ticket.state, told)


TestLaw = Neighbourhood.TestCase
TestLaw.settings = settings(
    max_examples=int(os.environ.get("GRIDBOT_WALKS", "6")),
    stateful_step_count=40,
    derandomize=True,
    deadline=timedelta(seconds=30),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
