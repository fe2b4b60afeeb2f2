"""Registering by hand (登记): anyone their own words, members also what others said."""

from dataclasses import replace

from handlers.asking import close
from handlers.intake import Report, gathered, open_ticket
from handlers.interest import charged
from handlers.private_intake import say_opened
from handlers.rights import is_member
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.whereabouts import may_live_in
from models.asks import open_ask
from models.heard import as_files, heard
from models.messages import Attachment, Quoted, Sender, Speaker
from models.people import Person
from models.pointers import tickets_at
from models.units import Unit

router = Router()


@router.command("report", "登记", text=True)
def register(turn: Turn) -> None:
    """Open by hand: anyone their own words, members also a message that they reply to (its author is the reporter)."""
    quoted = turn.message.reply_to
    if turn.args and not _is_anothers(turn, quoted):
        files, others = gathered(turn, turn.message)
        register_words(turn, turn.args, turn.sender, turn.message.message_id, files, others)
    elif quoted is not None:
        _register_quoted(turn, quoted)
    else:
        raise Refusal("report_what")


def _register_quoted(turn: Turn, quoted: Quoted) -> None:
    author = _author(turn, quoted.sender)
    before = heard(turn.session, turn.chat, quoted.message_id) if quoted.message_id else None
    if quoted.message_id and (already := tickets_at(turn.session, turn.chat, quoted.message_id)):
        raise Refusal("report_already", number=already[0].number)
    if quoted.message_id and (asked := open_ask(turn.session, turn.chat, quoted.message_id)):
        close(turn, asked, "gone")
    files = tuple(dict.fromkeys((*quoted.attachments, *(as_files(before) if before else ()))))
    words = " ".join(w for w in (quoted.text, turn.args) if w.strip())
    register_words(turn, words, author, quoted.message_id, files)


def _is_anothers(turn: Turn, quoted: Quoted | None) -> bool:
    """A member's 登记 in reply is about that message, whatever is written beside it."""
    if quoted is None or quoted.sender is None or quoted.sender.kind != "user":
        return False
    return quoted.sender.id != turn.event.sender.id and is_member(turn.known, turn.chat.unit)


def register_words(
    turn: Turn,
    text: str,
    reporter: Person,
    message_id: str | None,
    files: tuple[Attachment, ...],
    others: tuple[str, ...] = (),
    *,
    proxy: Person | None = None,
) -> None:
    """`proxy`: who says it for somebody of theirs."""
    if not files and not any(c.isalpha() for c in text):
        raise Refusal("report_what")
    unit = _private_unit(turn) if turn.chat.private else None
    verdict = turn.reader.insist(text, turn.ground)
    masked = turn.reader.mask(text)
    thread, by = turn.message.thread_id, turn.sender
    judged = turn.reader.judge(text, Speaker(), turn.ground)
    report = Report(masked, reporter, verdict, message_id, thread, files, others, by_hand=by, judged=judged, unit=unit)
    report = replace(report, proxy=proxy)
    ticket = open_ticket(turn, turn.chat, charged(turn, report, text))
    turn.outcome.became("opened", ticket)
    if turn.chat.private:
        say_opened(turn, ticket)


def _private_unit(turn: Turn) -> Unit:
    """The one unit that the sender belongs to, as far as we know."""
    units = may_live_in(turn)
    if len(units) != 1:
        raise Refusal("which_group")
    return units[0]


def _author(turn: Turn, author: Sender | None) -> Person:
    """Whose words are being registered. Residents may register only their own."""
    own = author is not None and author.id == turn.event.sender.id
    if not own and not is_member(turn.known, turn.chat.unit):
        raise Refusal("report_own_words")
    if author is None or author.id is None or author.kind != "user":
        return turn.sender
    return turn.person(author)
