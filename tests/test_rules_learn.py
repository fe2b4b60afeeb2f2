"""`gridbot rules learn`: what members correct comes back as a rule that a person may paste."""

import tomllib
from pathlib import Path

import pytest

from bot.reading.judge import Judge
from bot.rulebook.check import check_rules
from bot.rulebook.learn import Lessons, Thresholds, learn
from bot.rulebook.print_learn import as_data, as_text
from models.corrections import corrections, known_names
from models.messages import CATEGORIES
from tests.world import World, small_town, the_judge

AT = Thresholds(open=1.0, ask=0.6)
SONGS = {
    "小李": "3号楼门口的留声机放老歌呢",
    "张婶": "凉亭里那台留声机放的老歌",
    "王阿姨": "棋牌室的留声机放起老歌了",
}
ANOTHER = "北门那边的留声机放老歌呀"
LEAK = "3号楼2单元的路灯坏了三天了，没人修"


def lessons(world: World, at_least: int = 3, judge: Judge | None = None) -> Lessons:
    with world.session() as session:
        return learn(corrections(session), judge or the_judge(), AT, at_least, known_names(session))


def registered_by_hand(world: World) -> None:
    world.starts("老王")
    for number, (who, line) in enumerate(SONGS.items(), 1):
        assert the_judge().read(line).decision == "ignore"
        assert world.says(who, line) == []
        world.says("老王", "登记", reply=world.last_message)
        world.says("老王", f"办结{number} 修好了")
        world.waits(hours=1)


def test_words_registered_by_hand_become_a_rule_that_opens_such_a_line(world: World, tmp_path: Path) -> None:
    registered_by_hand(world)
    told = lessons(world)
    assert [p.evidence.words for p in told.proposals] == [("留声机", "老歌")]
    pasted = tmp_path / "rules.toml"
    pasted.write_text(as_text(told, "zh"), encoding="utf-8")
    wiser = Judge.load(pasted)
    assert check_rules(wiser, pasted, AT.ask, "zh").faults == ()
    assert [w for w in check_rules(wiser, pasted, AT.ask, "zh").warnings if "rules.toml" in str(w)] == []
    assert [wiser.read(line).decision for line in SONGS.values()] == ["open"] * 3
    assert (the_judge().read(ANOTHER).decision, wiser.read(ANOTHER).decision) in {("ignore", "open"), ("ignore", "ask")}
    assert wiser.read("我家留声机送人，有要的吗").decision == "ignore"
    assert lessons(world, judge=wiser).proposals == ()


def test_a_proposal_names_its_evidence_and_nobodys_name(world: World) -> None:
    registered_by_hand(world)
    said = as_text(lessons(world), "zh")
    assert "# 该立单的：留声机+老歌，3件、3人（第1件、第2件、第3件）" in said
    assert "# 照此办，3句里对3句；反例0句" in said
    assert not any(name in said for name in (*SONGS, "老王", "凉亭里那台", "3号楼"))
    [rule] = tomllib.loads(said)["rule"]
    assert (rule["all"], rule["hits"]) == ([["留声机"], ["老歌"]], ["留声机老歌"])
    assert rule["category"] in {world.ticket(n).category for n in (1, 2, 3)}


def test_two_matters_are_too_few_and_so_is_one_person(world: World) -> None:
    world.starts("老王")
    for number, line in enumerate(SONGS.values(), 1):
        world.says("小李", line)
        world.says("老王", "登记", reply=world.last_message)
        world.says("老王", f"办结{number} 修好了")
        world.waits(hours=1)
    assert world.tickets() == 3
    told = lessons(world)
    assert told.proposals == ()
    assert "还没有可提的：同一个词要有至少3件、2个人说到。" in as_text(told, "zh")


def test_what_others_were_told_is_none_speaks_against_it(world: World) -> None:
    registered_by_hand(world)
    world.starts("老王")
    for who in ("赵姨", "孙伯"):
        world.says(who, f"登记 {who[1]}家的留声机放老歌，哈哈")
        number = world.tickets()
        world.says("老王", f"不立单{number} 只是聊天")
    assert [p.evidence.words for p in lessons(world).proposals if p.kind == "report"] == []


