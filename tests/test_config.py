"""config.toml: what it may say, and that every mistake is named with its cure."""

import ast
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.config.faults import ConfigFaults, Fault
from bot.config.load import Config, build, load
from bot.config.shape import section_at
from bot.config.timing import unpublished_years
from bot.sentences import SLOT, sentences

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"

NEIGHBOURHOOD = """
[[units]]
name = "幸福里社区"
level = "社区"
[[units]]
name = "幸福里第3网格"
level = "网格"
parent = "幸福里社区"
[[people]]
name = "张利萍"
telegram = 4242
posts = [{ unit = "幸福里第3网格", role = "grid_member" }]
[[groups]]
unit = "幸福里第3网格"
telegram = -1001234567891
"""


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Writes config.toml and reads it back, with an environment of the test's own."""

    def read(text: str | bytes, **environment: str) -> Config:
        path = tmp_path / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, environment)

    return read


@pytest.fixture
def faults(read: Any) -> Any:
    """The faults of such a file."""

    def faults(text: str | bytes, **environment: str) -> tuple[Fault, ...]:
        with pytest.raises(ConfigFaults) as refused:
            read(text, **environment)
        return refused.value.faults

    return faults


@pytest.fixture
def only_fault(faults: Any) -> Any:
    def only_fault(text: str | bytes, **environment: str) -> str:
        (found,) = faults(text, **environment)
        assert "\n" not in str(found)
        return str(found)

    return only_fault


def test_an_empty_file_is_the_defaults(read):
    assert read("") == Config()


def test_the_example_states_the_defaults():
    assert load(EXAMPLE, {}) == Config()


def test_the_example_shows_every_setting(read):
    """Its lines '#key = value' are settings to switch on; with all of them on it is still sound."""
    active = example_switched_on()
    shown = set(keys_in(tomllib.loads(active)))
    assert shown == set(keys_of(Config)) | {"language", "zone"}
    assert read(active).people[1].posts[0].scope == ("3号楼", "5号楼2单元")


def example_switched_on() -> str:
    return re.sub(r"(?m)^#(?=[\[a-z])", "", EXAMPLE.read_text(encoding="utf-8"))


