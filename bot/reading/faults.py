"""What is wrong with a rule file, said so that its author can mend it."""

from pathlib import Path


class RuleFault(Exception):
    """A rule file cannot be used; the text names file, rule, fault and cure."""

    def __init__(self, file: Path | str, rule: str, fault: str, cure: str) -> None:
        where = f"{file}: rule {rule!r}" if rule else str(file)
        super().__init__(f"{where}: {fault}. {cure}")
        self.file, self.rule, self.fault, self.cure = str(file), rule, fault, cure