def test_a_void_keeps_its_kind_of_reason(world: World) -> None:
    for n, reason in enumerate(("不是问题，开玩笑的", "同一件事", "说不清"), 1):
        world.says(f"邻居{n}", f"{n}号楼的路灯坏了三天了，没人修")
        world.says("老王", f"不立单{n} {reason}")
    with world.session() as session:
        assert [c.why for c in corrections(session) if c.kind == "void"] == ["chat", "dup", "other"]


def test_words_of_what_was_no_issue_are_proposed_as_quiet(world: World) -> None:
    for n, line in enumerate(
        ("3号楼的积木路灯坏了没人修", "15号楼的积木门锁坏了没人修", "22号楼的积木电梯坏了没人修"), 1
    ):
        world.says(f"邻居{n}", line)
        world.waits(days=1)
    assert world.tickets() == 3
    for n in range(1, 4):
        world.tells("李书记", f"改类{n} 安全隐患")
        world.tells("李书记", f"不立单{n} 只是聊天")
    told = lessons(world)
    [quiet] = [p for p in told.proposals if p.kind == "quiet" and "积木" in p.evidence.words]
    assert quiet.rule.weight is not None
    assert quiet.rule.weight < 0
    assert any(r.rule == "坏了" and (r.spoke, len(r.wrong)) == (3, 3) for r in told.records)


def test_the_words_of_another_class_are_proposed_for_it(world: World, tmp_path: Path) -> None:
    lines = ("公告栏的字掉光了没人管", "北门公告栏的漆掉光了没人管", "车棚旁公告栏倒了三天没人修")
    for n, line in enumerate(lines, 1):
        world.says(f"邻居{n}", line)
        world.waits(hours=2)
        world.says("老王", f"改类{n} 治安稳定")
    told = lessons(world)
    kinds = [p for p in told.proposals if p.kind == "class" and "公告栏" in p.evidence.words]
    assert [p.rule.category for p in kinds] == ["治安稳定"]
    pasted = tmp_path / "rules.toml"
    pasted.write_text(as_text(told, "zh"), encoding="utf-8")
    assert {Judge.load(pasted).read(line).category for line in lines} == {"治安稳定"}
    assert "治安稳定" in CATEGORIES


def test_an_answered_question_counts_without_its_words(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(reading={"open": 99.0, "ask": 0.6}))
    world.starts("老王")
    for n in range(1, 4):
        world.says(f"邻居{n}", f"{n}号楼2单元的路灯坏了三天了，没人修")
        world.presses("老王", "不是", chat="11")
        world.waits(hours=1)
    told = lessons(world)
    assert told.counts["no"] == 3
    assert any(r.rule == "坏了" and r.wrong == (None,) * 3 for r in told.records)
    assert "答“不是”的" in as_text(told, "zh")
    world.close()


def test_who_is_forgotten_teaches_nothing(world: World) -> None:
    registered_by_hand(world)
    world.tells("小李", "/forget")
    world.presses("小李", "确定删除", chat=world.id_of("小李"))
    assert lessons(world).counts["by_hand"] == 2


def test_a_limit_that_held_down_an_issue_is_named(world: World) -> None:
    world.starts("老王")
    for who, what in zip(SONGS, ("3号楼门口电动车堆满了", "15号楼的垃圾堆成山了", "22号楼路灯坏了"), strict=True):
        assert world.says(who, f"刷到邻居发的视频，{what}没人管") == []
        world.says("老王", "登记", reply=world.last_message)
        world.waits(days=1)
    told = lessons(world)
    assert any(r.rule == "网上看来" and len(r.held) == 3 for r in told.records)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_programs_read_the_same(world: World, language: str) -> None:
    registered_by_hand(world)
    told = as_data(lessons(world), language)
    assert told["corrections"]["by_hand"] == 3
    assert (
        told["proposals"][0] | {"words": ["留声机", "老歌"], "tickets": [1, 2, 3], "would_follow": 3}
        == told["proposals"][0]
    )
    assert tomllib.loads(told["paste"])["rule"][0]["name"] == "留声机+老歌"
