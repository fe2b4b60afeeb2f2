"""Whatever is written, the judge answers, and always the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.judge import Judge
from bot.reading.privacy import mask
from models.messages import CATEGORIES, Speaker

JUDGE = Judge.load()
WORDS = [
    "水管",
    "漏",
    "3号楼",
    "没人管",
    "收到",
    "电梯",
    "困",
    "垃圾",
    "通知",
    "【",
    "】",
    "3-2-501",
    "谢谢",
    "@",
    "[",
    "]",
]
ANY_TEXT = st.text(alphabet=st.characters(), max_size=200)
GROUP_TEXT = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=12).map("".join)
SPEAKERS = st.builds(Speaker, role=st.sampled_from(["resident", "member", "staff"]), photo=st.booleans())
quick = settings(max_examples=150, deadline=None)


@quick
@given(st.one_of(ANY_TEXT, GROUP_TEXT), SPEAKERS)
def test_no_text_raises_and_every_verdict_is_whole(text, speaker):
    verdict = JUDGE.read(text, speaker)
    assert (verdict.category in CATEGORIES) == (verdict.decision != "ignore")
    assert verdict.place is None or verdict.place.text in text
    assert len(verdict.thing) <= 12


@quick
@given(st.one_of(ANY_TEXT, GROUP_TEXT))
def test_the_same_text_gives_the_same_verdict(text):
    assert JUDGE.read(text) == JUDGE.read(text)


@quick
@given(GROUP_TEXT, st.sampled_from([" ", "\t", "\u3000", "😂", "🙏", "\u200b"]), st.integers(0, 40))
def test_blanks_and_emoji_change_nothing(text, noise, at):
    noisy = text[:at] + noise + text[at:]
    if "[" in text or "@" in text:
        return
    before, after = JUDGE.read(text), JUDGE.read(noisy)
    assert (before.decision, before.category, before.score) == (after.decision, after.category, after.score)


def test_surrogates_nul_and_walls_of_text_are_read():
    for text in (
        "\ud800水管漏了",
        "\0" * 50,
        "漏" * 4096,
        "水管漏了，没人管。" * 450,
        "\u202e着火了",
        "<b>垃圾</b> & '; DROP TABLE",
    ):
        assert JUDGE.read(text).rules_version == JUDGE.rules_version


@quick
@given(ANY_TEXT)
def test_masking_never_raises_and_repeats_safely(text):
    assert mask(mask(text)) == mask(text)
