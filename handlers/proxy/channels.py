"""The channels by which matters come (R14): the source gives seven names; ours can be edited."""

from handlers.desk import Desk

OWN = frozenset({"private"})  # what nobody enters by hand: somebody wrote to the bot
IN_PERSON = "in_person"  # 当面: where no channel is named, somebody without a phone came by


def channels(desk: Desk) -> dict[str, str]:
    """key -> word of every channel that staff may name, in the order in which they are offered."""
    known = desk.texts.table("channels_in")
    wanted = desk.policy.ledger.channels
    if not wanted:
        return {key: word for key, word in known.items() if key not in OWN}
    by_word = {word: key for key, word in known.items()}
    return {by_word.get(word, word): word for word in wanted}


def channel_called(desk: Desk, written: str) -> str | None:
    """The key of the channel of this name; people shorten some of them."""
    offered, said = channels(desk), written.strip().lower()
    if named := next((key for key, word in offered.items() if word.lower() == said), None):
        return named
    short = desk.texts.table("channel_words")
    return next((key for key in offered if said in short.get(key, "").split()), None)


def channel_word(desk: Desk, key: str) -> str:
    """Its name; a channel of one's own is its own name."""
    return desk.texts.word("channels_in", key)