def keys_in(data: Any, path: tuple[str, ...] = ()) -> Any:
    """Every dotted key of a parsed file, list entries taken together."""
    for key, value in data.items():
        tables = [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
        for table in tables:
            yield from keys_in(table, (*path, key))
        if not tables:
            yield ".".join((*path, key))


def keys_of(model: type[BaseModel], path: tuple[str, ...] = ()) -> Any:
    """Every dotted key that the models know; times and reminders are written as one text."""
    for name in model.model_fields:
        below = section_at(Config, (*path, name))
        written_as_text = (*path, name) in {("talk_days", "remind"), ("weekly", "at")}
        if isinstance(below, type) and issubclass(below, BaseModel) and not written_as_text:
            yield from keys_of(below, (*path, name))
        else:
            yield ".".join((*path, name))


def test_the_neighbourhood_of_the_readme_is_sound(read):
    config = read(NEIGHBOURHOOD)
    assert config.people[0].posts[0].role == "grid_member"
    assert config.groups[0].kind == "residents"


def test_handlers_see_the_policy_and_nothing_else(read):
    policy = read('language = "en"\n[talk_days]\ndays = [1]\n[telegram]\ntoken = "1:a"').policy
    assert (policy.language, policy.talk_days.days) == ("en", (1,))
    assert not hasattr(policy, "telegram")


def test_the_environment_wins_over_the_file(read):
    config = read(
        '[telegram]\ntoken = "1:file"\n[database]\nurl = "sqlite:///file.db"',
        GRIDBOT_TELEGRAM_TOKEN="2:environment\n",
        GRIDBOT_DATABASE_URL="sqlite:///environment.db",
        GRIDBOT_TELEGRAM_PROXY="socks5://u:p@127.0.0.1:1080",
        GRIDBOT_TELEGRAM_WEBHOOK_SECRET="s",
    )
    assert config.telegram.token == "2:environment"
    assert config.database.url == "sqlite:///environment.db"
    assert (config.telegram.proxy, config.telegram.webhook_secret) == ("socks5://u:p@127.0.0.1:1080", "s")


def test_an_empty_variable_says_nothing(read):
    assert read('[telegram]\ntoken = "1:file"', GRIDBOT_TELEGRAM_TOKEN="").telegram.token == "1:file"


def test_the_token_may_stand_in_a_file_beside_the_configuration(read, tmp_path):
    (tmp_path / "token").write_text("3:secret\n")
    assert read('[telegram]\ntoken_file = "token"').telegram.token == "3:secret"


def test_secrets_stay_out_of_every_print(read):
    config = read(
        '[telegram]\ntoken = "1:HIDDEN"\nproxy = "http://u:HIDDEN@h:1"\nwebhook_secret = "HIDDEN"\n'
        '[database]\nurl = "postgresql://u:HIDDEN@h/d"'
    )
    assert "HIDDEN" not in repr(config)


def test_rules_are_found_beside_the_configuration(read, tmp_path):
    (tmp_path / "mine.toml").touch()
    assert read('[reading]\nrules = "mine.toml"').reading.rules == str(tmp_path / "mine.toml")


def test_notepads_byte_order_mark_is_harmless(read):
    assert read('\ufefflanguage = "en"'.encode()).language == "en"


def test_a_missing_file_says_what_to_copy(tmp_path):
    with pytest.raises(ConfigFaults, match=r"nowhere\.toml: .*config\.example\.toml"):
        load(tmp_path / "nowhere.toml", {})


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(ConfigFaults, match="打不开"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ('language = "zh"\nzone = "幸福里"'.encode("gbk"), ("config.toml:2", "GBK", "UTF-8")),
        ('language = "zh"'.encode("utf-16"), ("config.toml", "UTF-16")),
        (b'zone = "\xff"', ("config.toml:1", "UTF-8")),
    ],
)
def test_another_encoding_is_named_with_its_line(only_fault, raw, named):
    said = only_fault(raw)
    assert all(part in said for part in named)


def test_a_slip_in_the_syntax_is_named_by_its_line_and_repeats_no_secret(only_fault):
    said = only_fault('language = "en"\n[telegram]\ntoken = 123:HIDDEN\n')
    assert "line 3" in said
    assert "HIDDEN" not in said


def test_the_language_holds_even_when_the_file_cannot_be_read(only_fault):
    assert "not TOML" in only_fault('language = "en"\n[[[')
    assert "不合 TOML" in only_fault("[[[")


