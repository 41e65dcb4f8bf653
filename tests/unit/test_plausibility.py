"""The plausibility rule compares the file with the stored history and the calendar."""

from collections.abc import Sequence

import pytest

from rates.history import Publication
from rates.updating.plausibility import ImplausibleFeedError
from tests.steady_history import CODES, by_date, changed, check, rate, refusal, steady, times
from tests.support import ecb_publications

FILE = steady(200)
STORED = FILE[:-1]
NEWEST = len(FILE) - 1


def on(day: str, place: int) -> Publication:
    """Return a publication on a day, between the rates of a place and the next one."""
    return Publication(day, {code: f"{rate(code, place)}1" for code in CODES})


def inserted(file: Sequence[Publication], publication: Publication) -> list[Publication]:
    return sorted([*file, publication], key=lambda each: each.date)


def without(file: Sequence[Publication], *places: int) -> list[Publication]:
    gone = [file[place] for place in places]
    return [publication for publication in file if publication not in gone]


def test_one_more_publication_is_accepted() -> None:
    assert check(FILE, by_date(STORED)) == []


def test_unchanged_file_is_accepted() -> None:
    assert refusal(FILE, FILE) == ""


# Date


@pytest.mark.parametrize("day", ["1999-05-15", "1999-05-16"])
def test_publication_on_a_weekend_is_refused(day: str) -> None:
    assert refusal(inserted(FILE, on(day, 92)), STORED) == "date"


def test_publication_on_a_closed_weekday_is_accepted_as_unexpected() -> None:
    file = inserted(steady(325), on("1999-12-31", 254))
    assert check(file, by_date(steady(324))) == ["1999-12-31"]


def test_stored_publication_on_a_weekend_is_not_judged_again() -> None:
    weekend = on("1999-05-15", 92)
    assert refusal(inserted(FILE, weekend), inserted(STORED, weekend)) == ""


# Missing days


def test_file_that_begins_late_is_refused() -> None:
    assert refusal(FILE[1:]) == "missing days"


@pytest.mark.parametrize(("holes", "rule"), [(10, ""), (11, "missing days")])
def test_first_file_may_miss_ten_days(holes: int, rule: str) -> None:
    assert refusal(without(FILE, *range(1, 2 * holes, 2))) == rule


@pytest.mark.parametrize(("holes", "rule"), [(15, ""), (16, "missing days")])
def test_file_may_miss_as_many_days_as_the_stored_history(holes: int, rule: str) -> None:
    stored = without(STORED, *range(1, 31, 2))
    new = without(FILE, *range(1, 31, 2)) + steady(216)[200 + holes - 15 :]
    assert refusal(new, stored) == rule


# Lost publication


@pytest.mark.parametrize("place", [100, NEWEST - 2])
def test_loss_of_a_stored_publication_is_refused(place: int) -> None:
    assert refusal(without(FILE, place), STORED) == "lost publication"


def test_newest_stored_publication_may_go_if_the_file_goes_on() -> None:
    assert refusal(without(FILE, NEWEST - 1), STORED) == ""
    assert refusal(STORED[:-1], STORED) == "lost publication"


@pytest.mark.parametrize("day", ["1999-05-15", "1999-12-31"])
def test_stored_publication_on_a_closed_day_may_go(day: str) -> None:
    file = steady(300)
    assert refusal(file, inserted(file[:-1], on(day, 92 if day < "1999-12" else 254))) == ""


# Lost or late rate


@pytest.mark.parametrize(("age", "rule"), [(60, ""), (61, "lost or late rate")])
def test_sixty_stored_publications_may_gain_a_rate(age: int, rule: str) -> None:
    assert refusal(changed(FILE, NEWEST - age, NEW="1"), STORED) == rule


@pytest.mark.parametrize(("age", "rule"), [(60, ""), (61, "lost or late rate")])
def test_rate_may_go_at_the_end_of_its_series(age: int, rule: str) -> None:
    stored = [Publication(p.date, {**p.rates, "OLD": str(5 + i)}) for i, p in enumerate(STORED)]
    stored = stored[: NEWEST - age + 1] + STORED[NEWEST - age + 1 :]
    new = [*changed(stored, NEWEST - age, OLD=""), FILE[-1]]
    assert refusal(new, stored) == rule


