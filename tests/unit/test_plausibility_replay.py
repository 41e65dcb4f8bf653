"""True publications are never refused, and no wrong file locks the history."""

from random import Random

import pytest

from rates.history import Publication
from tests.steady_history import refusal
from tests.support import ecb_publications
from tests.wrong_files import KINDS
from tests.wrong_files.places import times
from tests.wrong_files.trial import Outcome, is_accepted, trial

pytestmark = pytest.mark.full
PLACES = 10

# Kinds that the rule cannot always tell from the truth. It refuses each file of the others.
PLAUSIBLE = {
    *(
        f"one rate: {name}"
        for name in ("x1.36", "±30 %", "±20 %", "±10 %", "±1 %", "1/x", "another currency's")
    ),
    *(f"one rate: digit {name}" for name in ("replaced", "dropped", "doubled")),
    *(f"{place}: one rate {name}" for place in ("old", "recent") for name in ("±20 %", "±10 %", "±1 %")),
    *(f"old: {name}" for name in ("one rate digits exchanged", "x1.01", "two swapped")),
    *(f"newest: {name}" for name in ("x1.03", "x1.01", "2 decimals", "half x1.05", "in dollars")),
    *(f"newest: {name}" for name in ("one gone", "four gone", "new currency at 5", "three nearest rotated")),
    *(f"newest: {name}" for name in ("AUD and CAD swapped", "two swapped", "two swapped, 3 to 30 % apart")),
    *(f"newest and {count} before exchanged" for count in (1, 20, 250)),
    *(f"old: exchanged with {count} before" for count in (5, 250)),
    "one rate: digits exchanged",
    "one more on a holiday",
    "newest under yesterday's date",
    "yesterday's missing",
    "a month x1.001",
    "a currency's month x1.1",
    "a currency's year x1.1",
    "headers swapped, 3 to 30 % apart",
    "an ended currency is back",
    "a currency ends early",
    "one day beyond the end of a series",
}


@pytest.mark.parametrize("year", range(1999, 2027))
def test_each_true_publication_is_accepted(year: int) -> None:
    history = ecb_publications()
    of_year = [i for i, publication in enumerate(history) if publication.date.startswith(str(year))]
    assert of_year
    for i in of_year:
        assert refusal(history[: i + 1], history[:i]) == "", history[i].date


@pytest.mark.parametrize("missed", [2, 3, 5, 10, 20, 30])
def test_true_file_is_accepted_after_an_outage(missed: int) -> None:
    random, history = Random(missed), ecb_publications()
    for end in random.sample(range(missed, len(history) + 1), 100):
        assert refusal(history[:end], history[: end - missed]) == "", history[end - 1].date


@pytest.mark.fault("An accepted wrong file")
@pytest.mark.parametrize("kind", KINDS)
def test_wrong_file_is_refused_or_healed(kind: str) -> None:
    outcomes = {trial(kind, number) for number in range(PLACES)}
    if kind in PLAUSIBLE:
        assert Outcome.LOCKED not in outcomes
        assert outcomes != {Outcome.UNCHANGED}
    else:
        assert outcomes - {Outcome.UNCHANGED} == {Outcome.REFUSED}


@pytest.mark.parametrize("missed", [5, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_wrong_file_after_an_outage_does_not_lock_the_history(kind: str, missed: int) -> None:
    assert Outcome.LOCKED not in [trial(kind, number, missed) for number in range(2)]


@pytest.mark.parametrize("factor", ["10", "0.1", "1.36", "2"])
def test_true_file_repairs_a_forced_rate(factor: str) -> None:
    random, history = Random(factor), ecb_publications()
    for _ in range(50):
        end = random.randrange(400, len(history))
        at = random.randrange(end)
        day, rates = history[at]
        code = random.choice(sorted(rates))
        stored = list(history[:end])
        stored[at] = Publication(day, {**rates, code: times(factor, rates[code])})
        assert is_accepted(history[:end], stored), (day, code)
        assert is_accepted(history[: end + 1], stored), (day, code)


@pytest.mark.parametrize("age", [1, 2, 5, 255])
def test_small_correction_is_accepted_in_both_directions(age: int) -> None:
    """Correct up to ten rates of one publication by up to 2 %."""
    random, history = Random(age), ecb_publications()
    for _ in range(50):
        end = random.randrange(400, len(history))
        corrected = list(history[:end])
        day, rates = corrected[-age]
        codes = random.sample(sorted(rates), random.randrange(1, 11))
        new = {code: times(str(random.randrange(9800, 10201) / 10_000), rates[code]) for code in codes}
        corrected[-age] = Publication(day, {**rates, **new})
        assert is_accepted(corrected, history[:end]), day
        assert is_accepted(history[:end], corrected), day
