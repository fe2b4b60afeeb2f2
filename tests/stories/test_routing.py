"""Who is asked for a new matter: by class, place and hour, and by who is on duty then."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handlers.desk import Desk
from handlers.duty.routing import route
from models.units import unit_named
from tests.world import MONDAY, World, china, small_town

WEEKEND = {"unit": "幸福里第3网格", "person": "陈副", "days": "sat,sun", "start": "08:00", "end": "20:00"}
LEAK, RUBBISH, GAS = "3号楼2单元水管漏水了", "3号楼2单元门口垃圾堆了三天没人清", "3号楼2单元楼道有煤气味"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """A world with these sections in its file, at this moment."""
    made: list[World] = []

    def build(start=MONDAY, **sections: object) -> World:
        made.append(World(tmp_path, small_town(**sections), start=start))
        return made[-1]

    yield build
    for world in made:
        world.close()


def asked(world: World) -> str:
    """Who has the newest ticket."""
    assignee = world.ticket(world.tickets()).assignee
    return assignee.name if assignee else ""


def people(**posts: str) -> list[dict[str, object]]:
    """The town's people with changed posts: name=role, of the third grid; `part` before it for part-time."""
    config = small_town().model_dump()
    for person in config["people"]:
        if written := posts.get(person["name"]):
            part, _, role = written.rpartition(" ")
            person["posts"] = [{"unit": "幸福里第3网格", "role": role, "part_time": part == "part"}]
    return list(config["people"])


def test_whoever_has_the_shift_is_asked_first(town):
    world = town(china(3, 7, 9), shifts=[WEEKEND])  # a Saturday
    world.says("王阿姨", LEAK)
    assert asked(world) == "陈副"


def test_after_the_shift_it_is_the_member_again(town):
    world = town(china(3, 7, 20), shifts=[WEEKEND])
    world.says("王阿姨", LEAK)
    assert asked(world) == "老王"


def test_a_night_shift_reaches_into_the_morning(town):
    night = {**WEEKEND, "days": "fri", "start": "20:00", "end": "08:00"}
    world = town(china(3, 7, 7, 59), shifts=[night])
    world.says("王阿姨", LEAK)
    assert asked(world) == "陈副"
    world.waits_until(china(3, 7, 8))
    world.says("李阿姨", RUBBISH)
    assert asked(world) == "老王"


def test_days_off_and_make_up_workdays_follow_the_state_council(town):
    holiday = {**WEEKEND, "days": "holidays"}
    world = town(china(10, 1, 9), shifts=[holiday])  # National Day, a Thursday
    world.says("王阿姨", LEAK)
    assert asked(world) == "陈副"
    world.waits_until(china(10, 10, 9))  # a Saturday that is worked
    world.says("李阿姨", RUBBISH)
    assert asked(world) == "老王"


def test_a_part_time_member_is_asked_in_their_shift_only(town):
    shifts = [{**WEEKEND, "person": "老王", "days": "mon"}]
    world = town(people=people(老王="part grid_member"), shifts=shifts)
    world.says("王阿姨", LEAK)
    assert asked(world) == "老王"
    world.waits_until(china(3, 3, 9))
    world.says("李阿姨", RUBBISH)
    assert asked(world) == "陈副"


def test_without_anybody_on_duty_the_level_above_is_asked(town):
    world = town(people=people(老王="part grid_member", 陈副="volunteer"))
    world.says("王阿姨", LEAK)
    assert asked(world) == "李书记"


def test_a_route_sends_a_class_to_the_building_contact_of_that_building(town):
    routes = [{"categories": ["环境卫生", "乱堆乱放"], "role": "building_contact"}]
    world = town(routes=routes)
    world.says("王阿姨", RUBBISH)
    assert asked(world) == "孙楼长"
    world.says("李阿姨", "5号楼门口垃圾堆了三天没人清")  # not his building
    assert asked(world) == "老王"
    world.says("赵大爷", LEAK)  # not that class
    assert asked(world) == "老王"


def test_a_route_may_be_bound_to_hours_places_and_urgency(town):
    evenings = {"scope": ["3号楼"], "urgent": False, "start": "18:00", "end": "22:00", "role": "building_contact"}
    world = town(china(3, 2, 17), routes=[evenings])
    world.says("王阿姨", RUBBISH)
    assert asked(world) == "老王"
    world.waits_until(china(3, 2, 18))
    world.says("王阿姨", GAS)
    assert asked(world) == "老王"
    world.says("赵大爷", LEAK)
    assert asked(world) == "孙楼长"


def test_a_route_without_anybody_on_duty_is_passed_over(town):
    world = town(routes=[{"role": "mediator"}, {"role": "cadre"}])
    world.says("王阿姨", LEAK)
    assert asked(world) == "李书记"


def test_a_contact_who_says_nothing_brings_the_member_before_the_community(town):
    world = town(routes=[{"categories": ["环境卫生", "乱堆乱放"], "role": "building_contact"}])
    world.says("王阿姨", RUBBISH)
    assert asked(world) == "孙楼长"
    world.waits(hours=4)
    assert asked(world) == "老王"


def test_looking_up_changes_nothing_and_answers_for_any_hour(town):
    world = town(shifts=[WEEKEND])
    with world.session() as session:
        desk = Desk(session, world.clock.now(), world.config.policy)
        unit = unit_named(session, "幸福里第3网格")
        assert unit is not None
        names = [
            found.name
            for hour in (7, 8, 19, 20)
            if (found := route(desk, unit, "3-2", "民生诉求", False, china(3, 7, hour)))
        ]
        assert names == ["老王", "陈副", "陈副", "老王"]
        assert not session.new and not session.dirty
    assert world.tickets() == 0
