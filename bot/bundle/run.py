"""`gridbot bundle`: writes the folder, from a clone of the project and the package index."""

import hashlib
import shutil
from pathlib import Path

import bot
from bot.asked import Unusable
from bot.bundle.target import Target, glibc_needed
from bot.bundle.wheels import PipFailed, fetch_wheels, pins_of
from bot.sentences import say

ROOT = Path(bot.__file__).parents[1]
COPIED = ("config.example.toml", "LICENSE", "docs/operations.md")
NEEDED = ("pyproject.toml", "requirements.lock", "deploy/gridbot.service", *COPIED)


def make_bundle(folder: Path, target: Target, language: str) -> str:
    """The line says what the machine must have. The folder is made anew; one that holds anything is refused."""
    if any(not (ROOT / needed).is_file() for needed in NEEDED):
        raise Unusable(say(language, "bundle_no_clone"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unusable(say(language, "bundle_not_empty", folder=folder))
    try:
        wheels = folder / "wheels"
        wheels.mkdir(parents=True, exist_ok=True)
        fetch_wheels(ROOT, ROOT / "requirements.lock", target, wheels)
        glibc = glibc_needed(wheel.name for wheel in wheels.iterdir())
        _write_rest(folder, target, glibc, language)
    except PipFailed as wrong:
        raise Unusable(say(language, "bundle_no_wheels", why=wrong)) from None
    except OSError as wrong:
        raise Unusable(say(language, "bundle_unwritable", folder=folder, why=wrong.strerror or wrong)) from None
    return say(language, "bundle_done", folder=folder, machine=target.machine, python=target.python, glibc=glibc)


def _write_rest(folder: Path, target: Target, glibc: str, language: str) -> None:
    for name in COPIED:
        shutil.copy(ROOT / name, folder)
    for unit in sorted((ROOT / "deploy").glob("gridbot*.*")):
        shutil.copy(unit, folder)
    values = {"machine": target.machine, "python": target.python, "glibc": glibc}
    (folder / "requirements.txt").write_text(pins_of(folder / "wheels"), encoding="utf-8")
    readme = folder / say(language, "bundle_readme_name")
    readme.write_text(say(language, "bundle_readme", **values), encoding="utf-8")
    installer = _filled((ROOT / "deploy" / "install.sh").read_text(encoding="utf-8"), values, language)
    (folder / "install.sh").write_text(installer, encoding="utf-8", newline="\n")
    (folder / "SHA256SUMS").write_text(_sums(folder), encoding="utf-8", newline="\n")


def _filled(script: str, values: dict[str, str], language: str) -> str:
    """@word@ is a value, @bundle_word@ a sentence."""
    for key in ("bundle_wrong_machine", "bundle_wrong_python", "bundle_broken", "bundle_installed"):
        script = script.replace(f"@{key}@", say(language, key, **values))
    for name, value in values.items():
        script = script.replace(f"@{name}@", value)
    return script


def _sums(folder: Path) -> str:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(folder)}\n" for f in files)
