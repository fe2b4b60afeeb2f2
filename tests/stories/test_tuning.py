"""A group is set to listen more or less closely, and is told the place names that only its neighbours know."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.seed import seed
from models.chats import Chat, find_chat
from tests.world import OTHER, RESIDENTS, STAFF, World, small_town, the_judge

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
TREE = "老槐树底下的垃圾堆了三天没人清"
SCORE = the_judge().read(LEAK).score
JUST_ENOUGH = {"open": SCORE, "ask": SCORE / 2}


def group(session: Session, external_id: str = RESIDENTS) -> Chat:
    found = find_chat(session, "telegram", external_id)
    assert found is not None
    return found


def thresholds(world: World, external_id: str = RESIDENTS) -> tuple[float | None, float | None]:
    with world.session() as session:
        chat = group(session, external_id)
        return chat.reading_open, chat.reading_ask


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes a town whose file has these sections."""
    made: list[World] = []

    def town(**sections: object) -> World:
        made.append(World(tmp_path, small_town(**sections)))
        return made[-1]

    yield town
    for world in made:
        world.close()


@pytest.fixture
def exact(town: Callable[..., World]) -> World:
    """A town in which this very report is just enough to open."""
    return town(reading=JUST_ENOUGH)


@pytest.mark.parametrize(("step", "opened"), [("平常", 1), ("少打扰", 0), ("多留意", 1)])
def test_a_cadre_sets_how_readily_a_line_opens(exact: World, step: str, opened: int) -> None:
    exact.starts("老王")
    assert exact.says("李书记", f"/setup 敏感度 {step}") == [f"好的，敏感度：{step}。"]
    exact.says("王阿姨", LEAK)
    assert exact.tickets() == opened
    assert exact.says("李书记", "/setup")[0].endswith(f"\n敏感度：{step}")


def test_listening_less_asks_the_member_instead(exact: World) -> None:
    exact.starts("老王")
    exact.says("李书记", "绑定网格 敏感度 少打扰")
    assert exact.says("王阿姨", LEAK) == []
    assert exact.private("老王")[-1].startswith("这句像是在反映问题，要登记吗？")


def test_it_concerns_that_group_alone(exact: World) -> None:
    exact.says("李书记", "/setup 敏感度 少打扰", group=OTHER)
    exact.says("王阿姨", LEAK)
    assert exact.tickets() == 1
    assert thresholds(exact) == (None, None)


def test_danger_opens_however_little_a_group_listens(exact: World) -> None:
    exact.says("李书记", "/setup 敏感度 少打扰")
    exact.says("王阿姨", "3号楼2单元楼道里着火了，快来人")
    assert exact.ticket(1).urgent


@pytest.mark.parametrize("who", ["小李", "老王", "孙楼长"])
def test_nobody_below_a_cadre_sets_it(world: World, who: str) -> None:
    assert world.says(who, "/setup 敏感度 少打扰") == ["这一步要有职务的人来做。"]
    assert thresholds(world) == (None, None)


def test_another_word_than_the_three_is_explained(world: World) -> None:
    said = ["敏感度有三档：少打扰、平常、多留意。比如：绑定网格 敏感度 少打扰"]
    assert world.says("李书记", "/setup 敏感度 很高") == said
    assert world.says("李书记", "/setup 敏感度") == said


def test_the_file_gives_a_group_its_own_thresholds_until_the_chat_does(town: Callable[..., World]) -> None:
    groups = [
        {"unit": "幸福里第3网格", "telegram": -1001, "reading_open": 99.0, "reading_ask": 98.0},
        {"unit": "幸福里第4网格", "telegram": -1003},
    ]
    world = town(groups=groups)
    assert world.says("王阿姨", LEAK) == []
    assert len(world.says("王阿姨", LEAK, group=OTHER)) == 1
    assert world.says("李书记", "/setup")[0].endswith("\n敏感度：自定")
    world.says("李书记", "/setup 敏感度 平常")
    with world.sessions.begin() as session:
        seed(session, world.config, the_judge(), "telegram", "999")
    assert len(world.says("王阿姨", LEAK)) == 1


def test_a_member_names_the_places_that_the_neighbours_know(world: World) -> None:
    assert world.says("老王", "/setup 地名 幸福超市、老槐树，小广场") == [
        "幸福里第3网格的地名：幸福超市、老槐树、小广场"
    ]
    world.says("王阿姨", TREE)
    assert world.ticket(1).place_key == "老槐树"
    assert world.says("李书记", "/setup")[0].endswith("\n地名：幸福超市、老槐树、小广场")


def test_one_landmark_is_one_matter(world: World) -> None:
    world.says("老王", "/setup 地名 老槐树")
    world.says("王阿姨", TREE)
    world.says("小李", "老槐树那边垃圾堆成山了，没人清")
    assert world.tickets() == 1


def test_places_of_the_community_are_known_in_its_grids_and_the_other_way_round(world: World) -> None:
    world.says("李书记", "/setup 幸福里社区", group="-2001")
    assert world.says("李书记", "/setup 地名 老槐树", group="-2001") == ["幸福里社区的地名：老槐树"]
    world.says("王阿姨", TREE)
    world.says("钱网格", "/setup 地名 铁疙瘩", group=OTHER)
    world.says("小赵", "铁疙瘩旁边的路灯坏了三天了，没人修", group="-2001")
    world.says("小李", "铁疙瘩旁边的井盖没了三天了，没人管")
    assert [world.ticket(n).place_key for n in (1, 2)] == ["老槐树", "铁疙瘩"]
    assert world.ticket(3).place_key != "铁疙瘩", "a grid knows nothing of its neighbours' names"


def test_the_file_names_places_and_the_chat_may_empty_the_list(town: Callable[..., World]) -> None:
    units = [{"name": "幸福里第3网格", "landmarks": ["老槐树"]}]
    people = [{"name": "老王", "telegram": 11, "posts": [{"unit": "幸福里第3网格", "role": "grid_member"}]}]
    world = town(units=units, people=people, groups=[{"unit": "幸福里第3网格", "telegram": -1001}])
    world.says("王阿姨", TREE)
    assert world.ticket(1).place_key == "老槐树"
    assert world.says("老王", "/setup 地名 无") == ["幸福里第3网格的地名：无"]
    with world.sessions.begin() as session:
        seed(session, world.config, the_judge(), "telegram", "999")
    assert "地名" not in world.says("老王", "/setup")[0]


@pytest.mark.parametrize("written", ["", " 好", " " + "很" * 40])
def test_a_name_too_short_or_too_long_is_no_place(world: World, written: str) -> None:
    assert world.says("老王", f"/setup 地名{written}") == ["请写成：绑定网格 地名 幸福超市、老槐树；不要了写无"]


def test_neighbours_name_no_places(world: World) -> None:
    assert world.says("小李", "/setup 地名 老槐树") == ["这一步要有职务的人来做。"]


def test_a_group_of_no_unit_is_set_to_nothing(world: World) -> None:
    assert world.says("李书记", "/setup 敏感度 平常", group="-2001")[0].startswith("本群还没绑定网格")
    assert world.says("李书记", "/setup 敏感度 平常", group=STAFF) == ["好的，敏感度：平常。"]
