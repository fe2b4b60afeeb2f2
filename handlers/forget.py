"""A person asks to be forgotten: name, words and files go; the figures stay."""

from handlers.asking import withdraw
from handlers.cards import refresh_card
from handlers.desk import Envelope
from handlers.router import Router
from handlers.turn import Refusal, Turn
from models.posts import Button
from models.privacy import erase

router = Router()


@router.command("forget", "删除我的信息")
def forget(turn: Turn) -> None:
    """Ask once more, in private or in the group; the button does it."""
    turn.outcome.became("command")
    if turn.known is None:  # at most a line that somebody is asked about
        if not withdraw(turn):
            raise Refusal("forgotten_nothing")
        turn.say("forgotten", count=0)
        return
    if turn.known.held():
        raise Refusal("forget_held")
    sure = Button(turn.texts.line("button_forget"), f"forget:{turn.known.id}")
    turn.say("forget_confirm", Envelope(buttons=((sure,),)))


@router.press("forget")
def forget_now(turn: Turn) -> None:
    """Only the person themself can press."""
    person = turn.known
    if person is None or turn.command is None or turn.command.number != person.id:
        raise Refusal("reporter_only")
    if person.held():
        raise Refusal("forget_held")
    withdraw(turn)
    name, text = turn.texts.line("forgotten_name"), turn.texts.line("forgotten_text")
    tickets = erase(turn.session, person, turn.now, name, text)
    ended = [t for t in tickets if t.is_open]
    for ticket in ended:
        ticket.move("lapse", by=None, at=turn.now)
        ticket.next_at = None
    for ticket in tickets:
        refresh_card(turn, ticket)
    turn.say("forgotten", count=len(ended))
