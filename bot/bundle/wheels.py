"""Fetching and building the wheels of a bundle with pip, each checked against the lock file."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.bundle.target import Target

PIN = re.compile(r"^([A-Za-z0-9._-]+)==\S+.*\n(?:    --hash=.*\n?)+", re.M)
PACKAGES = ("bot", "handlers", "models")
SOURCE_ONLY = ("jieba",)
"""Packages that PyPI has no wheel of. They hold Python alone, so a wheel built here fits every machine."""


class PipFailed(Exception):
    """The text is pip's own last line."""


def fetch_wheels(root: Path, lock: Path, target: Target, folder: Path) -> None:
    """Put into `folder` a wheel of every pinned package, of pip itself and of the project in `root`."""
    pinned = {found[1].lower(): found[0] for found in PIN.finditer(lock.read_text(encoding="utf-8"))}
    with tempfile.TemporaryDirectory() as scratch:
        ready, source = Path(scratch, "ready.txt"), Path(scratch, "source.txt")
        ready.write_text("".join(line for name, line in pinned.items() if name not in SOURCE_ONLY), encoding="utf-8")
        source.write_text("".join(pinned[name] for name in SOURCE_ONLY), encoding="utf-8")
        fetched = ["--no-deps", "--only-binary=:all:", *target.pip_options, f"--dest={folder}"]
        _pip("download", *fetched, "--requirement", str(ready))
        _pip("download", *fetched, f"pip=={_own_pip()}")
        _pip("wheel", "--no-deps", f"--wheel-dir={folder}", "--requirement", str(source))
        _pip("wheel", "--no-deps", f"--wheel-dir={folder}", str(_copied(root, Path(scratch, "project"))))


def _copied(root: Path, to: Path) -> Path:
    """The project without what earlier builds and runs left beside it: setuptools would pack that too."""
    to.mkdir()
    for package in PACKAGES:
        shutil.copytree(root / package, to / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / file, to)
    return to


def pins_of(folder: Path) -> str:
    """Requirements that name just these files, each with its hash."""
    return "".join(f"{_name(wheel)} --hash=sha256:{_digest(wheel)}\n" for wheel in sorted(folder.glob("*.whl")))


def _name(wheel: Path) -> str:
    name, number, *_ = wheel.name.split("-")
    return f"{name}=={number}"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _own_pip() -> str:
    try:
        return version("pip")
    except PackageNotFoundError:
        raise PipFailed("pip is not installed") from None


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise PipFailed(said[-1] if said else f"exit status {done.returncode}")