TYPES = [
    ("languge = 'zh'", "languge", "language"),
    ("[telegram]\nbas_url = ''", "telegram.bas_url", "base_url"),
    ("[talkdays]\ndays = [1]", "talkdays", "talk_days"),
    ("[[units]]\nname = 'a'\nparant = 'b'", "units[1 a].parant", "parent"),
    (
        "[[people]]\nname='a'\nposts=[{unit='a', role='cadre', scop=[]}]\n[[units]]\nname='a'",
        "people[1 a].posts[1].scop",
        "scope",
    ),
    ("[[people]]\nname = 'a'\nposts = [{ unit = 'x', role = 'grid_membr' }]", "posts[1].role", "grid_member"),
    ("[[people]]\nname = 'a'\nposts = [{ unit = 'x', role = '网格员' }]", "posts[1].role", "grid_member"),
    ("[[people]]\nname = 'a'\nposts = [{ unit = 'x' }]", "people[1 a].posts[1].role", "config.example.toml"),
    ("[[people]]\nname = ''", "people[1].name", "引号"),
    ("[[people]]\nname = 'a'\ntelegram = true", "people[1 a].telegram", "整数"),
    ("[[people]]\nname = 'a'\ntelegram = '4242'", "people[1 a].telegram", "不带引号"),
    ("[[people]]\nname = 'a'\ntelegram = -100", "people[1 a].telegram", "> 0"),
    (NEIGHBOURHOOD + "kind = 'staf'", "groups[1].kind", "staff"),
    ("[units]\nname = 'a'", "units", "[[units]]"),
    ("[[telegram]]\ntoken = 'HIDDEN'", "telegram", "[…]"),
    ("telegram = 5", "telegram", "5"),
    ("[telegram]\ntoken = 5", "telegram.token", "引号"),
    ("[telegram]\nwebhook_port = 70000", "telegram.webhook_port", "≤ 65535"),
    ("[talk_days]\ndays = 5", "talk_days.days", "[5, 15, 20]"),
    ("[talk_days]\ndays = [5, 32]", "talk_days.days[2]", "≤ 31"),
    ("[talk_days]\nremind = ['18点']", "talk_days.remind[1]", "-1d 18:00"),
    ("[talk_days]\nremind = ['-1d 25:00']", "talk_days.remind[1]", "18:00"),
    ("[talk_days]\nstart = 18:00:00", "talk_days.start", '"18:00"'),
    ("[talk_days]\nshift_weekends = 'maybe'", "talk_days.shift_weekends", "true"),
    ("[weekly]\nat = '5 15:30'", "weekly.at", "fri 15:30"),
    ("[limits]\nanswer_days = 2.5", "limits.answer_days", "整数"),
    ("[limits]\ntake_above = '1 Tag'", "limits.take_above", '"3d 18:00"'),
    ("[limits]\ntake_above = '0h'", "limits.take_above", '"3d 18:00"'),
    ("[[limits.terms]]\nrespond = '2d 18:00!'", "limits.terms[1].respond", '"30m!"'),
    ("[[limits.terms]]\nsettle = 3", "limits.terms[1].settle", '"3d 18:00"'),
    ("[[limits.terms]]\nlevl = '网格'", "limits.terms[1].levl", "level"),
    ("[limits.terms]\nsettle = '1d'", "limits.terms", "[5, 15, 20]"),
    ("[work]\nhours = ['18:00-8:30']", "work.hours", "08:30-12:00"),
    ("[work]\nhours = ['9-12']", "work.hours", "08:30-12:00"),
    ("[work]\nhours = ['14:00-18:00', '08:30-12:00']", "work.hours", "从早到晚"),
    ("[work]\nhours = ['08:30-14:30', '14:00-18:00']", "work.hours", "不要重叠"),
    ("[work]\nhours = []", "work.hours", "从早到晚"),
    ("[work]\noff = ['国庆']", "work.off[1]", "2026-10-09"),
    ("[work]\non = [2026-13-01]", "config.toml", "引号"),
    ("[reading]\nopen = 'high'", "reading.open", "0.6"),
    ("[reading]\nask = 0", "reading.ask", "> 0"),
    ("[reading]\nopen = inf", "reading.open", "0.6"),
    ("[[groups]]\nunit = 'a'\ntelegram = -1\nreading_ask = -1", "groups[1].reading_ask", "> 0"),
    ("[[units]]\nname = 'a'\nlandmarks = '老槐树'", "units[1 a].landmarks", "[5, 15, 20]"),
    ("[hotlines]\ngas = 96777", "hotlines.gas", "引号"),
    ("language = 'fr'", "language", "zh, en"),
]


@pytest.mark.parametrize(("text", "key", "cure"), TYPES, ids=[f"{key}-{cure}" for _, key, cure in TYPES])
def test_a_wrong_key_or_type_is_named_with_its_cure(only_fault, text, key, cure):
    said = only_fault(text)
    assert said.split(": ")[0].endswith(key)
    assert cure in said
    assert "HIDDEN" not in said


