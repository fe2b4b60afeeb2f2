"""The rig's judge: what it must not excuse, and what it must."""

from datetime import datetime, timedelta

from models.chats import Chat
from models.letters import Letter
from tests.faults.books import SIDE_BY_SIDE, Noted
from tests.faults.gate import Call, Trouble
from tests.faults.ledger import Ledger
from tests.faults.town import BEGINS

GROUP = Chat(id=1, channel="telegram", external_id="-100")


def letter(
    number: int, says: str, message: str | None, at: datetime = BEGINS, sent: timedelta = timedelta(0)
) -> Letter:
    return Letter(
        id=number,
        chat=GROUP,
        chat_id=GROUP.id,
        kind="reply",
        priority=20,
        state="sent",
        body={"segments": [["t", says, False]], "buttons": [], "files": []},
        message_id=message,
        written_at=at,
        due_at=at,
        sent_at=at + sent,
    )


def arrival(says: str, message: int, life: int = 1, trouble: Trouble | str = "", chat: str = "-100") -> Call:
    params = {"chat_id": chat, "text": says}
    return Call("sendMessage", params, life, trouble, True, True, {"message_id": message}, float(message))


def differences(
    calls: list[Call], letters: list[Letter], *noted: Noted, killed: int = 1, moved: tuple[str, int] | None = None
) -> list[str]:
    new = {moved[0]: "-100"} if moved else {}
    ledger = Ledger(calls, letters, new, dict([moved]) if moved else {}, list(noted), {killed})
    ledger.audit()
    return [*ledger.differences, *ledger.missing(), *ledger.disorder(letters)]


def test_a_letter_that_arrived_once_is_as_it_should_be() -> None:
    assert differences([arrival("好", 1), arrival("再见", 2)], [letter(1, "好", "1"), letter(2, "再见", "2")]) == []


def test_a_letter_that_came_again_is_excused_only_by_a_kill_right_after_it() -> None:
    once = [letter(1, "好", "9")]
    assert differences([arrival("好", 1), arrival("好", 9, life=2)], once) == []
    assert differences([arrival("好", 1), arrival("好", 9, life=2)], once, killed=3)
    others = [letter(1, "好", "9"), letter(2, "再见", "2")]
    assert differences([arrival("好", 1), arrival("再见", 2), arrival("好", 9, life=2)], others)


def test_a_letter_that_came_twice_within_a_life_is_excused_by_an_unknown_outcome_only() -> None:
    once = [letter(1, "好", "2")]
    assert differences([arrival("好", 1, trouble="hang-done"), arrival("好", 2)], once, killed=3) == []
    assert differences([arrival("好", 1, trouble="429"), arrival("好", 2)], once, killed=3)


def test_a_letter_that_never_arrived_is_missed() -> None:
    assert differences([], [letter(1, "好", "1")])


def test_what_no_letter_ever_said_is_a_difference() -> None:
    assert differences([arrival("好", 1)], [])


def test_of_a_letter_that_is_erased_by_now_it_is_known_that_it_was_noted() -> None:
    erased = Noted(1, BEGINS, "9", "-100", passing=True)
    assert differences([arrival("好", 9)], [], erased, killed=3) == []
    assert differences([arrival("好", 1), arrival("好", 9, life=2)], [], erased) == []
    assert differences([arrival("好", 1), arrival("好", 9, life=2)], [], erased, killed=3)


def test_a_group_that_moved_excuses_nothing_of_other_lives() -> None:
    calls = [arrival("好", 1, chat="-5"), arrival("好", 2, life=4)]
    assert differences(calls, [letter(1, "好", "2")], killed=3, moved=("-5", 1)) == []
    assert differences(calls, [letter(1, "好", "2")], killed=3, moved=("-5", 2))


def test_whoever_overtakes_is_named_unless_a_clock_that_was_set_back_made_the_first_wait() -> None:
    calls, later = [arrival("再见", 2), arrival("好", 3)], BEGINS + timedelta(minutes=1)
    assert differences(calls, [letter(1, "好", "3"), letter(2, "再见", "2")]) == ["letter 2 overtook letter 1"]
    assert differences(calls, [letter(1, "好", "3", later), letter(2, "再见", "2")]) == []


def test_of_two_that_were_written_side_by_side_neither_overtakes() -> None:
    letters = [letter(1, "好", "3"), letter(2, "再见", "2", sent=timedelta(seconds=1))]
    ledger = Ledger([arrival("再见", 2), arrival("好", 3)], letters, {}, {}, [], {1})
    assert list(ledger.disorder(letters, SIDE_BY_SIDE)) == []
    letters[1].sent_at = BEGINS + timedelta(seconds=9)
    assert list(ledger.disorder(letters, SIDE_BY_SIDE)) == ["letter 2 overtook letter 1"]
