"""How long reading takes, against plain jieba.lcut of the same texts in the same run.

python tests/bench/reading.py [--slow] FILE…     (JSON Lines with `text`; --slow: as if rjieba were not installed)
Aim: at most 0.2 of jieba.lcut (0.4 is the limit) with rjieba, 0.7 (1.0) without; ready in 0.3 s with rjieba.
"""

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import jieba

ROUNDS = 5


def fastest(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Microseconds a text, the best of several rounds: the least disturbed one."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - started)
    return best / len(texts) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--slow", action="store_true")
    asked = parser.parse_args()
    if asked.slow:
        sys.modules["rjieba"] = None  # type: ignore[assignment]
    started = time.process_time()
    from bot.reading.judge import Judge
    from bot.reading.words import engine

    judge = Judge.load()
    judge.read("3号楼电梯又坏了，没人管")
    ready = time.process_time() - started
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    print(f"engine {engine()[0]}, ready in {ready:.2f} s")  # noqa: T201
    for file in asked.files:
        texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
        plain, ours = fastest(jieba.lcut, texts), fastest(judge.read, texts)
        told = f"jieba.lcut {plain:.0f} µs, read {ours:.0f} µs, ratio {ours / plain:.2f}"
        print(f"{file.name}: {len(texts)} texts, {told}")  # noqa: T201


if __name__ == "__main__":
    main()
