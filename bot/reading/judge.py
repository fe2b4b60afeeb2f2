"""From one line of group chat to a verdict: is it an issue, which class, where, how urgent - and why."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.reading.findings import Bars, Finding, class_scores, conclude, is_private, separate, wish_of
from bot.reading.library import Library, open_library
from bot.reading.rules import Rule
from bot.reading.several import Several
from bot.reading.sight import Eye, Sight, everything
from bot.reading.things import clip
from models.messages import Place, Speaker, Verdict

RESIDENT = Speaker()
PHOTO = 0.1  # what a photo beside the words adds to the score
LONG_ENOUGH_FOR_TWO = 16  # characters of a message that may tell of two problems


class Judge:
    """Immutable after loading: any number of threads may ask. A line opens from `open_at` and asks from `ask_at`."""

    def __init__(self, library: Library, open_at: float = 1.0, ask_at: float = 0.5) -> None:
        self._library, self._eye = library, Eye(library)
        self._clean, self._hear = library.normaliser.clean, library.ear.hear
        self._nothing = vars(Verdict("ignore", rules_version=library.version)).copy()
        self._open_at, self._ask_at, self._things = open_at, ask_at, Several.load()

    @classmethod
    def load(cls, rules_file: Path | None = None, *, open_at: float = 1.0, ask_at: float = 0.5) -> "Judge":
        """The shipped rules, and a deployment's own file above them. RuleFault names file, rule, fault and cure."""
        return cls(open_library(rules_file), open_at, ask_at)

    @property
    def library(self) -> Library:
        """The rules and tables, for those who read beside the judge."""
        return self._library

    @property
    def rules_version(self) -> str:
        return self._library.version

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self._library.rules

    def read(
        self,
        text: str,
        speaker: Speaker = RESIDENT,
        *,
        open_at: float | None = None,
        ask_at: float | None = None,
        landmarks: Sequence[str] = (),
    ) -> Verdict:
        """The verdict on one message. Never raises; the same arguments always give the same answer."""
        bars = self._open_at if open_at is None else open_at, self._ask_at if ask_at is None else ask_at
        found = self._find(text, speaker, bars)
        if found.decision == "ignore" or not (several := self._several(found, speaker, bars)):
            return self._tell(found, landmarks)
        first, *more = [self._tell_part(problem, whole, landmarks) for problem, whole in several]
        return replace(first, also=tuple(more))

    def _several(self, found: Finding, speaker: Speaker, bars: Bars) -> list[tuple[Finding, str]]:
        """What would open tickets by themselves, danger first, each with the sentence that may name its place: clauses
        about things of their own, else sentences, one a class; nothing if less than two.
        """
        told = self._clauses(found.text, speaker, bars)
        if not told and found.decision == "open":
            told = self._sentences(found.text, speaker, bars)
        return sorted(told, key=lambda part: part[0].emergency is None)

    def _clauses(self, text: str, speaker: Speaker, bars: Bars) -> list[tuple[Finding, str]]:
        parts = self._things.parts(text)
        found = [self._part(part, speaker, bars) for part in parts] if len(parts) > 1 else []
        opened = [(problem, text) for problem in found if problem.decision == "open"]
        return opened if len(opened) > 1 else []

    def _part(self, clauses: list[str], speaker: Speaker, bars: Bars) -> Finding:
        """What the clause that names the thing says, if that is enough; what is added to it must not weaken it."""
        head, whole = self._find(clauses[0], speaker, bars), "，".join(clauses)
        return head._replace(text=whole) if head.decision == "open" else self._find(whole, speaker, bars)

    def _sentences(self, text: str, speaker: Speaker, bars: Bars) -> list[tuple[Finding, str]]:
        told: dict[str | None, Finding] = {}
        sentences = separate(text) if len(text) >= LONG_ENOUGH_FOR_TWO else []
        for after, sentence in zip(reversed(range(len(sentences))), sentences, strict=True):
            if not told and not after:
                return []  # one that remains makes no two
            found = self._find(sentence, speaker, bars)
            if found.decision == "open":
                told.setdefault(found.category, found)
        return [(problem, problem.text) for problem in told.values()] if len(told) > 1 else []

    def _find(self, text: str, speaker: Speaker, bars: Bars) -> Finding:
        """The decision and what it rests on; words for people are made later, and for few lines."""
        glance = self._eye.glance(self._clean(text))
        speech = self._hear(glance.clean, glance.words)
        asked = self._eye.asked(glance, bars[1] - PHOTO) if glance.clean and speaker.role == "resident" else None
        if asked is None:
            # what staff write is a notice, they open by command; else no rule is asked, for none could change anything
            score, wish = round(glance.words_alone, 3), self._eye.wish(glance) if speaker.role == "resident" else ""
            return Finding(text, speech, "ignore", score if glance.clean else 0.0, wish=wish)
        sight = self._eye.look(glance, asked)
        score = round(min(sight.total + PHOTO * speaker.photo, sight.limit), 3)
        if score < bars[1]:
            return Finding(text, speech, "ignore", score, wish=wish_of(sight))
        decision, category, emergency = conclude(score, sight, self._eye.kinds(sight), bars)
        return Finding(text, speech, decision, score, category, emergency, sight, wish_of(sight, category))

    def _tell_part(self, found: Finding, whole: str, landmarks: Sequence[str]) -> Verdict:
        """One problem of several: the place that is named once is the place of all, unless it has a door of its own."""
        verdict = self._tell(found, landmarks)
        own = verdict.place
        if whole != found.text and (own is None or not any(c.isdigit() for c in own.key)):
            own = self.place(whole, landmarks) or own
        return replace(verdict, place=own, part=found.text)

    def _tell(self, found: Finding, landmarks: Sequence[str]) -> Verdict:
        """Where, what and why: for a line that matters, or that speaks of a matter already known."""
        sight, speech = found.sight, found.speech
        if not (sight or speech or found.wish):
            return self._verdict(score=found.score)
        place = self.place(found.text, landmarks) if sight or speech else None
        return self._verdict(
            decision=found.decision,
            score=found.score,
            category=found.category,
            thing=self._thing(found, sight, place) if sight else "",
            emergency=found.emergency,
            place=place,
            speech=speech and speech[0],
            because=self._eye.reasons(sight) if sight else (),
            wish=found.wish,
            private=sight is not None and is_private(sight),
        )

    def _verdict(self, **said: object) -> Verdict:
        """A frozen dataclass sets each field through a call, a twentieth of all that most lines cost."""
        verdict = object.__new__(Verdict)
        verdict.__dict__.update(self._nothing, **said)
        return verdict

    def place(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        """The place that a text names, if any."""
        return self._library.places.find(text, landmarks)

    def look(self, text: str) -> Sight:
        """Everything that rules and weights know of a text, however plain it is."""
        glance = self._eye.glance(self._clean(text))
        return everything(self._eye.look(glance, self._eye.asked(glance) or ()))

    def class_scores(self, sight: Sight) -> list[float]:
        """What each class has behind it, in the order of R16."""
        return class_scores(sight, self._eye.kinds(sight)[1:])

    def _thing(self, found: Finding, sight: Sight, place: Place | None) -> str:
        """A rule of the same class names it; else the person's own words do. A name of another class would mislead."""
        named = [rule for rule, _ in sight.met if rule.thing and rule.category == found.category]
        if named:
            return max(named, key=lambda rule: rule.strength).thing
        telling = [word for rule, words in sight.met if rule.category in (found.category, None) for word in words]
        return clip(found.text, place.text if place else "", telling)
