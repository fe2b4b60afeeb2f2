"""A short name of the matter for the card, cut from the person's own words."""

import re
from collections.abc import Sequence

LONGEST = 12
_SPLIT = re.compile(r"[，,。.！!？?；;…~～\n\r\t 、：:（）()\"“”]+")
_NOISE = re.compile(r"@\S+\s?|\[[^\[\]]{1,8}\]|https?://\S+|[^\w\u4e00-\u9fff]+")
_START = re.compile(
    r"^(?:各位|大家|邻居们?|家人们?|你好|您好|请问|问下|问一下|麻烦|求助|书记|主任|网格员|物业|师傅|领导|我想|反映|一下|那个|就是|啊|哎|唉|哪个|谁|有没有人|有人|帮忙|怎么|咋|为什么|能不能|今天|昨天|昨晚|刚才|早上|晚上|现在|又|的|了)+"
)
_END = re.compile(r"(?:了|啊|呀|吧|呢|吗|嘛|哦|的|都|就|是|在|把|被|又|也|和|跟|那|这|有)+$")


def clip(text: str, place: str, telling: Sequence[str] = ()) -> str:
    """At most twelve characters: the clause that holds the telling words, without place, greeting and address."""
    rest = text.replace(place, "", 1) if place else text
    clauses = [_tidy(clause) for clause in _SPLIT.split(rest)]
    clauses = [clause for clause in clauses if len(clause) >= 2] or [_tidy(text)]
    best = max(clauses, key=lambda clause: (sum(map(clause.__contains__, telling)), min(len(clause), LONGEST)))
    return _END.sub("", best[:LONGEST]) or best[:LONGEST]


def _tidy(clause: str) -> str:
    if not clause.isalnum():  # most clauses are nothing but letters and digits: no noise to look for
        clause = _NOISE.sub("", clause)
    greeting = _START.match(clause)
    return clause[greeting.end() :] if greeting else clause
