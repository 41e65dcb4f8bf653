"""The plausibility rule judges new and corrected publications by the file itself."""

import pytest

from rates.history import Publication
from rates.updating.plausibility import ImplausibleFeedError
from tests.steady_history import CODES, by_date, changed, check, rate, refusal, steady, times

YOUNG = steady(400)
FILE = steady(1_101)
STORED = FILE[:-1]
NEWEST = len(FILE) - 1
OLD = 500


# Size


@pytest.mark.parametrize(
    ("digits", "rule"), [("0.01", ""), ("0.009999", "size"), ("10000000", ""), ("10000000.1", "size")]
)
def test_rate_outside_the_bounds_is_refused(digits: str, rule: str) -> None:
    assert refusal(changed(FILE, NEWEST, NEW=digits), STORED) == rule


# Currencies


@pytest.mark.parametrize(("count", "rule"), [(4, ""), (5, "currencies")])
def test_four_currencies_may_be_dropped(count: int, rule: str) -> None:
    assert refusal(changed(FILE, NEWEST, **dict.fromkeys(CODES[:count], "")), STORED) == rule


@pytest.mark.parametrize(("count", "rule"), [(10, ""), (11, "currencies")])
def test_ten_currencies_may_be_added(count: int, rule: str) -> None:
    assert refusal(changed(FILE, NEWEST, **{f"N{n:02}": "1" for n in range(count)}), STORED) == rule


def test_publication_with_other_currencies_is_refused() -> None:
    other = Publication(FILE[-1].date, {"NEW": "1"})
    assert refusal([*STORED, other], STORED) == "currencies"


def test_publication_without_the_currencies_before_it_is_not_compared() -> None:
    few = [Publication(p.date, {"AAX": p.rates["AAX"]}) for p in STORED]
    assert refusal([*few, Publication(FILE[-1].date, {"NEW": "1"})], few) == ""


# Repetition


@pytest.mark.parametrize(("count", "rule"), [(15, ""), (16, "repetition")])
@pytest.mark.parametrize("place", [NEWEST, NEWEST - 10])
def test_three_of_four_rates_may_stay_the_same(place: int, count: int, rule: str) -> None:
    same = {code: FILE[place - 1].rates[code] for code in CODES[:count]}
    assert refusal(changed(FILE, place, **same), STORED) == rule


@pytest.mark.parametrize(("distance", "rule"), [(250, "repetition"), (251, "")])
def test_publication_with_the_rates_of_another_one_is_refused(distance: int, rule: str) -> None:
    assert refusal(changed(FILE, NEWEST, **FILE[NEWEST - distance].rates), STORED) == rule
    assert refusal(changed(FILE, OLD, **FILE[OLD + distance].rates), STORED) == rule


# Many jumps


@pytest.mark.parametrize(("count", "rule"), [(7, ""), (8, "many jumps")])
@pytest.mark.parametrize("place", [NEWEST, OLD])
def test_seven_rates_may_jump(place: int, count: int, rule: str) -> None:
    assert refusal(times(FILE, place, "1.0501", *CODES[:count]), STORED) == rule


def test_moves_of_five_percent_are_no_jumps() -> None:
    assert refusal(times(FILE, NEWEST, "1.0499", *CODES[:14]), STORED) == ""


# Common move


@pytest.mark.parametrize(("count", "rule"), [(14, ""), (15, "common move")])
@pytest.mark.parametrize("place", [NEWEST, OLD])
def test_a_quarter_of_the_rates_must_stay_near(place: int, count: int, rule: str) -> None:
    assert refusal(times(FILE, place, "1.0301", *CODES[:count]), STORED) == rule


def test_common_move_of_three_percent_is_accepted() -> None:
    assert refusal(times(FILE, NEWEST, "1.0299", *CODES), STORED) == ""


# Swap


@pytest.mark.parametrize("place", [NEWEST, OLD])
def test_two_exchanged_rates_are_refused(place: int) -> None:
    file = [changed([p], 0, NEW=str(rate("AAX", i) + 8))[0] for i, p in enumerate(FILE)]
    rates = file[place].rates
    assert refusal(changed(file, place, AAX=rates["NEW"], NEW=rates["AAX"]), file[:-1]) == "swap"


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("102.99", "100", ""),  # a swap within 3 %
        ("103.01", "100", "swap"),
        ("110", "100", "swap"),
        ("107.2", "102.7", "swap"),
        ("107", "102.9", ""),  # too far from the other currency's rate
    ],
)
def test_two_rates_may_not_both_move_to_each_other(one: str, other: str, rule: str) -> None:
    other_rate = {"102.99": "102.99", "103.01": "103.01"}.get(one, "110")
    before = [*FILE[:-2], changed(FILE, NEWEST - 1, AAX="100", NEW=other_rate)[-2]]
    assert refusal([*before, changed(FILE, NEWEST, AAX=one, NEW=other)[-1]], before) == rule


