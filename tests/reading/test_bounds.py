"""A line that could be about no ticket is told so early: what it joins is the same as when every clue is summed."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classify import speaker_of
from bot.reading.judge import Judge
from bot.reading.threads import Threads
from models.talk import Candidate, Utterance
from tests.bench.chat_walk import Step, as_labelled, conversations, walk

OWN = sorted(Path(__file__).parent.glob("own_chats_*.jsonl"))


@pytest.fixture(scope="module")
def threads():
    return Threads.load()


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    judge = Judge.load()
    talks = conversations(OWN)
    return [
        step
        for rows in talks
        for step, _ in walk(rows, lambda r: judge.read(r["text"], speaker_of(r["role"])), as_labelled)
    ]


def same(threads: Threads, said: Utterance, tickets: tuple[Candidate, ...]) -> bool:
    """Whether it joins, which, and which two are asked about: all that a handler goes by."""
    whole, soon = threads.pick(said, tickets), threads.joined(said, tickets)
    return (whole.number, whole.rival) == (soon.number, soon.rival)


def test_every_line_of_our_own_chats_joins_what_it_joined(threads, steps):
    asked = [step for step in steps if step.candidates]
    assert [step.row["id"] for step in asked if not same(threads, step.said, step.candidates)] == []
    assert any(threads.pick(step.said, step.candidates).number for step in asked)
    assert any(threads.joined(step.said, step.candidates).best is None for step in asked), "nothing is told early"


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_so_does_any_line_held_against_the_tickets_of_another_chat(threads, steps, data):
    known = [step for step in steps if step.candidates]
    said, tickets = data.draw(st.sampled_from(known)).said, data.draw(st.sampled_from(known)).candidates
    moved = [
        ticket._replace(
            number=number,
            lines=data.draw(st.integers(0, 30)),
            minutes=data.draw(st.sampled_from([0.0, 5.0, 200.0, 5000.0])),
            same_person=data.draw(st.booleans()),
            last_speaker=data.draw(st.booleans()),
            settled=data.draw(st.booleans()),
        )
        for number, ticket in enumerate(tickets[:4])
    ]
    said = replace(said, replies=data.draw(st.booleans()), role=data.draw(st.sampled_from(["resident", "staff"])))
    assert same(threads, said, tuple(moved))
