"""A bundle: made from this clone and the package index, installed where there is no network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.asked import Unusable
from bot.bundle import run
from bot.bundle.target import Target, glibc_needed, this_machine
from bot.cli import main

HERE = this_machine()


def test_a_wheel_that_names_several_c_libraries_runs_on_the_oldest() -> None:
    assert glibc_needed(["a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"]) == "2.17"
    assert glibc_needed(["a-1-cp311-cp311-manylinux_2_28_x86_64.manylinux2014_x86_64.whl"]) == "2.17"


def test_the_wheel_that_asks_most_decides() -> None:
    wheels = [
        "a-1-py3-none-any.whl",
        "b-1-cp311-cp311-manylinux2010_x86_64.whl",
        "c-2-cp39-abi3-manylinux_2_27_aarch64.whl",
    ]
    assert glibc_needed(wheels) == "2.27"


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Unusable, match="holds something"):
        run.make_bundle(tmp_path, HERE, "en")
    assert [file.name for file in tmp_path.iterdir()] == ["kept.txt"]


def test_an_unknown_machine_is_a_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["bundle", str(tmp_path / "b"), "--machine", "riscv64"])
    assert ended.value.code == 2
    assert "riscv64" in capsys.readouterr().err


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bundle") / "made"
    try:
        run.make_bundle(folder, HERE, "en")
    except Unusable as wrong:
        if "not made" in str(wrong):
            pytest.skip(f"no package index here: {wrong}")
        raise
    yield folder
    shutil.rmtree(folder)


def without_network(*command: str) -> list[str]:
    """In a network namespace of its own where we may make one."""
    alone = ["unshare", "-rn"]
    try:
        allowed = subprocess.run([*alone, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        allowed = False
    return [*(alone if allowed else []), *command]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bundles are for Linux")
def test_it_installs_and_reads_a_sentence_where_there_is_no_network(bundle: Path, tmp_path: Path) -> None:
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    quiet |= {"PYTHON": sys.executable, "PIP_INDEX_URL": "http://127.0.0.1:9/"}
    there = tmp_path / "there"
    install = without_network("sh", str(bundle / "install.sh"), str(there))
    done = subprocess.run(install, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read = without_network(str(there / "bin" / "gridbot"), "classify")
    told = subprocess.run(
        read, env=quiet, cwd=tmp_path, input="3号楼电梯又坏了\n", capture_output=True, text=True, check=True
    )
    assert '"decision": "open"' in told.stdout


def test_a_bundle_that_lost_a_byte_is_not_installed(bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    with next((copy / "wheels").glob("jieba-*.whl")).open("ab") as wheel:
        wheel.write(b"\0")
    done = subprocess.run(
        ["sh", str(copy / "install.sh"), str(tmp_path / "there")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert not (tmp_path / "there").exists()


def test_it_refuses_a_machine_that_it_was_not_made_for(bundle: Path, tmp_path: Path) -> None:
    script = (bundle / "install.sh").read_text(encoding="utf-8").replace(f'= "{HERE.machine}"', '= "pdp11"')
    (tmp_path / "install.sh").write_text(script, encoding="utf-8")
    done = subprocess.run(["sh", str(tmp_path / "install.sh")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert HERE.machine in done.stderr


def test_wheels_for_another_processor_are_chosen_by_its_name() -> None:
    options = Target("aarch64", "3.12").pip_options
    assert "--platform=manylinux2014_aarch64" in options
    assert "--abi=cp312" in options
