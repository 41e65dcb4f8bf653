"""What may replace the stored history: corrections up to a bound, moves up to a factor, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest

from rates.history import Publication
from rates.updating import plausibility
from rates.updating.plausibility import Correction, ImplausibleFeedError
from tests.history_files import HISTORY, NEXT, corrected
from tests.support import ecb_publications

FRIDAY = "2025-01-03"


def corrections(new: Sequence[Publication], *, force: bool = False) -> list[Correction]:
    return plausibility.corrections(HISTORY, {known.date: known for known in new}, force=force)


def rates_of(code: str, *quotes: tuple[str, str]) -> list[Publication]:
    return [Publication(day, {code: digits}) for day, digits in quotes]


def test_more_publications_correct_nothing() -> None:
    assert corrections((*HISTORY, NEXT)) == []


def test_a_publication_that_is_gone_is_refused() -> None:
    with pytest.raises(ImplausibleFeedError, match=r"^the feed no longer has the publication of 2024-12-31$"):
        corrections((*HISTORY[:3], *HISTORY[4:]))


def test_a_rate_that_is_gone_is_refused() -> None:
    with pytest.raises(ImplausibleFeedError, match=r"^the feed no longer has GBP of 2025-01-03$"):
        corrections(corrected(HISTORY, FRIDAY, GBP=""))


def test_small_corrections_are_taken_rate_by_rate_in_order() -> None:
    new = corrected(corrected(HISTORY, FRIDAY, USD="1.03", GBP="0.83"), "2023-12-28", USD="1.11")
    assert corrections(new) == [
        Correction("2023-12-28", "USD", "1.1114", "1.11"),
        Correction(FRIDAY, "GBP", "0.8293", "0.83"),
        Correction(FRIDAY, "USD", "1.0299", "1.03"),
    ]


def test_a_rate_that_was_missing_is_taken_whatever_it_is() -> None:
    assert corrections(corrected(HISTORY, FRIDAY, JPY="162.1")) == [Correction(FRIDAY, "JPY", "", "162.1")]


def test_other_digits_of_the_same_number_are_a_correction() -> None:
    assert corrections(corrected(HISTORY, FRIDAY, USD="1.02990")) == [
        Correction(FRIDAY, "USD", "1.0299", "1.02990")
    ]


@pytest.mark.parametrize("now", ["1.13289", "0.92691"])
def test_a_correction_of_just_the_bound_is_taken(now: str) -> None:
    assert corrections(corrected(HISTORY, FRIDAY, USD=now)) == [Correction(FRIDAY, "USD", "1.0299", now)]


@pytest.mark.parametrize("now", ["1.1328901", "0.9269099", "102.99"])
def test_a_correction_beyond_the_bound_is_refused(now: str) -> None:
    problem = f"USD of 2025-01-03 is corrected from 1.0299 to {now}, by more than 10%"
    with pytest.raises(ImplausibleFeedError, match=f"^{re.escape(problem)}$"):
        corrections(corrected(HISTORY, FRIDAY, USD=now))


def test_force_takes_every_correction_and_loss() -> None:
    new = corrected(corrected(HISTORY, FRIDAY, GBP="", USD="9"), "2024-12-31", USD="1.04")
    assert corrections(new[1:], force=True) == [
        Correction("2024-12-31", "USD", "1.0389", "1.04"),
        Correction(FRIDAY, "GBP", "0.8293", ""),
        Correction(FRIDAY, "USD", "1.0299", "9"),
    ]


@pytest.mark.parametrize("now", ["2", "0.5", "1"])
def test_a_move_by_just_the_factor_is_taken(now: str) -> None:
    plausibility.check_moves(rates_of("USD", (FRIDAY, "1"), ("2025-01-06", now)), {FRIDAY})


@pytest.mark.parametrize("now", ["2.0001", "0.4999"])
def test_a_move_beyond_the_factor_is_refused(now: str) -> None:
    with pytest.raises(
        ImplausibleFeedError, match=rf"^USD moves from 1 to {now} on 2025-01-06, by more than a factor of 2$"
    ):
        plausibility.check_moves(rates_of("USD", (FRIDAY, "1"), ("2025-01-06", now)), {FRIDAY})


def test_each_new_publication_is_checked_not_just_the_last() -> None:
    quotes = rates_of("USD", (FRIDAY, "1"), ("2025-01-06", "3"), ("2025-01-07", "1"))
    with pytest.raises(ImplausibleFeedError, match="on 2025-01-06"):
        plausibility.check_moves(quotes, {FRIDAY})


def test_a_publication_that_appears_among_the_old_ones_is_checked() -> None:
    quotes = rates_of("USD", ("2025-01-02", "1"), (FRIDAY, "3"), ("2025-01-06", "1"))
    with pytest.raises(ImplausibleFeedError, match=f"on {FRIDAY}"):
        plausibility.check_moves(quotes, {"2025-01-02", "2025-01-06"})


def test_what_is_stored_already_is_not_checked() -> None:
    quotes = rates_of("USD", (FRIDAY, "1"), ("2025-01-06", "3"), ("2025-01-07", "2"))
    plausibility.check_moves(quotes, {FRIDAY, "2025-01-06"})


@pytest.mark.parametrize(("day", "is_compared"), [("2025-01-13", True), ("2025-01-14", False)])
def test_a_quote_is_compared_with_one_at_most_ten_days_older(day: str, is_compared: bool) -> None:
    quotes = [
        *rates_of("ISK", (FRIDAY, "100")),
        Publication("2025-01-10", {"USD": "1"}),
        *rates_of("ISK", (day, "300")),
    ]
    if is_compared:
        with pytest.raises(ImplausibleFeedError, match="ISK moves from 100 to 300"):
            plausibility.check_moves(quotes, {FRIDAY})
    else:
        plausibility.check_moves(quotes, {FRIDAY})


def test_a_currency_without_a_quote_before_is_taken_and_the_others_are_checked() -> None:
    plausibility.check_moves([*HISTORY, Publication("2025-01-06", {"IDR": "16800", "USD": "1"})], {FRIDAY})
    with pytest.raises(ImplausibleFeedError, match="USD moves from"):
        plausibility.check_moves(
            [*HISTORY, Publication("2025-01-06", {"IDR": "16800", "USD": "9"})], {FRIDAY}
        )


def test_no_publication_of_the_ecbs_own_history_moves_too_far() -> None:
    plausibility.check_moves(ecb_publications(), set())


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("TRL", "2001-02-22"),
        ("ISK", "2008-10-08"),
        ("RUB", "2022-02-28"),
        ("TRY", "2021-12-21"),
        ("CHF", "2015-01-15"),
    ],
)
def test_the_worst_days_there_were_would_not_pass_a_tighter_bound(
    code: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above says something: the moves are in the file, and they are found."""
    monkeypatch.setattr(plausibility, "MAX_MOVE", Decimal("1.1"))
    stored = {known.date for known in ecb_publications()} - {day}
    with pytest.raises(ImplausibleFeedError, match=f"{code} moves from .* on {day}"):
        plausibility.check_moves(ecb_publications(), stored)
