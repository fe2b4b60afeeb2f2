"""Every sentence stands in both languages, is used somewhere, and is as short as a phone wants it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handlers.texts import texts_in
from models.messages import CATEGORIES

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "handlers"
PAIRS = sorted(path.name.removesuffix(".zh.toml") for path in TEXTS.glob("texts*.zh.toml"))
SLOT = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[\u3400-\u9fff]")
SPEAKS = {"say", "line", "segments", "Refusal", "tell_privately", "_tell"}
ONLY_ENGLISH = {"categories", "months"}  # tables that Chinese does not need: the key itself is the word
ENGLISH_SLOTS = {"day_eve": {"month"}}  # "5日" is clear enough on the eve, "Sun 5" is not
PRIVATE_LINES = re.compile(r"help_|intro|advice_|ping|forget|start|crisis|violence|why|check_|cli_|replay_|run_")
BOASTS = re.compile(r"一定解决|保证(?!安全)|批评|通报|已报警|guarantee|shame|(have|has) called the police")
LONGEST = {"zh": 36, "en": 90}  # characters in one row of a line in the group, slots not counted


@cache
def read(name: str, language: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.{language}.toml").read_text(encoding="utf-8"))


def sentences(name: str, language: str) -> dict[str, str]:
    return {key: value for key, value in read(name, language).items() if isinstance(value, str)}


def tables(name: str, language: str) -> dict[str, dict[str, str]]:
    return {key: value for key, value in read(name, language).items() if isinstance(value, dict)}


def slots(sentence: str) -> set[str]:
    return set(SLOT.findall(sentence))


# both languages


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_have_the_same_sentences(name: str) -> None:
    assert sentences(name, "zh").keys() == sentences(name, "en").keys()


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_fill_in_the_same_things(name: str) -> None:
    chinese, english = sentences(name, "zh"), sentences(name, "en")
    for key in chinese.keys() & english.keys():
        assert slots(english[key]) - ENGLISH_SLOTS.get(key, set()) == slots(chinese[key]), key


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_have_the_same_tables(name: str) -> None:
    chinese, english = tables(name, "zh"), tables(name, "en")
    assert chinese.keys() == english.keys()
    for table in chinese.keys() - ONLY_ENGLISH:
        assert chinese[table].keys() == english[table].keys(), table


def test_english_names_the_seven_classes_and_the_months() -> None:
    english = tables("texts.chat", "en")
    assert set(english["categories"]) == set(CATEGORIES)
    assert set(english["months"]) == {str(month) for month in range(1, 13)}


def test_no_word_of_a_table_stands_for_two_things() -> None:
    """People type roles, kinds and classes; each must mean one thing."""
    for language in ("zh", "en"):
        for name in ("roles", "kinds", "categories"):
            words = [word.lower() for word in texts_in(language).table(name).values()]
            assert len(words) == len(set(words)), (language, name)


@pytest.mark.parametrize("name", PAIRS)
def test_english_quotes_chinese_only_where_people_type_it(name: str) -> None:
    """What stands in quotes is typed as it is, and a unit keeps its name; the rest is English."""
    for key, sentence in sentences(name, "en").items():
        unquoted = re.sub(r"“[^”]*”|\"[^\"]*\"|for example .*", "", sentence)
        assert not HAN.search(unquoted), key


# used and there


class Code:
    """What the program says by key: literal keys, and patterns such as f"card_{state}" with what fills them."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.patterns: list[re.Pattern[str]] = []
        self.spoken: set[str] = set()
        for path in sorted((*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").rglob("*.py"))):
            self._read(ast.parse(path.read_text(encoding="utf-8")))
        for path in (path for kind in ("*.js", "*.html") for path in (ROOT / "bot").rglob(kind)):
            self.words |= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))

    def uses(self, key: str) -> bool:
        """Is this written in the code, or made there from words and names that are?"""
        return key in self.words or any(
            (found := pattern.fullmatch(key)) and all(self._knows(part) for part in found.groups() if part)
            for pattern in self.patterns
        )

    def _knows(self, part: str) -> bool:
        """A word, two words side by side, or a word made from another."""
        halves = ((part[:i], part[i:]) for i in range(1, len(part)))
        return part in self.words or any({*half} <= self.words for half in halves) or self.uses(part)

    def _read(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.words |= {node.value, node.value.strip("-").replace("-", "_").lower()}
            elif isinstance(node, ast.JoinedStr):
                self._pattern(node)
            elif isinstance(node, ast.Attribute | ast.Name):
                self.words.add(node.attr if isinstance(node, ast.Attribute) else node.id)
            elif isinstance(node, ast.Call):
                self.spoken |= set(spoken_keys(node))

    def _pattern(self, node: ast.JoinedStr) -> None:
        literal = [part.value for part in node.values if isinstance(part, ast.Constant)]
        if any("_" in str(words) for words in literal):
            parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else "(.+)" for p in node.values)
            greedy = "".join(parts).replace("(.+)(.+)", "(.+)")
            self.patterns += [re.compile(greedy), re.compile(greedy.replace("(.+)", "(.+?)"))]


def spoken_keys(call: ast.Call) -> Iterator[str]:
    """The literal key in turn.say("taken"), Refusal("unbound"), tell_privately(desk, ticket, "added")."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in SPEAKS:
        literal = (str(a.value) for a in call.args if isinstance(a, ast.Constant))
        yield from (words for words in literal if re.fullmatch(r"[a-z_]+", words))


CODE = Code()


def test_every_sentence_that_the_code_says_is_written() -> None:
    written = {key for name in PAIRS for key in sentences(name, "zh")}
    said = CODE.spoken - {"zh", "en"}
    assert sorted(said - written) == []


@pytest.mark.parametrize("name", PAIRS)
def test_no_sentence_is_left_over(name: str) -> None:
    assert sorted(key for key in sentences(name, "zh") if not CODE.uses(key)) == []


# on a phone


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_in_the_group_are_short(language: str) -> None:
    for key, sentence in sentences("texts.chat", language).items():
        if PRIVATE_LINES.match(key):
            continue
        for row in sentence.split("\n"):
            assert len(SLOT.sub("", row)) <= LONGEST[language], key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_buttons_fit_two_beside_each_other(language: str) -> None:
    for key, label in sentences("texts.chat", language).items():
        if key.startswith("button_"):
            assert len(label) <= {"zh": 6, "en": 16}[language], key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_shames_or_promises_a_cure(language: str) -> None:
    """wording: an answer is promised, not a cure; nobody is called slow, and no help was called by us."""
    for key, sentence in sentences("texts.chat", language).items():
        assert not BOASTS.search(sentence), key
