"""The compiled parts only make it faster: whatever is written, the plain ones find the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.judge import Judge
from bot.reading.lexicon import fast_finder, plain_finder
from bot.reading.library import open_library
from bot.reading.sight import is_piece
from bot.reading.words import Boundaries, slow_engine

pytest.importorskip("ahocorasick_rs")
pytest.importorskip("rjieba")
HERE = Path(__file__).parent
LIBRARY = open_library()
WORDS = sorted(LIBRARY.ear.words.union(*(rule.words() for rule in LIBRARY.rules)))
LEARNED = sorted(filter(is_piece, set().union(*(table.weight for table in LIBRARY.tables))))
FAST, PLAIN = fast_finder(WORDS, LEARNED), plain_finder(WORDS, LEARNED)

snippets = st.one_of(st.sampled_from(WORDS), st.sampled_from(LEARNED), st.text(max_size=3))
texts = st.lists(snippets, max_size=25).map("".join).map(LIBRARY.normaliser.clean)
often = settings(max_examples=300, deadline=None)


@often
@given(texts)
def test_both_ways_find_the_same_words_and_pieces(text):
    assert FAST(text) == PLAIN(text)


@often
@given(texts)
def test_asking_the_dictionary_before_cutting_hides_no_word(text):
    edges, knows = Boundaries(text, frozenset()), slow_engine().knows

    def forbidden(asked):
        return [any(map(edges._forbids, edges._near(middle, asked))) for middle in range(1, len(text))]

    assert forbidden(knows) == forbidden(lambda word: True)


PURE = """
import json, sys
sys.modules.update(dict.fromkeys(("rjieba", "ahocorasick_rs")))
from bot.reading.judge import Judge
judge = Judge.load()
print(json.dumps([repr(judge.read(text)) for text in json.load(sys.stdin)]))
"""


def run(*command, given=""):
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=HERE.parents[1])
    return json.loads(done.stdout)


def test_without_anything_compiled_our_own_lines_get_the_same_verdicts():
    rows = (HERE / "own_lines.txt").read_text(encoding="utf-8").splitlines()
    lines = [row.partition(" ")[2] for row in rows if not row.startswith("#")]
    judge = Judge.load()
    assert run(sys.executable, "-c", PURE, given=json.dumps(lines)) == [repr(judge.read(line)) for line in lines]


def test_the_benchmark_prints_both_engines_and_every_ratio(tmp_path):
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"text": "3号楼电梯又坏了，没人管"}\n', encoding="utf-8")
    bench = HERE.parent / "bench" / "reading.py"
    both = run(sys.executable, str(bench), "--rounds", "1", "--json", str(lines))
    told = {one["engine"]: one["files"] for one in both}
    assert set(told) == {"fast", "pure"}
    assert all(row["best"] > 0 and row["once"] > 0 for rows in told.values() for row in rows)
