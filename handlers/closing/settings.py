"""How long we wait for an answer to the closing line. Both figures are ours (R34)."""

from handlers.limits.settings import Written
from handlers.limits.terms import Term
from handlers.section import Section


class Closing(Section):
    """Counted from 办结 in working time; whoever answers later is heard all the same."""

    remind_after: Written = Term(days=2)  # one reminder to who has not answered
    silent_after: Written = Term(days=5)  # then it ends as 沉默