def test_all_mistakes_are_named_at_once(faults):
    found = faults("zoon = 'x'\n" + NEIGHBOURHOOD.replace("grid_member", "cadre") + "[weekly]\nat = 'x'")
    assert [fault.key for fault in found] == ["weekly.at", "zoon", "units[2 幸福里第3网格]"]


def test_one_slip_is_not_reported_as_two(faults):
    assert len(faults(NEIGHBOURHOOD.replace("grid_member", "grid_membr"))) == 1
    assert len(faults("[units]\nname = 'a'\n[[groups]]\nunit = 'a'\ntelegram = -1")) == 1


LAW = [
    ("zone = 'Asia/Shangai'", "zone", "Asia/Shanghai"),
    ("zone = '../etc'", "zone", "Asia/Shanghai"),
    ("[telegram]\ntoken = '12 34:x'", "telegram.token", "BotFather"),
    ("[telegram]\nbase_url = 'api.telegram.org'", "telegram.base_url", "https://"),
    ("[telegram]\nproxy = 'u:HIDDEN@h:1'", "telegram.proxy", "socks5://"),
    ("[telegram]\nproxy = 'socks5://h:HIDDEN'", "telegram.proxy", "socks5://"),
    ("[telegram]\nwebhook_url = 'http://h'\nwebhook_secret = 's'", "telegram.webhook_url", "https://"),
    ("[telegram]\nwebhook_url = 'https://h'", "telegram.webhook_secret", "GRIDBOT_TELEGRAM_WEBHOOK_SECRET"),
    ("[telegram]\ntoken_file = 'nowhere'", "telegram.token_file", "BotFather"),
    ("[database]\nurl = 'gridbot.db'", "database.url", "sqlite:///gridbot.db"),
    ("[database]\nurl = 'mysql://u:HIDDEN@h/d'", "database.url", "postgresql"),
    ("[database]\nurl = 'postgres://u:HIDDEN@h/d'", "database.url", "postgresql"),
    ("[database]\nurl = 'postgresql://u:HIDDEN@h:port/d'", "database.url", "postgresql"),
    ("[database]\nurl = 'sqlite://'", "database.url", "sqlite:///gridbot.db"),
    ("[database]\nurl = 'sqlite:////nowhere/at/all.db'", "database.url", "/nowhere/at"),
    ("[reading]\nask = 2", "reading.ask", "reading.open"),
    (NEIGHBOURHOOD.replace("[[groups]]", "[[groups]]\nreading_ask = 1.1"), "groups[1].reading_ask", "reading.open"),
    (NEIGHBOURHOOD.replace("[[groups]]", "[[groups]]\nreading_open = 0.4"), "groups[1].reading_ask", "reading.open"),
    ("[work]\non = [2026-10-09]\noff = [2026-10-09]", "work.on", "work.off"),
    ("[[limits.terms]]\ncategory = '环境卫身'\nsettle = '1d'", "limits.terms[1].category", "环境卫生"),
    ("[reading]\nrules = 'nowhere.toml'", "reading.rules", "nowhere.toml"),
    (NEIGHBOURHOOD + "[[units]]\nname = '幸福里社区'", "units[3 幸福里社区].name", "不重"),
    ("[[units]]\nname = 'a'\nparent = 'b'", "units[1 a].parent", "[[units]]"),
    (NEIGHBOURHOOD.replace('"幸福里社区"\n[[p', '"幸福社区"\n[[p'), "units[2 幸福里第3网格].parent", "幸福里社区"),
    ("[[units]]\nname = 'a'\nparent = 'a'", "units[1 a].parent", "a → a"),
    ("[[people]]\nname = 'p'\nposts = [{ unit = 'x', role = 'cadre' }]", "people[1 p].posts[1].unit", "[[units]]"),
    ("[[groups]]\nunit = 'x'\ntelegram = -1", "groups[1].unit", "[[units]]"),
    (NEIGHBOURHOOD + "[[groups]]\nunit = '幸福里社区'\ntelegram = -1001234567891", "groups[2].telegram", "多的"),
    (NEIGHBOURHOOD.replace("grid_member", "volunteer"), "units[2 幸福里第3网格]", 'role = "grid_member"'),
    (NEIGHBOURHOOD + "[[people]]\nname = '老王'\ntelegram = 4242", "people[2 老王].telegram", "张利萍"),
]


