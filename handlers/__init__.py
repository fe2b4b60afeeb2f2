"""What the bot does, one behaviour a file. This is the list, and the order in which a message meets it."""

from handlers import (
    answering,
    appoint,
    asked,
    bulletin,
    chosen,
    confirm,
    deadline,
    decide,
    directory,
    explaining,
    exposed,
    forget,
    households,
    lookup,
    meeting,
    merging,
    mydata,
    overdue,
    planning,
    private_intake,
    private_talk,
    proposals,
    raising,
    recusal,
    register,
    resolve,
    retention,
    setup,
    splitting,
    talk_change,
    todo,
)
from handlers.commands import Command, ForAnother, read_command
from handlers.duty import leave, shifts, steps
from handlers.edits import is_new_intake
from handlers.granting import deciding, extension, finishing, returning, suspension
from handlers.health import away, telling
from handlers.health import command as health
from handlers.listen import listen
from handlers.passing import choose_way, joint, transfer, up
from handlers.planner import command as rehearsing
from handlers.proxy import command as proxy
from handlers.proxy import dialogue, told
from handlers.router import joined
from handlers.sides import call as sides
from handlers.turn import Refusal, Turn
from models.chats import mark_heard
from models.heard import hear
from models.messages import Incoming, Press

ROUTER = joined(
    module.router
    for module in (
        register,
        proxy,
        dialogue,
        told,
        households,
        chosen,
        resolve,
        proposals,
        answering,
        confirm,
        decide,
        recusal,
        deciding,
        extension,
        suspension,
        returning,
        finishing,
        merging,
        splitting,
        asked,
        lookup,
        todo,
        explaining,
        deadline,
        directory,
        steps,
        overdue,
        planning,
        meeting,
        talk_change,
        bulletin,
        raising,
        up,
        transfer,
        joint,
        choose_way,
        setup,
        appoint,
        shifts,
        leave,
        private_intake,
        private_talk,
        sides,
        rehearsing,
        retention,
        mydata,
        forget,
        health,
        away,
        telling,
    )
)
WORDS = ROUTER.vocabulary()
ANYWHERE = frozenset({"setup", "id", "help", "start"})  # what a group without a unit may ask


def handle(turn: Turn) -> None:
    """Deal with one message or press. A Refusal is for the caller to show; any other exception is our fault."""
    if isinstance(turn.event, Press):
        press(turn, turn.event)
        return
    if turn.event.sender.kind in ("bot", "system"):
        return
    try:
        turn.command = read_command(turn.event.text, WORDS, turn.reader.me)
    except ForAnother:
        return
    exposed.warn(turn)
    if turn.event.edited and not is_new_intake(turn):
        return
    if not turn.chat.private:
        said_at = turn.said_at if turn.late else None
        hear(turn.session, turn.chat, turn.event, turn.now, command=turn.command is not None, said_at=said_at)
        mark_heard(turn.session, turn.chat, turn.now)
    if turn.command is not None:
        run(turn, turn.command)
    elif deciding.answered_in_words(turn):
        return
    elif turn.chat.private:
        private_talk.private_words(turn)
    elif turn.chat.unit is not None and (turn.chat.kind != "staff" or turn.replied()):
        listen(turn)


def run(turn: Turn, command: Command) -> None:
    """One command. In a group of no unit there is nothing to command but its setup."""
    assert isinstance(turn.event, Incoming)
    if turn.chat.unit is None and not turn.chat.private and command.name not in ANYWHERE:
        raise Refusal("unbound")
    if turn.event.sender.kind != "user":
        raise Refusal("anonymous")
    if turn.chat.private and command.name != "start":
        private_talk.mark_started(turn)
    turn.outcome.became("command")
    ROUTER.commands[command.name](turn)


def press(turn: Turn, event: Press) -> None:
    """A button: `done:12`, `void:12:dup`. What does not read like ours is an old one."""
    name, _, rest = event.action.partition(":")
    number, _, detail = rest.partition(":")
    if name not in ROUTER.presses or not (number.isascii() and number.isdecimal()) or len(number) > 9:
        raise Refusal("stale_button")
    if event.sender.kind != "user":
        raise Refusal("anonymous")
    turn.command = Command(name, int(number), detail)
    turn.outcome.became("command")
    ROUTER.presses[name](turn)
