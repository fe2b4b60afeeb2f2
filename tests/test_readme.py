"""What a stranger reads is true: commands exist, links lead somewhere, both languages tell the same."""

import re
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.config.load import Config
from bot.menus import PRIVATE, STAFF
from handlers import ROUTER, asking
from models import codes, delivery, heard, privacy, taken

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
PAGES = (*READMES, "CHANGELOG.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
OURS = ("bot/", "handlers/", "models/", "tests/", "deploy/", "docs/", ".ci/")


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, *languages: str) -> list[str]:
    return [body.strip() for language, body in BLOCK.findall(read(page)) if language in languages]


def run_commands(page: str) -> set[str]:
    """The words after `gridbot` wherever a page tells somebody to type it."""
    told = [*blocks(page, "sh", "powershell"), *CODE.findall(BLOCK.sub("", read(page)))]
    return {name for text in told for name in re.findall(r"(?:^|bin/|Scripts\\)gridbot ([a-z][a-z-]+)", text, re.M)}


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_a_page_names_exist(page: str) -> None:
    assert run_commands(page) <= {command.name for command in COMMANDS}


def test_every_command_of_the_program_is_described() -> None:
    described = run_commands("README.md") | run_commands("docs/operations.md")
    assert described >= {command.name for command in COMMANDS}


def test_both_readmes_tell_to_type_the_same() -> None:
    assert blocks("README.md", "sh", "powershell", "toml") == blocks("README.zh.md", "sh", "powershell", "toml")


@pytest.mark.parametrize("page", READMES)
def test_setting_up_and_testing_are_one_line_each(page: str) -> None:
    first, second = (block for block in blocks(page, "sh")[:2])
    assert "\n" not in first
    assert first.endswith("gridbot demo")
    assert "\n" not in second
    assert second.endswith("pytest")


def test_ci_finds_the_test_command_of_the_readme() -> None:
    marked = re.search(r"<!-- tests -->\n```sh\n(.+)\n```\n", read("README.md"))
    assert marked is not None
    assert marked[1] == blocks("README.md", "sh")[1]
    script = [line for line in read(".ci/run").splitlines() if line]
    assert "<!-- tests -->" in read(".ci/run")
    assert script[-1] == 'eval "$tests"'


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    local = [link for link in LINK.findall(read(page)) if "://" not in link]
    assert [link for link in local if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_a_page_names_exist(page: str) -> None:
    named = {path for path in CODE.findall(BLOCK.sub("", read(page))) if path.startswith(OURS) and "{" not in path}
    plain = {path for path in named if not re.search(r"[*\s]", path)}
    assert [path for path in sorted(plain) if not (ROOT / path).exists()] == []
    assert [path for path in sorted(named - plain) if " " not in path and not list(ROOT.glob(path))] == []


def test_the_tree_in_the_readmes_stands() -> None:
    for page in READMES:
        (tree,) = (text for text in blocks(page, "text") if text.startswith("bot/"))
        top = ""
        for line in tree.splitlines():
            name = line.split()[0]
            top = top if line.startswith(" ") else name
            path = ROOT / top / name if line.startswith(" ") else ROOT / name
            assert path.is_dir(), (page, line)


# docs/commands.md


def rows() -> dict[str, list[str]]:
    """Command -> its Chinese words, as the table has them."""
    found = re.findall(r"^\| `/(\w+)[^`]*` \|([^|]*)\|", read("docs/commands.md"), re.M)
    return {name: [word for word in re.split(r"[,\s]+", words) if word] for name, words in found}


def test_the_table_of_commands_is_complete() -> None:
    assert rows().keys() == ROUTER.commands.keys()


def test_the_table_gives_every_chinese_word() -> None:
    written = {word: name for name, words in rows().items() for word in words}
    assert written == ROUTER.words


def test_the_menus_offer_what_there_is() -> None:
    assert {*STAFF, *PRIVATE, "start"} == ROUTER.commands.keys()


# what pages say of the code


@pytest.mark.parametrize("page", PAGES)
def test_settings_that_a_page_shows_are_read(page: str) -> None:
    for block in blocks(page, "toml"):
        Config.model_validate(tomllib.loads(block))


def test_the_privacy_page_gives_the_terms_of_the_code() -> None:
    page = read("docs/privacy.md")
    assert (taken.UPDATE_MEMORY, "48 hours" in page) == (timedelta(hours=48), True)
    assert (heard.MESSAGE_MEMORY, "10 minutes" in page) == (timedelta(minutes=10), True)
    assert (asking.KEPT, "24 hours at most" in page) == (timedelta(hours=24), True)
    assert (privacy.LOOSE_LIFE, "go after 24 hours" in page) == (timedelta(hours=24), True)


def test_other_pages_give_the_terms_of_the_code() -> None:
    assert (codes.LIFE, "three days, one use" in read("README.md")) == (timedelta(days=3), True)
    assert (delivery.LEASE, "lease (20 s)" in read("docs/decisions.md")) == (20.0, True)


# deploy/


def test_the_unit_and_the_container_call_commands_that_exist() -> None:
    names = {command.name for command in COMMANDS}
    unit, container = read("deploy/gridbot.service"), read("deploy/Containerfile")
    assert set(re.findall(r"^ExecStart=\S+ (\S+)", unit, re.M)) <= names
    assert set(re.findall(r'^CMD \["(\S+)"\]', container, re.M)) == {"run"}


def test_the_container_copies_what_the_package_needs() -> None:
    copied = {
        word for line in re.findall(r"^COPY (?!--)(.+)$", read("deploy/Containerfile"), re.M) for word in line.split()
    }
    assert {"bot", "handlers", "models", "pyproject.toml", "README.md", "LICENSE"} <= copied


def test_no_secret_and_no_database_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    assert [name for name in tracked if name.endswith((".db", ".env")) or Path(name).name == "config.toml"] == []