@pytest.mark.parametrize(("text", "key", "cure"), LAW, ids=[f"{key}-{cure}" for _, key, cure in LAW])
def test_what_cannot_work_is_named_with_its_cure(only_fault, text, key, cure):
    said = only_fault(text)
    assert said.split(": ")[0] == key
    assert cure in said
    assert "HIDDEN" not in said


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.times() | st.sampled_from("{}$"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "unit", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(spoilt=st.lists(st.tuples(st.integers(0, 200), ANYTHING), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_the_file_is_read_or_explained(spoilt):
    """Settings of the whole example hold something else: a Config or ConfigFaults comes of it, and nothing else."""
    data = tomllib.loads(example_switched_on())
    for number, value in spoilt:
        holders = list(tables_in(data))
        holder = holders[number % len(holders)]
        holder[list(holder)[number % len(holder)]] = value
    try:
        assert build(data, EXAMPLE.parent, "zh", {}).warnings()
    except ConfigFaults as wrong:
        assert all(fault.key and fault.fault and fault.cure for fault in wrong.faults)


def tables_in(data: Any) -> Any:
    for value in data.values() if isinstance(data, dict) else data:
        if isinstance(value, dict | list):
            yield from tables_in(value)
    if isinstance(data, dict) and data:
        yield data


def test_every_unit_on_a_circle_is_named_but_not_those_below(faults):
    ring = "".join(f"[[units]]\nname = '{a}'\nparent = '{b}'\n" for a, b in ("ab", "bc", "ca", "da"))
    assert [found.key for found in faults(ring)] == ["units[1 a].parent", "units[2 b].parent", "units[3 c].parent"]


def test_a_higher_unit_with_a_group_needs_no_grid_member(read):
    assert read(NEIGHBOURHOOD + "[[groups]]\nunit = '幸福里社区'\ntelegram = -2\nkind = 'staff'")


def test_a_department_with_a_group_needs_no_grid_member(read):
    assert read(
        "[[units]]\nname = '住建局'\n[[groups]]\nunit = '住建局'\ntelegram = -2\nkind = 'staff'\n"
        "[[people]]\nname = '周'\ntelegram = 7\nposts = [{ unit = '住建局', role = 'department' }]"
    )


def warned(config: Config) -> list[str]:
    return [found.key for found in config.warnings()]


def test_an_empty_level_above_only_warns(read):
    assert "units[1 幸福里社区]" in warned(read(NEIGHBOURHOOD))


def test_a_level_with_its_cadre_does_not_warn(read):
    cadre = "[[people]]\nname = '李书记'\ntelegram = 9\nposts = [{ unit = '幸福里社区', role = 'cadre' }]"
    assert not [key for key in warned(read(NEIGHBOURHOOD + cadre)) if key.startswith("units")]


def test_the_gas_number_is_needed_and_the_lift_number_expected(read):
    without, given = read(""), read("[hotlines]\ngas = '96777'\nlift = '88990011'")
    assert [found.key for found in without.lacks()] == ["hotlines.gas"]
    assert "hotlines.lift" in warned(without)
    assert given.lacks() == []
    assert "hotlines.lift" not in warned(given)


def test_a_missing_or_odd_token_warns(read):
    assert "telegram.token" in warned(read(""))
    assert "telegram.token" in warned(read("[telegram]\ntoken = 'abc'"))
    assert "telegram.token" not in warned(read("[telegram]\ntoken = '123:abc-_D'"))


def test_a_limit_for_nobody_or_of_nothing_warns(read):
    assert "limits.terms[1].level" in warned(read(NEIGHBOURHOOD + "[[limits.terms]]\nlevel = '镇'\nsettle = '1d'"))
    assert "limits.terms[1].level" not in warned(
        read(NEIGHBOURHOOD + "[[limits.terms]]\nlevel = '网格'\nsettle = '1d'")
    )
    assert "limits.terms[1]" in warned(read("[[limits.terms]]\ncategory = '环境卫生'"))
    assert "limits.terms[1].level" not in warned(read("[[limits.terms]]\nlevel = '镇'\nsettle = '1d'")), (
        "set up in chat"
    )


def test_a_day_that_is_so_anyway_warns(read):
    idle = read("[work]\non = [2026-10-10, 2026-10-03]\noff = [2026-10-01, 2026-10-09]")
    assert [str(found) for found in idle.warnings() if found.key == "work.on"] == [
        "work.on: 2026-10-10本来就是这样，写了不起作用。删掉它，或看看日期写对没有："
        "on 是本来休息而要上班的日子，off 是本来上班而放假的日子。"
    ]
    assert [found.fault for found in idle.warnings() if found.key == "work.off"] == [
        "2026-10-01本来就是这样，写了不起作用。"
    ]


def test_a_year_without_its_schedule_is_named_sixty_days_before(read):
    sound, listed = read(""), read("[work]\non = [2035-02-10]")

    def years(config: Config, today: date) -> list[str]:
        return [found.fault[:5] for found in unpublished_years(config, today)]

    assert years(sound, date(2026, 3, 2)) == []
    assert years(sound, date(2034, 12, 1)) == ["2034年", "2035年"]
    assert years(sound, date(2035, 7, 1)) == ["2035年"]
    assert years(listed, date(2035, 7, 1)) == [], "the deployment wrote the make-up days down itself"


def test_a_responsible_person_without_an_account_warns(read):
    assert "people[1 张利萍].telegram" in warned(read(NEIGHBOURHOOD.replace("telegram = 4242\n", "")))


def test_people_who_cannot_be_told_apart_warn(read):
    twins = "[[people]]\nname = '张伟'\n[[people]]\nname = '张伟'\ntelegram = 5\n"
    assert [key for key in warned(read(twins)) if "name" in key] == ["people[1 张伟].name", "people[2 张伟].name"]


def test_a_positive_group_id_and_an_idle_scope_warn(read):
    odd = NEIGHBOURHOOD.replace("-100", "100").replace('"grid_member"', '"grid_member", scope = ["3号楼"]')
    assert {"groups[1].telegram", "people[1 张利萍].posts[1].scope"} <= set(warned(read(odd)))


def test_both_languages_say_the_same_things_with_the_same_values():
    zh, en = sentences("zh"), sentences("en")
    assert zh.keys() == en.keys()
    differing = [key for key in zh if set(SLOT.findall(str(zh[key]))) != set(SLOT.findall(str(en[key])))]
    assert differing == []


def test_every_fault_has_its_sentence_and_its_cure():
    kinds = set(kinds_in_code())
    assert {"unit_twice", "database_driver", "file_missing"} <= kinds
    assert [kind for kind in kinds if not {f"check_{kind}", f"check_{kind}_cure"} <= sentences("zh").keys()] == []


def kinds_in_code() -> Any:
    """The third argument of every call of fault(language, key, kind)."""
    for path in (EXAMPLE.parent / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fault"
            if named and isinstance(kind := node.args[2], ast.Constant):
                yield kind.value


def test_faults_follow_the_language(only_fault):
    assert only_fault("language = 'en'\n[weekly]\nat = 'x'") == (
        'weekly.at: This weekly time cannot be read. Write it as "fri 15:30"; days are mon tue wed thu fri sat sun.'
    )
    assert only_fault("[weekly]\nat = 'x'") == (
        'weekly.at: 看不懂这个每周时间。请写成 "fri 15:30"，星期用 mon tue wed thu fri sat sun。'
    )
