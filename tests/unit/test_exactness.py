"""Every rate is the exact value, rounded once: compared with CurrencyConverter and with fractions."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache

import pytest
from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

from tests import oracle
from tests.conftest import Ask
from tests.support import content, ecb_publications

FIRST, LAST = date(1999, 1, 4), date(2026, 10, 30)
# CurrencyConverter computes amount / base * quote in the current context: wide enough to see every tie.
WIDE = Context(prec=100)
ITS_ERROR = Fraction(1, 10**60)  # of a number, at most
Conversion = tuple[date, str, str, str]


@cache
def converter() -> CurrencyConverter:
    return CurrencyConverter(
        decimal=True, fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known"
    )


def conversions(seed: int, count: int) -> Iterator[Conversion]:
    """Yield random days, also weekends, with two currencies quoted on them and an amount of any size."""
    chance = random.Random(seed)
    for _ in range(count):
        day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 1))
        quoted = oracle.newest_on(ecb_publications(), day.isoformat()).rates
        base, quote = chance.sample(["EUR", *quoted], 2)
        yield day, base, quote, chance.choice(AMOUNTS)(chance)


AMOUNTS: list[Callable[[random.Random], str]] = [
    lambda _: "1",
    lambda chance: str(chance.randrange(1, 10**6)),
    lambda chance: f"{chance.randrange(1, 10**8)}.{chance.randrange(100):02}",
    lambda chance: f"0.{chance.randrange(1, 10**9):09}",
    lambda chance: f"{chance.randrange(1, 10**15)}e-{chance.randrange(3, 9)}",
    lambda chance: (
        f"{chance.choice([5, 25, 125, 625, 2, 4, 8])}e{chance.randrange(-6, 9)}"
    ),  # which make ties
]


def check(ask: Ask, conversion: Conversion) -> None:
    """Our number for a conversion against both oracles."""
    day, base, quote, amount = conversion
    answer = content(ask(f"/{day}?base={base}&symbols={quote}&amount={amount}"))
    ours = answer["rates"][quote]
    publication = oracle.newest_on(ecb_publications(), day.isoformat())
    assert answer["date"] == publication.date, conversion
    exact = oracle.value(publication.rates, base, quote, amount)
    if base == "EUR" and Decimal(amount) == 1:
        assert ours == publication.rates[quote], conversion
    else:
        assert ours == oracle.plainly(oracle.rounded(exact)), conversion
    with localcontext(WIDE):
        theirs = Fraction(converter().convert(Decimal(amount), base, quote, day))
    error, half_a_unit = exact * ITS_ERROR, Fraction(1, 2 * 10 ** oracle.decimals(exact))
    assert abs(theirs - exact) <= error, conversion
    assert abs(Fraction(ours) - theirs) <= half_a_unit + error, conversion


@pytest.mark.parametrize(
    ("seed", "count"),
    [(1, 2000), *(pytest.param(seed, 5000, marks=pytest.mark.full) for seed in (2, 3, 4, 5))],
)
def test_random_conversions_are_exact_and_rounded_once(ask: Ask, seed: int, count: int) -> None:
    for conversion in conversions(seed, count):
        check(ask, conversion)


def test_a_day_and_a_range_have_the_same_numbers(ask: Ask) -> None:
    rates = content(ask("/2018-01-02..2018-12-31?base=ISK&amount=123.45"))["rates"]
    for publication in ecb_publications():
        if publication.date in rates:
            expected = {
                code: oracle.plainly(oracle.rounded(oracle.value(publication.rates, "ISK", code, "123.45")))
                for code in sorted({"EUR", *publication.rates} - {"ISK"})
            }
            assert rates[publication.date] == expected
            assert content(ask(f"/{publication.date}?base=ISK&amount=123.45"))["rates"] == expected
    assert len(rates) > 200
