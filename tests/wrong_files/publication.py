"""Wrong files with one wrong publication. An alteration gets its rates."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from random import Random

from tests.wrong_files.places import (
    File,
    Kind,
    Place,
    Rates,
    as_number,
    digits,
    inverse,
    newest,
    replaced,
    times,
)

Alter = Callable[[Random, Rates], Rates]


def altered(alter: Alter, place: Place = newest) -> Kind:
    def spoil(random: Random, file: File) -> File:
        at = place(random, file)
        return replaced(file, at, alter(random, file[at].rates))

    return spoil


def each(change: Callable[[str], str]) -> Alter:
    return lambda _, rates: {code: change(rate) for code, rate in rates.items()}


def half(change: Callable[[str], str]) -> Alter:
    def alter(random: Random, rates: Rates) -> Rates:
        chosen = random.sample(sorted(rates), len(rates) // 2)
        return {code: change(rate) if code in chosen else rate for code, rate in rates.items()}

    return alter


def rounded(places: str) -> Callable[[str], str]:
    return lambda rate: as_number(format(Decimal(rate).quantize(Decimal(places)), "f"), rate)


def in_dollars(_: Random, rates: Rates) -> Rates:
    dollar = Decimal(rates["USD"])
    return {code: digits((1 if code == "USD" else Decimal(rate)) / dollar) for code, rate in rates.items()}


def permuted(codes: Sequence[str], order: Sequence[str], rates: Rates) -> Rates:
    return {**rates, **{code: rates[other] for code, other in zip(codes, order, strict=True)}}


def rotated(codes: Sequence[str], rates: Rates) -> Rates:
    return permuted(codes, [*codes[1:], codes[0]], rates)


def any_rotated(count: int) -> Alter:
    return lambda random, rates: rotated(random.sample(sorted(rates), count), rates)


def near_swapped(random: Random, rates: Rates) -> Rates:
    """Swap two currencies whose rates are 3 to 30 % apart."""
    pairs = [
        (one, other)
        for one in sorted(rates)
        for other in sorted(rates)
        if Decimal("1.03") < Decimal(rates[one]) / Decimal(rates[other]) < Decimal("1.3")
    ]
    return rotated(random.choice(pairs), rates) if pairs else rates


def nearest_rotated(random: Random, rates: Rates) -> Rates:
    by_size = sorted(rates, key=lambda code: Decimal(rates[code]))
    start = random.randrange(len(by_size) - 2)
    return rotated(by_size[start : start + 3], rates)


def shifted(random: Random, rates: Rates, part: bool = False) -> Rates:
    codes = list(rates)
    return rotated(codes[random.randrange(len(codes) - 3) :] if part else codes, rates)


def shuffled(random: Random, rates: Rates) -> Rates:
    codes = sorted(rates)
    return permuted(codes, random.sample(codes, len(codes)), rates)


def without(count: int) -> Alter:
    def alter(random: Random, rates: Rates) -> Rates:
        gone = random.sample(sorted(rates), count if count > 0 else len(rates) + count)
        return {code: rate for code, rate in rates.items() if code not in gone}

    return alter


def and_new(rate: str) -> Alter:
    return lambda _, rates: {**rates, "XXX": rate}


ALTERATIONS: dict[str, Alter] = {
    **{
        f"x{factor}": each(partial(times, factor)) for factor in ("10", "1.1", "1.05", "1.03", "1.01", "0.95")
    },
    "1/x": each(inverse),
    "integers": each(rounded("1")),
    "2 decimals": each(rounded("0.01")),
    "half x1.1": half(partial(times, "1.1")),
    "half x1.05": half(partial(times, "1.05")),
    "in dollars": in_dollars,
    "GBP and CHF swapped": lambda _, rates: rotated(["GBP", "CHF"], rates),
    "AUD and CAD swapped": lambda _, rates: rotated(["AUD", "CAD"], rates),
    "two swapped": any_rotated(2),
    "two swapped, 3 to 30 % apart": near_swapped,
    "three rotated": any_rotated(3),
    "three nearest rotated": nearest_rotated,
    "columns shifted": shifted,
    "some columns shifted": partial(shifted, part=True),
    "shuffled": shuffled,
    "half gone": lambda random, rates: without(len(rates) // 2)(random, rates),
    "one left": without(-1),
    "one gone": without(1),
    "four gone": without(4),
    "five gone": without(5),
    "new currency at 5": and_new("5"),
    "new currency at 0.00000001": and_new("0.00000001"),
    "new currency at 999999999": and_new("999999999"),
}
