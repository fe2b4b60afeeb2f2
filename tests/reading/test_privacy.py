"""Personal numbers are masked; other numbers stay."""

import pytest

from bot.reading.privacy import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打我13812345678", "打我138****5678"),
        ("138 1234 5678", "138****5678"),
        ("身份证110101199003071234", "身份证110101********1234"),
        ("11010119900307123X", "110101********123X"),
        ("卡号6222 0212 3456 7890 123", "卡号6222***********0123"),
        ("京A12345挡路", "京A****5挡路"),
        ("１３８１２３４５６７８", "138****5678"),
    ],
)
def test_a_personal_number_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["3-2-501", "2026年3月2日", "12345热线", "第12件", "86路公交", "打110"])
def test_other_numbers_stay(text):
    assert mask(text) == text
