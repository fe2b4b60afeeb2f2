"""我的信息: what is stored about the sender, told to them alone."""

from collections.abc import Iterable

from handlers.desk import Envelope
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import category_word, clip, day_full, listed, role_word
from models.chats import private_chat
from models.holdings import Holding, holdings_of
from models.people import Person

router = Router()

LONGEST = 3500  # characters of one letter; the channel takes 4096
CLIPPED = 200  # of one piece of words


@router.command("mydata", "我的信息")
def mydata(turn: Turn) -> None:
    """In a group only that it was sent, or that Start must be pressed first."""
    turn.outcome.became("command")
    person = turn.known
    if person is None:
        raise Refusal("forgotten_nothing")
    chat = turn.chat if turn.chat.private else private_chat(turn.session, person, turn.chat.channel, turn.chat.account)
    if chat is None or not chat.present:
        raise Refusal("mydata_start")
    for page in pages(_lines(turn, person)):
        turn.write(chat, turn.texts.segments("plain", text=page), Envelope())
    if chat is not turn.chat:
        turn.say("mydata_sent")


def pages(lines: Iterable[str]) -> list[str]:
    """As few letters as hold all of it, none too long."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) < LONGEST:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def _lines(turn: Turn, person: Person) -> list[str]:
    say, kept = turn.texts.line, turn.policy.privacy
    held = holdings_of(turn.session, person)
    accounts = [f"{i.channel} {i.external_id}" + (f" @{i.username}" if i.username else "") for i in person.identities]
    posts = [f"{p.unit.name}{role_word(turn, p.role)}" for p in person.held()]
    lines = [say("mydata_head", name=person.name, accounts=listed(turn, accounts))]
    lines += [say("mydata_phone", phone=person.phone)] if person.phone else []
    lines += [say("mydata_posts", posts=listed(turn, posts))] if posts else []
    lines += [line for holding in held.tickets for line in _of_ticket(turn, holding)]
    lines += [say("mydata_sides", count=held.sides)] if held.sides else []
    lines += [say("mydata_said", text=clip(words, CLIPPED)) for words in held.side_words]
    lines += [say("mydata_leaves", count=held.leaves)] if held.leaves else []
    return [*lines, say("mydata_kept", days=kept.keep_days, private=kept.keep_private_days)]


def _of_ticket(turn: Turn, holding: Holding) -> list[str]:
    """One matter: what it is, and every word of the person's that is kept with it."""
    ticket, say = holding.ticket, turn.texts.line
    values = {
        "number": ticket.number,
        "day": day_full(turn, turn.policy.local(ticket.opened_at).date()),
        "category": category_word(turn, ticket.category),
        "state": turn.texts.word("states", ticket.state),
    }
    lines = [say("mydata_reported" if holding.reported else "mydata_joined", **values)]
    lines += [say("mydata_said", text=clip(words, CLIPPED)) for words in holding.words if words]
    lines += [say("mydata_files", count=holding.files)] if holding.files else []
    return lines + [say("mydata_mark", mark=turn.texts.line(f"button_{grade}")) for grade in holding.marks]
