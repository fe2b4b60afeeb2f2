"""Walks through labelled conversations as the bot would: tickets open, lines join them, and everything is counted."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.classify import speaker_of
from bot.reading.threads import Threads
from models.messages import Verdict
from models.talk import Candidate, Pick, Utterance

Row = dict[str, Any]
ROLE_OF = {"@": "resident", "r": "resident", "o": "resident", "s": "staff", "n": "resident", "m": "staff"}
SPAN = 1.0  # minutes between two lines: the data has no times
REMEMBERED = 10  # lines of which the bot still knows who spoke


@dataclass
class Open:
    """A ticket of the walk; `source` is the id of the line that opened it."""

    number: int
    source: str
    category: str | None
    place_key: str
    texts: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    senders: list[str] = field(default_factory=list)
    last: int = 0

    def hears(self, row: Row, at: int) -> None:
        self.texts.append(row["text"])
        self.ids.add(row["id"])
        self.senders.append(row["sender"])
        self.last = at

    def seen_from(self, row: Row, at: int) -> Candidate:
        return Candidate(
            number=self.number,
            texts=tuple(self.texts),
            category=self.category,
            place_key=self.place_key,
            minutes=(at - self.last) * SPAN,
            lines=at - self.last - 1,
            same_person=row["sender"] in self.senders,
            last_speaker=row["sender"] == self.senders[-1],
            pointed=row.get("reply_to") in self.ids,
        )


@dataclass(frozen=True)
class Step:
    """One line, and what stood open when it was said. `right`: the number of the ticket that it is about, if open."""

    row: Row
    said: Utterance
    candidates: tuple[Candidate, ...]
    right: int | None


Verdicts = Callable[[Row], Verdict]
Decide = Callable[[Step], int | str | None]


def conversations(files: Iterable[Path]) -> list[list[Row]]:
    """The lines of each conversation, in order."""
    grouped: dict[str, list[Row]] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            grouped.setdefault(row["conv"], []).append(row)
    return list(grouped.values())


def own_talk(file: Path) -> list[list[Row]]:
    """Our own made-up talk as labelled rows; each matter begins a conversation."""
    talks: list[list[Row]] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        mark, _, text = line.partition(" ")
        if mark == "@":
            talks.append([])
        if mark in ROLE_OF:
            label = "issue" if mark == "@" else "followup" if mark in "ros" else "none"
            sender = "reporter" if mark in "@o" else mark if mark in "sm" else str(number)
            row = {"id": f"own{number}", "conv": f"own{len(talks)}", "sender": sender, "role": ROLE_OF[mark]}
            first = talks[-1][0]["id"] if talks[-1] else None
            talks[-1].append({**row, "text": text, "label": label, "category": None, "ref": first})
    return talks


def said_of(rows: Sequence[Row], at: int, verdict: Verdict, chatter: set[str]) -> Utterance:
    row, earlier = rows[at], rows[max(0, at - REMEMBERED) : at]
    own = [line for line in earlier if line["sender"] == row["sender"]]
    return Utterance(
        text=row["text"],
        verdict=verdict,
        role=speaker_of(row["role"]).role,
        photo=any(mark in row["text"] for mark in ("[图片]", "[视频]")),
        replies=bool(row.get("reply_to")),
        after_own_chatter=bool(own) and own[-1] is earlier[-1] and own[-1]["id"] in chatter,
        after_staff=bool(earlier) and speaker_of(earlier[-1]["role"]).role != "resident",
        chatters=bool(own) and own[-1]["id"] in chatter,
    )


def walk(rows: Sequence[Row], verdict_of: Verdicts, decide: Decide) -> Iterator[tuple[Step, int | str | None]]:
    """Every line with what was decided: a ticket's number, "new", or None."""
    tickets: dict[int, Open] = {}
    chatter: set[str] = set()
    for at, row in enumerate(rows):
        verdict = verdict_of(row)
        right = next((t.number for t in tickets.values() if t.source == row.get("ref")), None)
        candidates = tuple(ticket.seen_from(row, at) for ticket in tickets.values())
        step = Step(row, said_of(rows, at, verdict, chatter), candidates, right if row["label"] == "followup" else None)
        decided = decide(step)
        if decided == "new":
            place = verdict.place.key if verdict.place else ""
            tickets[at + 1] = Open(at + 1, row["id"], verdict.category or row["category"], place)
            tickets[at + 1].hears(row, at)
        elif isinstance(decided, int):
            tickets[decided].hears(row, at)
        else:
            chatter.add(row["id"])
        yield step, decided


def as_labelled(step: Step) -> int | str | None:
    """What the labels say."""
    return "new" if step.row["label"] == "issue" else step.right


def as_picked(threads: Threads, seen: Callable[[Step, Pick], None] = lambda step, pick: None) -> Decide:
    """What the bot would do."""

    def decide(step: Step) -> int | str | None:
        pick = threads.pick(step.said, step.candidates)
        seen(step, pick)
        return pick.number or ("new" if step.said.verdict.decision == "open" and not pick.rival else None)

    return decide


def count(walked: Iterable[tuple[Step, int | str | None]]) -> dict[str, int]:
    """The tally behind the figures of joining."""
    told: dict[str, int] = {}
    for step, decided in walked:
        label = step.row["label"]
        told[label] = told.get(label, 0) + 1
        kind = "opened" if decided == "new" else "ignored" if decided is None else "joined"
        if kind == "joined" and label == "followup":
            kind = "right" if decided == step.right else "wrong"
        told[f"{label} {kind}"] = told.get(f"{label} {kind}", 0) + 1
        if label == "followup" and step.right is None:
            told["followup without ticket"] = told.get("followup without ticket", 0) + 1
    return told


def shares(told: Mapping[str, int]) -> str:
    """joined right, wrong and opened, of the follow-ups; joined of none; swallowed of the issues."""

    def share(part: str, whole: str) -> str:
        return f"{part} {told.get(part, 0)}/{told.get(whole, 0)} = {told.get(part, 0) / max(told.get(whole, 0), 1):.3f}"

    pairs = [("followup right", "followup"), ("followup wrong", "followup"), ("followup opened", "followup")]
    pairs += [("followup without ticket", "followup"), ("none joined", "none"), ("none opened", "none")]
    return "; ".join(share(*pair) for pair in [*pairs, ("issue joined", "issue")])
