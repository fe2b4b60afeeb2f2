"""What an operator must know is told once, by day, and /health shows how the bot is."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from bot.channels import Rejected, Uncertain
from handlers.desk import Desk
from handlers.health.looking import look_around
from models.incidents import standing
from models.schema import MIGRATIONS
from tests.world import STAFF, STREET, World, china, small_town

LEAK = "3号楼2单元水管漏水，楼道全是水"


def look(world: World, **seen: bool) -> None:
    """What the watchman does every few minutes."""
    with world.sessions.begin() as session:
        look_around(Desk(session, world.clock.now(), world.config.policy), "telegram:999", seen)


def troubles(world: World) -> list[str]:
    with world.sessions() as session:
        return [incident.kind for incident in standing(session)]


# a letter that is refused


def test_a_refused_call_goes_to_the_next_person(world: World) -> None:
    world.starts("老王", "陈副")
    world.channel.failures = [Rejected("BUTTON_DATA_INVALID")]
    world.inbox.receive_now([world.incoming("李阿姨", LEAK, "-1001")])
    before = len(world.private("老王"))
    world.deliver()
    told = world.private("老王")[before:] + world.private("陈副")[1:]
    assert [line for line in told if line.startswith("🔔 第1件 等您接手")] != []


def test_where_nobody_else_can_be_told_the_staff_group_reads_it(world: World) -> None:
    world.starts("老王")
    world.inbox.receive_now([world.incoming("李阿姨", LEAK, "-1001")])
    refuse_in_private(world, "老王")
    world.deliver()
    assert any(line.startswith("🔔 第1件 找不到能收私聊的人") for line in world.lines(STAFF))


def refuse_in_private(world: World, who: str) -> None:
    """This person's chat takes no letter of ours for once."""
    deliver = world.channel.deliver

    async def refusing(post: object) -> object:
        if getattr(post, "chat_id", "") == world.id_of(who):
            raise Rejected("can't parse")
        return await deliver(post)  # type: ignore[arg-type]

    world.channel.deliver = refusing  # type: ignore[method-assign,assignment]


@pytest.mark.both_databases
def test_the_operator_reads_once_that_letters_are_refused_and_once_that_they_arrive_again(world: World) -> None:
    world.channel.failures = [Rejected("no"), Rejected("no")]
    world.says("李阿姨", "/who")
    world.says("李阿姨", "/who")
    world.waits(minutes=1)
    assert world.lines(STREET) == ["⚙️ 机器人有情况：\n⚠️ 有话发不出去：幸福里第3网格，2条"]
    world.waits(minutes=5)
    world.says("李阿姨", "/who")
    look(world)
    world.waits(minutes=1)
    assert world.lines(STREET)[1:] == ["⚙️ 机器人有情况：\n✅ 又发得出去了：幸福里第3网格"]
    assert troubles(world) == []


def test_an_uncertain_letter_given_up_is_known_but_calls_nobody_twice(world: World) -> None:
    world.starts("老王", "陈副")
    world.inbox.receive_now([world.incoming("李阿姨", LEAK, "-1001")])
    world.channel.failures = [Uncertain("?")] * 4
    world.deliver()
    assert troubles(world) == ["letter", "letter"], "the card, and the call"
    assert len(world.private("陈副")) == 1


def test_the_answer_to_an_old_press_is_no_trouble(world: World) -> None:
    world.says("李阿姨", LEAK)
    world.channel.failures = [Rejected("query is too old")]
    world.presses("张三", "我家也是")
    world.channel.failures.clear()
    assert troubles(world) == []


# whom, and when


def test_at_night_only_what_stops_everything_is_told(tmp_path: Path) -> None:
    config = small_town(operator={"free_mb": 10**9})
    world = World(tmp_path, config, start=china(3, 2, 23))
    look(world, deaf=True)
    world.waits(minutes=1)
    assert [("硬盘要满了" in line, "隐私模式" in line) for line in world.lines(STREET)] == [(True, False)]
    world.waits_until(china(3, 3, 7, 31))
    assert "隐私模式开着" in world.lines(STREET)[1]
    assert "硬盘快满了" in world.lines(STREET)[1]
    world.close()


def test_what_was_over_before_the_morning_is_never_told(world: World) -> None:
    world.waits_until(china(3, 2, 23))
    look(world, conflict=True)
    world.waits(minutes=30)
    look(world, conflict=False)
    world.waits_until(china(3, 3, 9))
    assert world.lines(STREET) == []


def test_a_trouble_that_lasts_is_told_once(world: World) -> None:
    for _ in range(4):
        look(world, deaf=True)
        world.waits(hours=1)
    assert len(world.lines(STREET)) == 1


def test_the_operator_whom_the_file_names_is_told_privately(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(operator={"telegram": 555}))
    world._ids["维护"] = "555"
    world.tells("维护", "/id")
    look(world, deaf=True)
    world.waits(minutes=1)
    assert world.private("维护")[-1].startswith("⚙️ 机器人有情况：\n⚠️ 隐私模式开着")
    assert world.lines(STREET) == []
    assert world.tells("维护", "/health")[0].startswith("⚙️")
    world.close()


def test_without_a_staff_group_whoever_stands_highest_is_told(tmp_path: Path) -> None:
    groups = [{"unit": "幸福里第3网格", "telegram": -1001}]
    world = World(tmp_path, small_town(groups=groups))
    world.starts("老王", "李书记", "赵主任")
    look(world, deaf=True)
    world.waits(minutes=1)
    assert world.private("赵主任")[-1].startswith("⚙️")
    assert not world.private("老王")[-1].startswith("⚙️")
    world.close()


