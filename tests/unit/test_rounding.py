"""Quotients rounded once, and numbers written plainly."""

import decimal
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from rates.rounding import Column, column, fixed, plain, quotients
from tests import oracle

NAN = Decimal("NaN")


def quotient(numerator: str, denominator: str) -> str:
    return quotients(column([Decimal(numerator)]), column([Decimal(denominator)]))[0]


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        ("1", "3", "0.333333"),
        ("2", "3", "0.666667"),
        ("10", "3", "3.33333"),
        ("100", "3", "33.3333"),
        ("1000", "3", "333.3333"),  # 4 decimals are finer from here on
        ("1000000", "3", "333333.3333"),
        ("1", "30000", "0.0000333333"),
        ("1", "3000000000", "0.000000000333333"),
        ("2", "1", "2"),
        ("2.50", "1", "2.5"),
        ("9.999999", "1", "10"),
        ("99.99995", "1", "100"),
        ("0.09999999", "1", "0.1"),
        ("1000000000000000000", "1", "1000000000000000000"),
    ],
)
def test_four_decimals_or_six_significant_digits_whichever_is_finer(
    numerator: str, denominator: str, rounded: str
) -> None:
    assert quotient(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("1.000005", "1"),  # 6 digits: between 1.00000 and 1.00001
        ("1.000015", "1.00002"),
        ("1.0000050000000000000000000000000000000000000000000000000001", "1.00001"),
        ("123.45675", "123.4568"),
        ("123.45665", "123.4566"),
        ("123.45664999999999999999999999999999999999999999999999999999999", "123.4566"),
        ("0.0000012345650", "0.00000123456"),
        ("99999.00005", "99999"),
    ],
)
def test_only_exact_halves_go_to_the_even_digit(exact: str, rounded: str) -> None:
    assert quotient(exact, "1") == rounded
    seven = decimal.Context(prec=100).multiply(Decimal(exact), Decimal(7))
    assert quotients(column([seven]), column([Decimal(7)])) == [rounded]


def test_random_quotients_of_every_magnitude_agree_with_fractions() -> None:
    seed = random.Random(20261030)
    for _ in range(2000):
        numerator, denominator = (
            Decimal(seed.randrange(1, 10 ** seed.randrange(1, 16))).scaleb(seed.randrange(-12, 6))
            for _ in range(2)
        )
        expected = oracle.plainly(oracle.rounded(Fraction(numerator) / Fraction(denominator)))
        assert quotient(str(numerator), str(denominator)) == expected, (numerator, denominator)


def test_a_column_of_mixed_magnitudes_is_rounded_number_by_number() -> None:
    digits = ["0.00012345678", "0.9", "12.3456789", "9876.54321", "1e9"]
    together = quotients(column([*map(Decimal, digits), NAN]), column([Decimal(3)] * 6))
    assert together == [*(quotient(each, "3") for each in digits), ""]


def test_a_part_of_a_column_is_rounded_as_the_whole() -> None:
    numbers = column([Decimal(digits) for digits in ("1.5", "150", "15000")])
    ones = column([Decimal(7)] * 3)
    assert quotients(numbers.part(slice(1, 3)), ones.part(slice(1, 3))) == quotients(numbers, ones)[1:]


def test_a_missing_number_on_either_side_is_a_missing_quotient() -> None:
    one = Decimal(1)
    assert quotients(column([NAN, one, one]), column([one, NAN, one])) == ["", "", "1"]
    assert quotients(column([NAN]), column([NAN])) == [""]
    assert quotients(column([]), column([])) == []


def test_products_are_exact() -> None:
    numbers = column([Decimal("1.23456789012345"), NAN]).times(Decimal("9876543210.98765"))
    assert Fraction(numbers.values[0]) == Fraction("1.23456789012345") * Fraction("9876543210.98765")
    assert numbers.values[1].is_nan()
    assert numbers == Column(numbers.values, numbers.values[0], numbers.values[0])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1.10", "1.1"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-9", "0.000000001"),
        ("0.000", "0"),
        ("-0", "0"),
        ("-0.0200", "-0.02"),
        ("1.0", "1"),
        ("10.0", "10"),
        ("0.10", "0.1"),
        ("-0.00", "0"),
        ("NaN", ""),
    ],
)
def test_numbers_are_written_plainly(value: str, written: str) -> None:
    assert plain([Decimal(value)]) == [written]
    assert plain([Decimal("1.50"), Decimal(value), Decimal("2E+2")]) == ["1.5", written, "200"]


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        ("1", "3", "0.3333"),
        ("-2", "3", "-0.6667"),
        ("0.00005", "1", "0"),
        ("0.00015", "1", "0.0002"),
        ("-0.00005", "1", "0"),
        ("0.00005000000001", "1", "0.0001"),
        ("12345678", "1", "12345678"),
    ],
)
def test_fixed_decimals_are_rounded_half_to_even(numerator: str, denominator: str, rounded: str) -> None:
    assert fixed(Decimal(numerator), Decimal(denominator), 4) == rounded


def test_the_context_of_the_thread_changes_no_rate() -> None:
    before = quotient("2", "3"), fixed(Decimal(2), Decimal(3), 4)
    hostile = decimal.Context(prec=2, rounding=decimal.ROUND_UP, traps=[decimal.Inexact])
    with decimal.localcontext(hostile):
        assert (quotient("2", "3"), fixed(Decimal(2), Decimal(3), 4)) == before
