"""argparse in the deployment's language."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from bot import __version__
from bot.observing.veil import VEIL
from bot.sentences import say


@dataclass(frozen=True)
class Argument:
    """One argument of a command; the text cli_<command>_<name> says what it is for."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.name.strip("-").replace("-", "_").lower()


AS_JSON = Argument("--json", {"action": "store_true"})


@dataclass(frozen=True)
class Command:
    """One command; the text cli_<name> says what it does. `run` returns the exit status, unless it has `parts`."""

    name: str
    run: Callable[[argparse.Namespace], int] | None = None
    arguments: tuple[Argument, ...] = ()
    parts: tuple["Command", ...] = ()
    within: str = ""

    @property
    def key(self) -> str:
        return f"{self.within}_{self.name}".lstrip("_").replace("-", "_")


class Parser(argparse.ArgumentParser):
    """argparse's own headings and complaints, worded from the texts."""

    def __init__(self, *, language: str, **settings: Any) -> None:
        self.language = language
        super().__init__(formatter_class=_formatter(language), add_help=False, allow_abbrev=False, **settings)
        self.options = self.add_argument_group(say(language, "cli_options"))
        self.options.add_argument("-h", "--help", action="help", help=say(language, "cli_help"))

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, say(self.language, "cli_misused", program=self.prog, why=VEIL.over(message)) + "\n")


def _formatter(language: str) -> type[argparse.HelpFormatter]:
    class Words(argparse.HelpFormatter):
        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(usage, actions, groups, say(language, "cli_usage") if prefix is None else prefix)

    return Words


def build_parser(commands: Sequence[Command], language: str) -> Parser:
    parser = Parser(language=language, prog="gridbot", description=say(language, "cli_description"))
    version = f"gridbot {__version__}"
    parser.options.add_argument("--version", action="version", version=version, help=say(language, "cli_version"))
    _add_commands(parser, commands)
    return parser


def _add_commands(parser: Parser, commands: Sequence[Command]) -> None:
    known = parser.add_subparsers(title=say(parser.language, "cli_commands"), metavar="COMMAND", required=True)
    for command in commands:
        words = say(parser.language, f"cli_{command.key}")
        added = known.add_parser(command.name, language=parser.language, help=words, description=words)
        _add_arguments(added, command)


def _add_arguments(parser: Parser, command: Command) -> None:
    said = say(parser.language, "cli_config")
    unless_given_before: dict[str, Any] = {"default": argparse.SUPPRESS} if command.within else {}
    parser.options.add_argument("--config", metavar="PATH", help=said, **unless_given_before)
    if command.parts:
        _add_commands(parser, command.parts)
        return
    positional = parser.add_argument_group(say(parser.language, "cli_arguments"))
    for argument in command.arguments:
        group = parser.options if argument.name.startswith("-") else positional
        words = say(parser.language, f"cli_{command.key}_{argument.key}")
        group.add_argument(argument.name, help=words, **argument.settings)
    parser.set_defaults(run=command.run, language=parser.language)
