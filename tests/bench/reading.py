"""How long reading takes, against plain jieba.lcut of the same texts in the same run, with and without the fast engine.

python tests/bench/reading.py [--json] [--engine fast|pure] [--rounds N] [FILE…]      (JSON Lines with `text`)

Without files the lines of tests/reading are read: enough to see that everything runs, too few to judge by.
`once` is the first pass over texts that were never read before; `best` the least disturbed of several rounds. The limit
is 0.4 of jieba.lcut on the fast engine (aim 0.2) and 1.0 on the pure-Python one (aim 0.7); ready in 0.3 s on the fast.
"""

import argparse
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

LIMIT, AIM = {"fast": 0.4, "pure": 1.0}, {"fast": 0.2, "pure": 0.7}
COMPILED = ("rjieba", "ahocorasick_rs")
OWN_LINES = [ROOT / "tests" / "reading" / name for name in ("own_lines.txt", "plain_lines.txt")]


def texts_of(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    if file.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in lines]
    return [line.partition(" ")[2] for line in lines if line and not line.startswith("#")]


def passes(work: Callable[[str], object], texts: Sequence[str], rounds: int) -> list[float]:
    """Microseconds a text, round by round."""
    told = []
    for _ in range(rounds):
        started = time.process_time()
        for text in texts:
            work(text)
        told.append((time.process_time() - started) / len(texts) * 1e6)
    return told


def measure(engine: str, files: Sequence[Path], rounds: int) -> dict[str, Any]:
    """One engine, in this process: its compiled parts must not have been imported before."""
    if engine == "pure":
        sys.modules.update(dict.fromkeys(COMPILED))  # as if their wheels were not installed
    started = time.process_time()
    from bot.reading.judge import Judge

    judge = Judge.load()
    judge.read("3号楼电梯又坏了，没人管")
    ready = time.process_time() - started
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    rows = [row(file, judge.read, jieba.lcut, rounds) for file in files]
    return {"engine": engine, "ready": round(ready, 3), "files": rows}


def row(file: Path, read: Callable[[str], object], lcut: Callable[[str], object], rounds: int) -> dict[str, Any]:
    """Ours first: what jieba touches of the texts is then warm for it, not for us."""
    texts = texts_of(file)
    ours, plain = passes(read, texts, rounds), passes(lcut, texts, rounds)
    return {
        "file": file.name,
        "texts": len(texts),
        "jieba": round(min(plain), 1),
        "ours": round(min(ours), 1),
        "best": round(min(ours) / min(plain), 3),
        "once": round(ours[0] / plain[0], 3),
    }


def in_own_process(engine: str, asked: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, __file__, "--json", "--engine", engine, "--rounds", str(asked.rounds), *asked.files]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True, cwd=ROOT)
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told[0]


def table(told: Sequence[dict[str, Any]]) -> str:
    lines = []
    for engine in told:
        name = engine["engine"]
        lines.append(f"{name}: ready in {engine['ready']:.2f} s; limit {LIMIT[name]}, aim {AIM[name]}")
        lines.append(f"  {'file':32}{'texts':>7}{'jieba µs':>10}{'ours µs':>10}{'best':>7}{'once':>7}")
        for row in engine["files"]:
            measured = f"{row['jieba']:>10}{row['ours']:>10}{row['best']:>7.2f}{row['once']:>7.2f}"
            lines.append(f"  {row['file']:32}{row['texts']:>7}{measured}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "files", type=Path, nargs="*", default=[ROOT / "tests" / "reading" / name for name in OWN_LINES]
    )
    parser.add_argument("--engine", choices=("fast", "pure"), help="only this one, in this process")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    asked.files = [file.resolve() for file in asked.files]
    if asked.engine:
        told = [measure(asked.engine, asked.files, asked.rounds)]
    else:
        told = [in_own_process(engine, asked) for engine in ("fast", "pure")]
    print(json.dumps(told, ensure_ascii=False) if asked.json else table(told))  # noqa: T201


if __name__ == "__main__":
    main()