def test_a_token_that_is_refused_stands_in_health_and_is_told_to_nobody(world: World) -> None:
    world.starts("李书记")
    look(world, token=True)
    world.waits(minutes=5)
    assert world.lines(STREET) == []
    assert "Telegram 不认我的口令了" in world.tells("李书记", "/health")[0]


def writable(world: World, yes: bool) -> None:
    """As when the disk is full, or mounted for reading only."""
    connection = world.engine.raw_connection()
    connection.cursor().execute(f"PRAGMA query_only={'OFF' if yes else 'ON'}")
    connection.close()


def test_a_database_that_could_not_be_written_is_told_when_it_can_be_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    watchman = world.watchman()
    watchman.watch_now()
    writable(world, False)
    for _ in range(3):
        world.clock.move_to(world.clock.now() + timedelta(minutes=3))
        watchman.watch_now()
    assert "readonly" in caplog.text
    writable(world, True)
    watchman.watch_now()
    world.waits(minutes=1)
    assert world.lines(STREET) == ["⚙️ 机器人有情况：\n⚠️ 数据库今天09:03到09:09写不进，现在好了"]


def test_a_database_that_was_only_busy_for_a_moment_is_no_trouble(world: World) -> None:
    watchman = world.watchman()
    watchman.watch_now()
    writable(world, False)
    watchman.watch_now()
    writable(world, True)
    world.clock.move_to(world.clock.now() + timedelta(seconds=20))
    watchman.watch_now()
    world.waits(minutes=1)
    assert world.lines(STREET) == []


# tables that another version changed


def shaped(world: World, revision: str) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))


def test_tables_of_another_version_are_told_once_and_stand_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    told, watchman = "数据库和程序的版本对不上，请看日志", world.watchman()
    shaped(world, "0003")
    for _ in range(3):
        watchman.watch_now()
        world.waits(minutes=11)
    assert sum(told in line for line in world.lines(STREET)) == 1
    assert told in world.tells("李书记", "/health")[0] and caplog.text.count("trouble: schema") == 1
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head is not None
    shaped(world, head)
    watchman.watch_now()
    world.waits(minutes=1)
    assert "no more trouble: schema" in caplog.text and "对上了" in "".join(world.lines(STREET))


# a grid gone quiet


def test_a_grid_without_a_word_for_a_week_is_told_once_and_when_it_speaks_again(world: World) -> None:
    world.says("李阿姨", "今天菜市场的鱼真新鲜")
    world.says("孙姐", "大家早", group="-1003")
    look(world)
    for _ in range(9):
        world.waits(days=1)
        world.says("孙姐", "大家早", group="-1003")
        look(world)
    world.waits(minutes=1)
    told = [line for line in world.lines(STREET) if line.startswith("⚙️")]
    assert told == ["⚙️ 机器人有情况：\n⚠️ 幸福里第3网格的群7天没听到一句话，我还在群里吗？"]
    world.says("李阿姨", "今天的虾也不错")
    look(world)
    world.waits(minutes=1)
    assert [line for line in world.lines(STREET) if "✅" in line] == [
        "⚙️ 机器人有情况：\n✅ 幸福里第3网格的群又有人说话了"
    ]


def test_days_in_which_the_bot_itself_was_away_are_no_silence(world: World) -> None:
    world.says("李阿姨", "今天菜市场的鱼真新鲜")
    look(world)
    world.is_away_until(world.clock.now() + timedelta(days=10))
    look(world)
    assert troubles(world) == []


# /health


def test_a_cadre_reads_how_the_bot_is(world: World) -> None:
    world.starts("李书记")
    watchman = world.watchman()
    watchman.watch_now()
    world.says("李阿姨", LEAK)
    answer = world.tells("李书记", "运行情况")[0]
    lines = answer.split("\n")
    assert lines[0] == "⚙️ 今天09:00起在运行"
    assert lines[1].endswith("，在收消息")
    assert lines[2:6] == ["最近一句：今天09:00", "等发：0条", "一周没发出：0条", "没处理成：0条"]
    assert lines[6].startswith("数据库") and "，硬盘剩" in lines[6]
    assert lines[7] == "没有要看的"


@pytest.mark.parametrize(
    ("who", "group", "answer"),
    [
        ("李阿姨", None, "这个只告诉社区以上的工作人员。"),
        ("老王", None, "这个只告诉社区以上的工作人员。"),
        ("李书记", "-1001", "这个请私聊我，或在工作群里问。"),
        ("老王", STAFF, "这个只告诉社区以上的工作人员。"),
    ],
)
def test_others_are_told_shortly_that_it_is_not_for_them(
    world: World, who: str, group: str | None, answer: str
) -> None:
    said = world.tells(who, "/health") if group is None else world.says(who, "/health", group=group)
    assert said == [answer]


@pytest.mark.both_databases
def test_the_answer_tells_of_an_outage_and_of_what_stands(world: World) -> None:
    world.starts("李书记")
    world.is_away_until(china(3, 2, 12))
    look(world, deaf=True)
    answer = world.tells("李书记", "/health")[0]
    assert "\n上次离线：今天09:00到12:00，补收0句" in answer
    assert "\n⚠️ 隐私模式开着" in answer
