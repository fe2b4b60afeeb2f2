"""The lock files: every package that pyproject.toml asks for is pinned there within its bounds, with hashes."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.lock": [*PROJECT["dependencies"], *EXTRAS["postgres"]],
    "requirements-dev.lock": [*PROJECT["dependencies"], *EXTRAS["postgres"], *EXTRAS["dev"]],
}
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)[^\n]*\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n)*)", re.M
)


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """name -> (version, how many hashes)"""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {canonicalize_name(m["name"]): (m["version"], m["hashes"].count("sha256:")) for m in PIN.finditer(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_project_asks_for_is_pinned_within_its_bounds(lock: str) -> None:
    pinned = pins(lock)
    for asked in map(Requirement, LOCKS[lock]):
        version, _ = pinned[canonicalize_name(asked.name)]
        assert asked.specifier.contains(version), f"{lock}: {asked} is pinned to {version}; lock again"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    assert [name for name, (_, hashes) in pins(lock).items() if not hashes] == []


def test_what_runs_is_what_is_tested() -> None:
    tested = pins("requirements-dev.lock")
    assert {name: version for name, (version, _) in pins("requirements.lock").items()} == {
        name: tested[name][0] for name in pins("requirements.lock")
    }
