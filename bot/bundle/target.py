"""The machine that a bundle is for: its processor, its Python, and the C library that the wheels ask of it."""

import platform
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OLDEST, NEWEST = 17, 28  # minor versions of glibc 2 that wheels are looked for: CentOS 7 to Debian 12 and RHEL 8
LEGACY = {"manylinux1": 5, "manylinux2010": 12, "manylinux2014": 17}  # PEP 600


@dataclass(frozen=True)
class Target:
    """`machine` as `uname -m` says it on Linux; `python` as 3.11. CPython on glibc only."""

    machine: str
    python: str

    @property
    def pip_options(self) -> list[str]:
        """What makes pip choose for that machine instead of this one; older C libraries are preferred."""
        platforms = ["manylinux2014", *(f"manylinux_2_{minor}" for minor in range(OLDEST, NEWEST + 1))]
        told = [f"--platform={platform}_{self.machine}" for platform in platforms]
        abis = [f"cp{self.python.replace('.', '')}", "abi3", "none"]
        return [*told, *(f"--abi={abi}" for abi in abis), "--implementation=cp", f"--python-version={self.python}"]


def this_machine() -> Target:
    """As this one, as far as a bundle can be made for it."""
    return Target(MACHINES.get(platform.machine().lower(), "x86_64"), f"{sys.version_info[0]}.{sys.version_info[1]}")


def glibc_needed(wheels: Iterable[str]) -> str:
    """The oldest glibc on which all these wheels run, as 2.17; a wheel that names several runs on the oldest."""
    minors = [min(found) for wheel in wheels if (found := _minors(wheel))]
    return f"2.{max(minors, default=OLDEST)}"


def _minors(wheel: str) -> list[int]:
    tags = wheel.removesuffix(".whl").rpartition("-")[2].split(".")
    newer = [int(found[1]) for tag in tags if (found := re.match(r"manylinux_2_(\d+)_", tag))]
    return newer + [minor for tag in tags for name, minor in LEGACY.items() if tag.startswith(f"{name}_")]
