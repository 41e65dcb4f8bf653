"""Wrong files with publications that are missing, moved, repeated or rewritten."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from rates.calendar import is_working_day
from rates.history import Publication
from tests.wrong_files.places import (
    MIN_PUBLICATIONS,
    File,
    Kind,
    Place,
    Rates,
    newest,
    old,
    recent,
    replaced,
    times,
)
from tests.wrong_files.publication import near_swapped

DAY = timedelta(days=1)


def dated(file: File, place: int, day: str) -> File:
    """Return the file with another date on a publication."""
    return sorted(
        [*file[:place], Publication(day, file[place].rates), *file[place + 1 :]], key=lambda p: p.date
    )


def closed_day(random: Random, file: File, is_wanted: Callable[[date], bool]) -> str:
    """Return a random day of a kind, not before the fourth publication."""
    first, last = (date.fromisoformat(file[i].date) for i in (3, -1))
    days = [first + n * DAY for n in range((last - first).days)]
    return random.choice([day.isoformat() for day in days if is_wanted(day)])


def is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def is_holiday(day: date) -> bool:
    return day.weekday() < 5 and not is_working_day(day) and day.year > 1999


def one_more(is_wanted: Callable[[date], bool]) -> Kind:
    """Add a publication on a closed day, with rates near those of its neighbor."""

    def spoil(random: Random, file: File) -> File:
        day = closed_day(random, file, is_wanted)
        rates = next(p.rates for p in reversed(file) if p.date < day)
        near = {code: times(random.choice(("1.0011", "0.9991")), rate) for code, rate in rates.items()}
        return sorted([*file, Publication(day, near)], key=lambda p: p.date)

    return spoil


def before_1999(_: Random, file: File) -> File:
    near = {code: times("1.001", rate) for code, rate in file[0].rates.items()}
    return [Publication("1998-12-31", near), *file]


def newest_on_weekend(_: Random, file: File) -> File:
    day = date.fromisoformat(file[-1].date)
    return dated(file, len(file) - 1, (day - (day.weekday() + 1) * DAY).isoformat())


def newest_under_yesterday(_: Random, file: File) -> File:
    return [*file[:-2], Publication(file[-2].date, file[-1].rates)]


def missing(place: Place) -> Kind:
    def spoil(random: Random, file: File) -> File:
        at = place(random, file)
        return [*file[:at], *file[at + 1 :]]

    return spoil


def ends_early(random: Random, file: File) -> File:
    return file[: -random.randrange(3, 300)]


def begins_late(random: Random, file: File) -> File:
    return file[random.randrange(1, 300) :]


def span(random: Random, file: File, length: int) -> range:
    start = random.randrange(1, len(file) - length)
    return range(start, start + length)


def year_missing(random: Random, file: File) -> File:
    gone = span(random, file, 255)
    return [p for i, p in enumerate(file) if i not in gone]


def copied(back: int, place: Place = newest) -> Kind:
    """Give a publication the rates of an earlier one."""

    def spoil(random: Random, file: File) -> File:
        at = place(random, file)
        return replaced(file, at, file[max(at - back, 0)].rates)

    return spoil


def exchanged(back: int, place: Place = newest) -> Kind:
    def spoil(random: Random, file: File) -> File:
        at = place(random, file)
        other = max(at - back, 0)
        return replaced(replaced(file, at, file[other].rates), other, file[at].rates)

    return spoil


def scaled(factor: str, length: int, *, one_currency: bool = False) -> Kind:
    """Multiply the rates of a span of publications, 0 for the whole file."""

    def spoil(random: Random, file: File) -> File:
        places = span(random, file, length) if length else range(len(file))
        code = random.choice(sorted(file[places[0]].rates)) if one_currency else None
        return [
            Publication(p.date, {c: times(factor, r) if code in (None, c) else r for c, r in p.rates.items()})
            if i in places
            else p
            for i, p in enumerate(file)
        ]

    return spoil


def renamed(file: File, names: Rates) -> File:
    """Return the file with other currencies in its header, "" for a column that is gone."""
    return [
        Publication(p.date, {name: rate for code, rate in p.rates.items() if (name := names.get(code, code))})
        for p in file
    ]


def column_missing(random: Random, file: File) -> File:
    return renamed(file, {random.choice(sorted(file[-1].rates)): ""})


def column_renamed(random: Random, file: File) -> File:
    return renamed(file, {random.choice(sorted(file[-1].rates)): "XXX"})


def headers_swapped(random: Random, file: File) -> File:
    one, other = random.sample(sorted(file[-1].rates), 2)
    return renamed(file, {one: other, other: one})


def near_headers_swapped(random: Random, file: File) -> File:
    rates = file[-1].rates
    swapped = near_swapped(random, rates)
    codes = [code for code in rates if swapped[code] != rates[code]]
    return renamed(file, dict(zip(codes, reversed(codes), strict=True)))


def column_a_day_late(random: Random, file: File) -> File:
    """Move the rates of a currency one publication on."""
    code = random.choice(sorted(file[-1].rates))
    shifted = [file[0]]
    for before, p in pairwise(file):
        both = code in before.rates and code in p.rates
        shifted.append(Publication(p.date, {**p.rates, code: before.rates[code]} if both else p.rates))
    return shifted


def ended(file: File) -> dict[str, str]:
    """Return the last rate of each currency that the newest publication lacks."""
    last = {code: rate for p in file for code, rate in p.rates.items()}
    return {code: rate for code, rate in last.items() if code not in file[-1].rates}


def ended_one_back(random: Random, file: File) -> File:
    back = sorted(ended(file).items())
    return replaced(file, -1, {**file[-1].rates, **dict([random.choice(back)])}) if back else file


def ended_columns_filled(_: Random, file: File) -> File:
    last = ended(file)
    return [Publication(p.date, {**last, **p.rates}) for p in file]


def shifted_over_ended(_: Random, file: File) -> File:
    """Move each rate of the newest publication one column on, over the columns of all currencies."""
    codes = sorted({code for p in file for code in p.rates})
    rates = file[-1].rates
    moved = {code: rates.get(before) for before, code in zip([codes[-1], *codes], codes, strict=False)}
    return replaced(file, -1, {code: rate for code, rate in moved.items() if rate})


def recent_rates_gone(random: Random, file: File) -> File:
    """Let a currency end early."""
    code, length = random.choice(sorted(file[-1].rates)), random.randrange(2, 50)
    return [*file[:-length], *renamed(file[-length:], {code: ""})]


def series_ends(file: File) -> list[int]:
    """Return the lengths of a history whose newest publication is the first one without a currency."""
    places = range(MIN_PUBLICATIONS, len(file) - 1)
    return [i + 1 for i in places if file[i - 1].rates.keys() - file[i].rates.keys()]


def beyond_the_end(_: Random, file: File) -> File:
    """Let the currencies that just ended go on for one more publication."""
    before = {code: times("1.001", rate) for code, rate in file[-2].rates.items()}
    return replaced(file, -1, {**before, **file[-1].rates})


HISTORIES: dict[str, Kind] = {
    "one more on a weekend": one_more(is_weekend),
    "one more on a holiday": one_more(is_holiday),
    "one more before 1999": before_1999,
    "newest dated on a weekend": newest_on_weekend,
    "newest under yesterday's date": newest_under_yesterday,
    **{f"newest repeats the one {back} before": copied(back) for back in (1, 5, 60, 250)},
    **{f"newest and {back} before exchanged": exchanged(back) for back in (1, 20, 250)},
    "old: repeats the one 30 before": copied(30, old),
    **{f"old: exchanged with {back} before": exchanged(back, old) for back in (5, 250)},
    "yesterday's missing": missing(lambda _, file: len(file) - 2),
    "recent: missing": missing(recent),
    "old: missing": missing(old),
    "ends early": ends_early,
    "begins late": begins_late,
    "a year missing": year_missing,
    "a month x1.001": scaled("1.001", 21),
    "a month x1.05": scaled("1.05", 21),
    "a year x1.001": scaled("1.001", 255),
    "all history x1.001": scaled("1.001", 0),
    "a currency's year x1.1": scaled("1.1", 255, one_currency=True),
    "a currency's year x1.5": scaled("1.5", 255, one_currency=True),
    "a currency's month x1.1": scaled("1.1", 21, one_currency=True),
    "a currency's history x10": scaled("10", 0, one_currency=True),
    "column missing": column_missing,
    "column renamed": column_renamed,
    "column a day late": column_a_day_late,
    "headers swapped": headers_swapped,
    "headers swapped, 3 to 30 % apart": near_headers_swapped,
    "an ended currency is back": ended_one_back,
    "columns of ended currencies filled": ended_columns_filled,
    "shifted over ended columns": shifted_over_ended,
    "a currency ends early": recent_rates_gone,
    "one day beyond the end of a series": beyond_the_end,
    "stored: a currency ends early": recent_rates_gone,
}
