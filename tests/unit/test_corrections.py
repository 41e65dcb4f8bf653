"""The corrections that a new file makes to stored publications."""

from rates.history import Correction
from rates.updating.corrections import Differences, compare
from tests.history_files import HISTORY, NEXT, corrected
from tests.steady_history import by_date

FRIDAY = "2025-01-03"
STORED = by_date(HISTORY)


def test_more_publications_correct_nothing() -> None:
    assert compare((*HISTORY, NEXT), STORED) == Differences([])


def test_late_publication_is_no_correction() -> None:
    assert compare(HISTORY, by_date((*HISTORY[:3], *HISTORY[4:]))) == Differences([])


def test_first_history_corrects_nothing() -> None:
    assert compare(HISTORY, {}) == Differences([])


def test_corrections_are_in_the_order_of_dates_and_currencies() -> None:
    new = corrected(corrected(HISTORY, FRIDAY, USD="1.03", GBP="0.83"), "2023-12-28", USD="1.11")
    assert compare(new, STORED).corrections == [
        Correction("2023-12-28", "USD", "1.1114", "1.11"),
        Correction(FRIDAY, "GBP", "0.8293", "0.83"),
        Correction(FRIDAY, "USD", "1.0299", "1.03"),
    ]


def test_other_digits_of_the_same_value_are_counted_and_no_correction() -> None:
    new = corrected(HISTORY, FRIDAY, USD="1.02990", GBP="0.83")
    assert compare(new, STORED) == Differences([Correction(FRIDAY, "GBP", "0.8293", "0.83")], 1)


def test_late_rate_has_no_value_before() -> None:
    new = corrected(HISTORY, FRIDAY, JPY="162.1")
    assert compare(new, STORED) == Differences([Correction(FRIDAY, "JPY", "", "162.1")])


def test_removed_rate_has_no_value_now() -> None:
    new = corrected(HISTORY, FRIDAY, GBP="")
    assert compare(new, STORED) == Differences([Correction(FRIDAY, "GBP", "0.8293", "")])


def test_removed_publication_is_one_correction() -> None:
    assert compare(HISTORY[1:], STORED).corrections == [Correction("2023-12-28", "*", "published", "")]
