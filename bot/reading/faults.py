"""What is wrong with a rule file, said so that its author can mend it."""

from pathlib import Path

from bot.sentences import say


class RuleFault(Exception):
    """A rule file cannot be used. `kind` is the key of its sentences: rule_<kind> and rule_<kind>_cure."""

    def __init__(self, file: Path | str, rule: str, kind: str, **values: object) -> None:
        super().__init__(str(file), rule, kind)
        self.file, self.rule, self.kind, self.values = str(file), rule, kind, values

    def __str__(self) -> str:
        return self.worded("en")

    def worded(self, language: str) -> str:
        """File, rule, fault and cure on one line."""
        fault, cure = self.parted(language)
        return f"{fault}{'' if fault.endswith('。') else ' '}{cure}"

    def parted(self, language: str) -> tuple[str, str]:
        """(what is wrong and where, what to do about it)."""
        where = say(language, "rule_at", file=self.file, rule=self.rule) if self.rule else self.file
        values = {key: self._value(language, value) for key, value in self.values.items()}
        fault, cure = (say(language, f"rule_{self.kind}{part}", **values) for part in ("", "_cure"))
        return f"{where}: {fault}", cure

    def _value(self, language: str, value: object) -> object:
        """What a key wants is a sentence of its own."""
        return say(language, value.key, known=value.known) if isinstance(value, Wanted) else value


class Wanted:
    """What may stand behind a key of a rule, as the key of a sentence; `known` lists the words that are allowed."""

    def __init__(self, key: str, known: str = "") -> None:
        self.key, self.known = f"rule_wants_{key}", known
