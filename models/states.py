"""The ticket's law: its states, and every move between them. What is not in this table cannot happen."""

OPEN_STATES = ("open", "taken", "suspended")
SETTLED_STATES = ("settled", "confirmed")

_IN_HAND = {
    "settle": "settled",  # 办结: the member says so
    "suspend": "suspended",  # 挂账: granted by the level above, with a reason and a cap; the clock stands still
    "return": "open",  # 退回: granted by the level above, who has it from then on
    "transfer": "open",  # 转派
    "escalated": "open",  # a limit was missed: the level above has it
    "raised": "open",  # 上报
    "withdrawn": "open",  # 回避: it is about somebody who has it or could
    "void": "void",
    "lapse": "silent",  # its reporter asked to be forgotten
    "merged": "merged",  # it goes on as part of another ticket
    "finish": "final",  # 依法终结 (R36), after review by somebody who never handled it
}

MOVES: dict[str, dict[str, str]] = {
    "open": {"take": "taken", **_IN_HAND},
    "taken": {**_IN_HAND},
    "suspended": {
        "resume": "taken",
        "settle": "settled",
        "void": "void",
        "lapse": "silent",
        "merged": "merged",
        "finish": "final",
    },
    "settled": {"confirm": "confirmed", "silence": "silent", "reopen": "open", "finish": "final"},
    "confirmed": {"reopen": "open", "finish": "final"},
    "silent": {"reopen": "open", "finish": "final"},
    "void": {"reopen": "open"},
    "merged": {"part": "open"},
    "final": {},
}
"""state -> move -> new state. 办结 (settled: the member says so) is not 确认 (confirmed: the resident does) is not
沉默 (silent: nobody answered within the term)."""

VOICED = frozenset(
    {
        "opened",
        "escalated",
        "raised",
        "extended",
        "suspend",
        "return",
        "settle",
        "void",
        "reopen",
        "finish",
        "merged",
        "part",
    }
)
"""Steps of which a reporter without an account must be told by voice (R18)."""

SPEAKS = ("added", "edited", "joined", "chased", "agreed", "side", "side_off", "named", "unnamed")
"""Rows of the history whose `data` says who spoke to whom, and no figure reads it: erased with the words."""
