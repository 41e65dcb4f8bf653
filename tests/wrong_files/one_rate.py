"""Wrong files with one wrong rate. A change gets the rates of a publication and the currency."""

from collections.abc import Callable
from random import Random

from tests.wrong_files.places import File, Kind, Place, Rates, as_number, inverse, newest, replaced, times

Change = Callable[[Random, Rates, str], str]


def one_rate(change: Change, place: Place = newest) -> Kind:
    def spoil(random: Random, file: File) -> File:
        at = place(random, file)
        rates = file[at].rates
        code = random.choice(sorted(rates))
        return replaced(file, at, {**rates, code: change(random, rates, code)})

    return spoil


def by(*factors: str) -> Change:
    return lambda random, rates, code: times(random.choice(factors), rates[code])


def digits_exchanged(random: Random, rates: Rates, code: str) -> str:
    rate = rates[code]
    places = [i for i in range(len(rate) - 1) if "." not in rate[i : i + 2] and rate[i] != rate[i + 1]]
    i = random.choice(places) if places else len(rate)
    return as_number(rate[:i] + rate[i : i + 2][::-1] + rate[i + 2 :], rate)


def digit_edited(edit: Callable[[Random, str], str]) -> Change:
    def change(random: Random, rates: Rates, code: str) -> str:
        rate = rates[code]
        i = random.choice([i for i, char in enumerate(rate) if char != "."])
        return as_number(rate[:i] + edit(random, rate[i]) + rate[i + 1 :], rate)

    return change


CHANGES: dict[str, Change] = {
    **{f"x{factor}": by(factor) for factor in ("10", "100", "1000", "0.1", "0.01", "2.1", "0.476", "1.36")},
    "±30 %": by("1.3", "0.7"),
    "±20 %": by("1.2", "0.8"),
    "±10 %": by("1.1", "0.9"),
    "±1 %": by("1.01", "0.99"),
    "1/x": lambda _, rates, code: inverse(rates[code]),
    "without decimal point": lambda _, rates, code: (
        as_number(rates[code].replace(".", ""), rates[code]) if "." in rates[code] else rates[code] + "0"
    ),
    "0.0001": lambda *_: "0.0001",
    "999999999": lambda *_: "999999999",
    "digits exchanged": digits_exchanged,
    "digit replaced": digit_edited(lambda random, _: random.choice("0123456789")),
    "digit dropped": digit_edited(lambda *_: ""),
    "digit doubled": digit_edited(lambda _, digit: digit * 2),
    "another currency's": lambda random, rates, _: rates[random.choice(sorted(rates))],
}
