"""By hand: the way in which a matter is handled (办法, R15)."""

from handlers.lookup import visible_ticket
from handlers.passing.ways import ways
from handlers.resolve import refuse_merged
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import listed

router = Router()


@router.command("way", "办法")
def choose_way(turn: Turn) -> None:
    """办法12 社区协调. What nobody chose is told by the ticket itself when it is settled."""
    turn.ticket("way", "example_way")
    ticket = visible_ticket(turn, "example_way")
    refuse_merged(ticket)
    way = _chosen(turn)
    ticket.record("way", by=turn.sender, at=turn.now, before=ticket.way, after=way)
    ticket.way = way
    turn.outcome.became("command", ticket)
    turn.say("way_done", number=ticket.number, way=ways(turn)[way])


def _chosen(turn: Turn) -> str:
    """The way meant by its word, or by the beginning of it."""
    wanted, known = turn.args.strip().lower(), ways(turn)
    found = [way for way, word in known.items() if wanted and word.lower().startswith(wanted)]
    found = [way for way in found if known[way].lower() == wanted] or found
    if len(found) != 1:
        raise Refusal("way_unknown", known=listed(turn, known.values()))
    return found[0]