def test_recent_publication_may_gain_a_rate_inside_its_series() -> None:
    assert refusal(FILE, changed(STORED, NEWEST - 5, AAX="")) == ""


def test_rate_may_not_go_inside_its_series() -> None:
    assert refusal(changed(FILE, NEWEST - 2, AAX=""), STORED) == "lost or late rate"


@pytest.mark.fault("A stored rate of the newest day is missing in the file")
@pytest.mark.parametrize("count", [1, 3])
def test_rates_of_the_newest_day_go_when_the_next_day_lacks_them(count: int) -> None:
    gone = dict.fromkeys(CODES[:count], "")
    wrong = changed(STORED, NEWEST - 1, **gone)
    assert refusal(wrong, STORED) == "lost or late rate"
    assert refusal([*wrong, FILE[-1]], STORED) == "lost or late rate"
    assert refusal([*wrong, changed(FILE, NEWEST, **gone)[-1]], STORED) == ""
    assert refusal(FILE, STORED) == ""


def test_rates_removed_from_two_newest_days_do_not_confirm_each_other() -> None:
    wrong = changed(changed(STORED, NEWEST - 1, AAX=""), NEWEST - 2, AAX="")
    assert refusal(wrong, STORED) == "lost or late rate"
    assert refusal([*wrong, changed(FILE, NEWEST, AAX="")[-1]], STORED) == ""


def test_rate_that_had_come_by_mistake_goes_at_once() -> None:
    one = changed(STORED, NEWEST - 1, NEW="5")
    assert refusal(STORED, one) == ""
    assert refusal(STORED, changed(one, NEWEST - 2, NEW="5.01")) == ""


def test_lost_rate_after_a_seeding_points_at_the_seeding() -> None:
    with pytest.raises(ImplausibleFeedError) as caught:
        check(changed(FILE, 50, AAX=""), by_date(STORED))
    assert str(caught.value) == (
        "lost or late rate: a stored publication lost a rate; if this is the first update after a seeding, "
        "the seeding may be wrong: force this update (AAX of 1999-03-15: no rate, compared with 100.050)"
    )


# Rewritten history


@pytest.mark.parametrize(("count", "rule"), [(60, ""), (61, "rewritten history")])
def test_sixty_rates_of_a_currency_may_change(count: int, rule: str) -> None:
    file = list(FILE)
    for place in range(20, 20 + count):
        file = times(file, place, "1.001", "AAX", "ABX")
    assert refusal(file, STORED) == rule


def test_other_digits_of_the_same_rates_are_no_change() -> None:
    padded = [Publication(p.date, {code: f"{digits}0" for code, digits in p.rates.items()}) for p in FILE]
    assert refusal(padded, STORED) == ""


def test_size_of_a_correction_is_not_judged() -> None:
    for factor in ("0.000001", "0.1", "1.36", "2.5", "1000000"):
        assert refusal(FILE, times(STORED, 150, factor, *CODES)) == ""
        assert refusal(FILE, times(STORED, NEWEST - 1, factor, *CODES)) == ""


# Messages


def test_refusal_has_rule_currency_date_and_both_values() -> None:
    true = ecb_publications()
    with pytest.raises(ImplausibleFeedError) as caught:
        check(changed(true, -1, USD="1.5133"), by_date(true[:-1]))
    assert str(caught.value) == (
        "one rate: 36.0% away from its neighbors; the limit is 25.0% for the nearer one and 100% for each "
        "(USD of 2026-10-30: 1.5133, compared with 1.113)"
    )


def test_refusal_of_a_publication_names_its_date() -> None:
    with pytest.raises(ImplausibleFeedError) as caught:
        check(FILE[1:], {})
    assert str(caught.value) == (
        "missing days: the file does not begin on 1999-01-04 (the publication of 1999-01-05)"
    )
