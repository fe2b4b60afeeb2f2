"""Words that would do something, and fit two or three open tickets alike: their speaker is asked which is meant."""

from dataclasses import asdict
from datetime import timedelta

from handlers.desk import Buttons, Envelope
from handlers.kept import kept_line
from handlers.turn import Turn
from handlers.wording import clip, what
from models.chats import Chat, private_chat
from models.choices import Choice, asked_since, forget_choice, remembered_choice
from models.letters import Letter
from models.posts import Button
from models.tickets import Ticket

MOST = 3  # tickets that one question may offer
WAIT = timedelta(hours=1)  # so long the question stands, and so long nobody is asked a second one
IN_A_GROUP = 3  # questions that one group sees in that time
LABEL = 20  # characters of a matter on a button


def chosen_before(turn: Turn, tickets: list[Ticket]) -> Ticket | None:
    """The one of these that the sender chose when they were last asked here."""
    sender = turn.message.sender.id
    before = remembered_choice(turn.session, turn.chat, sender, turn.now) if sender else None
    return before if before in tickets else None


def spoke_of(turn: Turn, tickets: list[Ticket]) -> None:
    """A reply says better than an older answer which matter the sender has in mind."""
    if sender := turn.message.sender.id:
        forget_choice(turn.session, turn.chat, sender, but=tickets)


def ask_which(turn: Turn, tickets: list[Ticket]) -> bool:
    """Ask; False when it must not be asked. Until it is answered nothing happens."""
    chat = _where(turn)
    if turn.now - turn.said_at > WAIT:  # a question about words of hours ago comes too late
        return False
    if not _may_be_asked(turn, tickets, chat):
        return False
    choice = Choice(
        chat=turn.chat,
        sender_id=turn.message.sender.id,
        message={**kept_line(turn), "text": turn.reader.mask(turn.message.text)},
        verdict=asdict(turn.verdict) if turn.verdict.decision == "open" else {},
        tickets=[t.id for t in tickets],
        asked_at=turn.now,
        next_at=turn.now + WAIT,
    )
    turn.session.add(choice)
    turn.session.flush()
    letter = _put(turn, choice, tickets, chat)
    choice.letter_id = letter.id if letter else None
    turn.outcome.became("which")
    return True


def _where(turn: Turn) -> Chat:
    """Privately where the sender can be written to, else here."""
    known = turn.known
    private = private_chat(turn.session, known, turn.chat.channel, turn.chat.account) if known else None
    return private if private is not None and private.present else turn.chat


def _may_be_asked(turn: Turn, tickets: list[Ticket], chat: Chat) -> bool:
    """A group sees few questions and never a private matter; who is on duty answers by number or reply."""
    hidden = any(t.private for t in tickets) and not chat.private
    sender = turn.message.sender.id
    if not 1 < len(tickets) <= MOST or hidden or sender is None or turn.speaker().role != "resident":
        return False
    since = turn.now - WAIT
    if asked_since(turn.session, turn.chat, since, sender):
        return False
    return chat.private or asked_since(turn.session, turn.chat, since) < IN_A_GROUP


def _put(turn: Turn, choice: Choice, tickets: list[Ticket], chat: Chat) -> Letter | None:
    how = Envelope(buttons=_buttons(turn, choice, tickets), silent=True, expires_at=choice.next_at)
    if chat.private:
        return turn.write(chat, turn.texts.segments("which_private", text=clip(choice.message["text"])), how)
    return turn.say("which", how.but(reply_to=turn.message.message_id))


def _buttons(turn: Turn, choice: Choice, tickets: list[Ticket]) -> Buttons:
    """One ticket a row, the oldest first."""
    line = turn.texts.line
    rows = [(_label(turn, t), t.number) for t in sorted(tickets, key=lambda t: t.number)]
    rows.append((line("button_which_none"), 0))
    return tuple((Button(label, f"which:{choice.id}:{number}"),) for label, number in rows)


def _label(turn: Turn, ticket: Ticket) -> str:
    named = clip(what(turn, ticket, openly=False), LABEL)
    return turn.texts.line("which_one", what=named, number=ticket.number)