# One rate


@pytest.mark.parametrize(
    ("place", "factor", "rule"),
    [
        (NEWEST, "1.2499", ""),
        (NEWEST, "1.2501", "one rate"),
        (NEWEST, "0.8001", ""),
        (NEWEST, "0.7999", "one rate"),
        (OLD + 501, "1.1249", ""),
        (OLD + 501, "1.1251", "one rate"),
    ],
)
def test_steady_rate_may_move_by_a_quarter_or_half_of_it_inside(place: int, factor: str, rule: str) -> None:
    assert refusal(times(FILE, place, factor, "AAX"), STORED) == rule


@pytest.mark.parametrize(("record", "factor", "rule"), [("1.06", "1.299", ""), ("1.06", "1.302", "one rate")])
def test_bound_is_five_times_the_largest_move_so_far(record: str, factor: str, rule: str) -> None:
    stored = times(STORED, OLD, record, "AAX")
    assert refusal([*stored, times(FILE, NEWEST, factor, "AAX")[-1]], stored) == rule


def test_largest_move_after_a_publication_does_not_count() -> None:
    stored = times(STORED, NEWEST - 10, "1.24", "AAX")
    new = times([*stored, FILE[-1]], NEWEST - 20, "1.2", "AAX")
    assert refusal(new, stored) == "one rate"


@pytest.mark.parametrize(("factor", "rule"), [("1.999", ""), ("2.001", "one rate")])
def test_no_rate_may_move_by_more_than_a_factor_of_two(factor: str, rule: str) -> None:
    stored = times(STORED, OLD, "1.5", "AAX")
    assert refusal([*stored, times(FILE, NEWEST, factor, "AAX")[-1]], stored) == rule
    assert refusal(times(YOUNG, 399, factor, "AAX"), YOUNG[:-1]) == rule
    confirmed = times(times(YOUNG, 399, factor, "AAX"), 398, factor, "AAX")
    assert refusal(confirmed, YOUNG[:-2]) == rule


def test_bound_is_never_over_a_factor_of_two() -> None:
    stored = times(STORED, OLD, "1.5", "AAX")
    assert refusal(times(stored, NEWEST - 10, "1.49", "AAX"), stored) == ""
    assert refusal(times(stored, NEWEST - 10, "1.51", "AAX"), stored) == "one rate"


def test_refusal_shows_the_farther_neighbor() -> None:
    confirmed = times(times(YOUNG, 399, "2.1", "AAX"), 398, "2.1", "AAX")
    compared = f"AAX of {YOUNG[398].date}: .*, compared with {YOUNG[397].rates['AAX']}"
    with pytest.raises(ImplausibleFeedError, match=compared):
        check(confirmed, by_date(YOUNG[:-2]))


@pytest.mark.parametrize(("quotes", "rule"), [(999, ""), (1_000, "one rate")])
def test_currency_is_young_until_it_has_a_thousand_quotes(quotes: int, rule: str) -> None:
    file = steady(quotes + 1)
    assert refusal(times(file, quotes, "1.3", "AAX"), file[:-1]) == rule


def test_first_rate_of_a_currency_is_not_compared() -> None:
    assert refusal(changed(FILE, NEWEST, NEW="5"), STORED) == ""


def test_first_rate_is_compared_with_the_publication_after_it() -> None:
    new = changed(changed(FILE, NEWEST, NEW="5"), NEWEST - 1, NEW="1")
    assert refusal(new, FILE[:-2]) == "one rate"


def test_lasting_shock_is_accepted_when_the_next_publication_confirms_it() -> None:
    shocked = times(times(FILE, NEWEST, "1.45", "AAX"), NEWEST - 1, "1.45", "AAX")
    assert refusal(shocked[:-1], FILE[:-2]) == "one rate"
    assert refusal(shocked, FILE[:-2]) == ""


def test_forced_rate_is_not_judged_again() -> None:
    stored = times(STORED, NEWEST - 1, "2.5", "AAX")
    new = [*stored, times(FILE, NEWEST, "2.5", "AAX")[-1]]
    assert refusal(stored, FILE[:-2]) == "one rate"
    assert refusal(new, stored) == ""
