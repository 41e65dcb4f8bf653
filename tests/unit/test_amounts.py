"""The parameter `amount`: its valid forms, its echo, and its effect on the rates."""

import pytest

from tests.conftest import Ask
from tests.support import content


def echoed(ask: Ask, amount: str) -> str:
    answer = ask(f"/latest?symbols=USD&amount={amount}")
    assert answer.status == 200, answer.body
    return str(content(answer)["amount"])


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1", "1.0"),
        ("01", "1.0"),
        ("1.00", "1.0"),
        ("10", "10.0"),
        ("100", "100.0"),
        ("123456.78", "123456.78"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("%2B5", "5.0"),  # +5
        ("+5", "5.0"),  # a space and 5
        ("%2B.5", "0.5"),
        ("%20%202.50%20", "2.5"),
        ("1e3", "1000.0"),
        ("1E3", "1000.0"),
        ("1e%2B3", "1000.0"),
        ("25e-1", "2.5"),
        ("1e0003", "1000.0"),
        ("1e-000009", "0.000000001"),
        ("0.000000001", "0.000000001"),
        ("1e-9", "0.000000001"),
        ("1000000000000", "1000000000000.0"),
        ("1e12", "1000000000000.0"),
        ("1000000000000.00", "1000000000000.0"),
        ("999999999999.999", "999999999999.999"),
        ("999999999999.99999999", "999999999999.99999999"),  # 20 significant digits
        ("0.30000000000000004", "0.30000000000000004"),  # a double, as it is printed
        ("100.", "100.0"),
        ("0.00000000000000000000000000001e25", "0.0001"),
        ("1.00000000000000000000", "1.0"),
    ],
)
def test_an_amount_is_echoed_plainly_with_a_decimal(ask: Ask, amount: str, shown: str) -> None:
    assert echoed(ask, amount) == shown


@pytest.mark.parametrize(
    "amount",
    [
        *["", "%20", "0", "0.0", "00", "-1", "-0", "abc", "5abc", "1,5", ".", "1.2.3", "1e", "e5"],
        *["NaN", "nan", "Infinity", "inf", "0x10", "1_000", "1%202", "%2B%2B1", "%2B-1", "1%0A", "%091"],
        *["1e1.5", "%001", "%D9%A1", "%EF%BC%91", "%C2%BD", "%E2%82%AC5", "1%E2%80%890"],  # not ASCII
        *["0.0000000009", "9.99e-10", "1e-10", "1000000000000.01", "1.1e12", "1e13", "1e99999", "1e-99999"],
        *[
            "9" * 400,
            "123456789012345678901",
            "0.123456789012345678901",
            "1.00000000000000000001",
            "1e" + "9" * 21,
        ],
    ],
)
def test_any_other_amount_is_invalid(ask: Ask, amount: str) -> None:
    for path in ("/latest", "/2024-05-13", "/2024-05-13..2024-05-14"):
        answer = ask(f"{path}?amount={amount}")
        assert answer.status == 422
        assert content(answer)["message"] == "invalid amount"
        assert "1234.56" in content(answer)["detail"]  # how an amount is written


def test_an_amount_multiplies_the_rates_exactly(ask: Ask) -> None:
    rates = content(ask("/latest?amount=10&symbols=USD,IDR,JPY"))["rates"]
    assert rates == {"IDR": "202751.7", "JPY": "1756.8", "USD": "11.172"}


def test_large_amounts_keep_their_cents_and_small_ones_their_digits(ask: Ask) -> None:
    assert content(ask("/latest?amount=123456.78&symbols=USD"))["rates"] == {"USD": "137925.9146"}
    assert content(ask("/latest?amount=1e12&symbols=IDR"))["rates"] == {"IDR": "20275170000000000"}
    assert content(ask("/latest?amount=1e-9&base=IDR&symbols=USD"))["rates"] == {
        "USD": "0.0000000000000551019"
    }


def test_an_amount_of_1_in_any_form_keeps_the_ecbs_digits(ask: Ask) -> None:
    for amount in ("1", "1.0", "01", "10e-1", "%2B1"):
        assert ask(f"/1999-01-04?amount={amount}").body == ask("/1999-01-04").body


def test_an_amount_holds_for_every_day_of_a_range(ask: Ask) -> None:
    answer = content(ask("/2026-10-29..2026-10-30?symbols=USD&amount=100"))
    assert answer["amount"] == "100.0"
    assert [day["USD"] for day in answer["rates"].values()] == ["111.3", "111.72"]
