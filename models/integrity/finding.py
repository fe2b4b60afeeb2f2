"""One thing that cannot be so."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """`kind`: what is wrong, in one word; `values`: numbers, tables, units and states that name it, nobody's words."""

    kind: str
    values: dict[str, object] = field(default_factory=dict)


def found(kind: str, **values: object) -> Finding:
    return Finding(kind, values)
