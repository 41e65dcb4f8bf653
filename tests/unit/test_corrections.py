"""The corrections that a new file makes to stored publications."""

from __future__ import annotations

from rates.history import Correction
from rates.updating.corrections import corrections, log_lines, rewritten
from tests.history_files import HISTORY, NEXT, corrected
from tests.steady_history import by_date

FRIDAY = "2025-01-03"
STORED = by_date(HISTORY)


def test_more_publications_correct_nothing() -> None:
    assert corrections((*HISTORY, NEXT), STORED) == []


def test_late_publication_is_no_correction() -> None:
    assert corrections(HISTORY, by_date((*HISTORY[:3], *HISTORY[4:]))) == []


def test_first_history_corrects_nothing() -> None:
    assert corrections(HISTORY, {}) == []


def test_corrections_are_in_the_order_of_dates_and_currencies() -> None:
    new = corrected(corrected(HISTORY, FRIDAY, USD="1.03", GBP="0.83"), "2023-12-28", USD="1.11")
    assert corrections(new, STORED) == [
        Correction("2023-12-28", "USD", "1.1114", "1.11"),
        Correction(FRIDAY, "GBP", "0.8293", "0.83"),
        Correction(FRIDAY, "USD", "1.0299", "1.03"),
    ]


def test_other_digits_of_the_same_number_are_only_counted() -> None:
    new = corrected(HISTORY, FRIDAY, USD="1.02990", GBP="0.83")
    assert corrections(new, STORED) == [Correction(FRIDAY, "GBP", "0.8293", "0.83")]
    assert rewritten(new, STORED) == 1


def test_log_of_a_mass_rewrite_is_bounded() -> None:
    found = [Correction(FRIDAY, "USD", "1.0299", "1.03")] * 100_000
    lines = list(log_lines(found, 0))
    assert len(lines) == 1001
    assert lines[-1] == {"more_corrections": 99_000}
    assert list(log_lines([], 221_702)) == [{"rewritten": 221_702}]


def test_late_rate_has_no_value_before() -> None:
    new = corrected(HISTORY, FRIDAY, JPY="162.1")
    assert corrections(new, STORED) == [Correction(FRIDAY, "JPY", "", "162.1")]


def test_removed_rate_has_no_value_now() -> None:
    new = corrected(HISTORY, FRIDAY, GBP="")
    assert corrections(new, STORED) == [Correction(FRIDAY, "GBP", "0.8293", "")]


def test_removed_publication_is_one_correction() -> None:
    assert corrections(HISTORY[1:], STORED) == [Correction("2023-12-28", "*", "published", "")]
