"""A reader whose store fails: answers from memory, few calls, and errors that name the reason."""

import time
from inspect import signature

import pytest

from rates.serving.dynamodb import CallError
from rates.serving.reader import RETRY_AFTER, TIME_TO_LIVE, Reader, Report
from rates.storage.documents import UnreadableDocumentError
from rates.storage.store import UnavailableError
from tests.history_files import HISTORY, NEXT
from tests.support import latest_of
from tests.unit.reading import DATES, THROTTLED, cold_reader, warm_reader

FAILED_CALLS = [THROTTLED, CallError("TimeoutError()"), UnavailableError("DynamoDB's answer is empty")]


@pytest.mark.parametrize("error", FAILED_CALLS, ids=repr)
def test_answers_come_from_memory_while_latest_cannot_be_read(error: Exception) -> None:
    warm = warm_reader()
    warm.store.latest_error = error
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.all() == (DATES, Report(DATES[-1], reads=1, trouble=repr(error)))
    warm.clock.seconds += RETRY_AFTER - 0.1
    assert warm.all() == (DATES, Report(DATES[-1], reads=0, trouble=repr(error)))
    warm.clock.seconds += 0.1
    warm.store.latest_error = None
    assert warm.all() == (DATES, Report(DATES[-1], reads=1, trouble=""))
    assert warm.calls() == ["latest", "latest"]


@pytest.mark.parametrize("error", FAILED_CALLS, ids=repr)
def test_cold_reader_waits_for_one_failed_call_only(error: Exception) -> None:
    cold = cold_reader()
    cold.store.latest_error = error
    assert cold.unavailable() == Report(None, reads=1, trouble=repr(error))
    assert cold.unavailable() == Report(None, reads=0, trouble=repr(error))
    assert cold.calls() == ["latest"]
    cold.store.latest_error = None
    cold.clock.seconds += RETRY_AFTER
    assert cold.newest() == ("2025-01-03", Report("2025-01-03", reads=1))


def test_years_that_cannot_be_read_do_not_hide_the_latest() -> None:
    cold = cold_reader()
    cold.store.years_error = THROTTLED
    assert cold.unavailable() == Report(None, reads=2, trouble=repr(THROTTLED))
    assert cold.calls() == ["latest", "years"]
    assert cold.newest()[0] == "2025-01-03"
    assert cold.calls() == []
    cold.store.years_error = None
    cold.clock.seconds += RETRY_AFTER
    assert cold.all()[0] == DATES


@pytest.mark.parametrize("error", [*FAILED_CALLS, UnreadableDocumentError("damaged")], ids=repr)
def test_previous_snapshot_answers_if_a_new_year_cannot_be_read(error: Exception) -> None:
    warm = warm_reader()
    warm.store.put((*HISTORY, NEXT))
    warm.clock.seconds += TIME_TO_LIVE
    warm.store.years_error = error
    dates, report = warm.all()
    assert dates == DATES
    assert (report.newest_date, report.trouble) == (DATES[-1], repr(error))


def test_damaged_latest_is_answered_from_memory_and_retried_soon() -> None:
    warm = warm_reader()
    error = UnreadableDocumentError("format 9")
    warm.store.latest_error = error
    warm.clock.seconds += TIME_TO_LIVE
    for reads in (1, 0):
        assert warm.newest() == ("2025-01-03", Report("2025-01-03", reads, repr(error)))
        warm.clock.seconds += RETRY_AFTER / 2
    assert warm.newest()[1].reads == 1


def test_missing_latest_is_answered_from_memory() -> None:
    warm = warm_reader()
    warm.store.current = None
    warm.clock.seconds += TIME_TO_LIVE
    gone = "the latest item is gone from the table"
    assert warm.all() == (DATES, Report(DATES[-1], reads=2, trouble=gone))
    assert warm.calls() == ["latest", "latest, consistent"]
    assert warm.all() == (DATES, Report(DATES[-1], reads=0, trouble=gone))


def test_failed_consistent_read_keeps_the_current_snapshot() -> None:
    warm = warm_reader()
    warm.store.put((*HISTORY, NEXT), revision=5)
    warm.clock.seconds += TIME_TO_LIVE
    warm.newest()
    read = warm.store.latest

    def fail_if_consistent(*, consistent: bool = False) -> object:
        warm.store.latest_error = THROTTLED if consistent else None
        return read(consistent=consistent)

    warm.store.latest = fail_if_consistent  # type: ignore[method-assign,assignment]
    warm.store.outdated = latest_of(HISTORY, revision=4)[0]
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.newest() == (NEXT.date, Report(NEXT.date, reads=2, trouble=repr(THROTTLED)))


def test_error_names_the_missing_year() -> None:
    cold = cold_reader()
    digest = next(iter(cold.store.by_digest))
    del cold.store.by_digest[digest]
    report = cold.unavailable()
    assert f"the table lacks documents of a revision: 2023 with the digest {digest}" in report.trouble
    assert report.reads == 6
    assert cold.newest() == ("2025-01-03", Report("2025-01-03", reads=0))


def test_a_clock_that_was_set_back_ends_the_lifetime_of_the_cache() -> None:
    warm = warm_reader()
    warm.clock.seconds -= 3600
    assert warm.newest()[1].reads == 1


def test_a_clock_that_was_set_back_ends_the_pause_after_a_failure() -> None:
    warm = warm_reader()
    warm.clock.seconds += TIME_TO_LIVE
    warm.store.latest_error = THROTTLED
    assert warm.newest()[1].trouble
    warm.store.latest_error = None
    warm.clock.seconds -= 1
    assert warm.newest()[1].trouble == ""


def test_the_reader_measures_wall_clock_time() -> None:
    # Lambda freezes the monotonic clock with the environment.
    assert signature(Reader).parameters["clock"].default is time.time
