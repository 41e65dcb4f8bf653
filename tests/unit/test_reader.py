"""A reader whose store works: its cache, its few reads, and the order of revisions."""

from collections.abc import Mapping

import pytest

from rates.history import Year
from rates.serving.reader import TIME_TO_LIVE, Report
from rates.serving.snapshot import Snapshot
from rates.storage.documents import YearEntry
from tests.history_files import HISTORY, NEXT, corrected
from tests.support import latest_of
from tests.unit.reading import DATES, FailingStore, ReaderUnderTest, cold_reader, warm_reader


def test_warm_reader_reads_nothing_until_the_time_to_live_ends() -> None:
    warm = warm_reader()
    warm.clock.seconds += TIME_TO_LIVE - 0.1
    assert warm.all() == (DATES, Report(DATES[-1], reads=0))
    assert warm.calls() == []
    warm.clock.seconds += 0.1
    assert warm.all() == (DATES, Report(DATES[-1], reads=1))
    assert warm.calls() == ["latest"]
    warm.clock.seconds += TIME_TO_LIVE - 0.1
    warm.newest()
    assert warm.calls() == []


def test_latest_publication_costs_one_read() -> None:
    cold = cold_reader()
    assert cold.newest() == ("2025-01-03", Report("2025-01-03", reads=1))
    assert cold.calls() == ["latest"]


def test_new_publication_costs_two_reads_after_the_time_to_live() -> None:
    warm = warm_reader()
    warm.store.put((*HISTORY, NEXT))
    assert warm.newest()[0] == "2025-01-03"
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.all() == ([*DATES, NEXT.date], Report(NEXT.date, reads=2))
    assert warm.calls() == ["latest", "years"]


def test_years_that_no_snapshot_needs_are_dropped() -> None:
    warm = warm_reader()
    for digits in ("1.03", "1.031", "1.032"):
        warm.store.put(corrected(HISTORY, "2025-01-03", USD=digits))
        warm.clock.seconds += TIME_TO_LIVE
        warm.all()
    assert len(warm.reader._years) == 4  # three are current, one is of the previous snapshot


def test_empty_table_has_no_trouble_and_is_read_again() -> None:
    empty = ReaderUnderTest(FailingStore([]))
    assert empty.unavailable() == Report(None, reads=2, trouble="")
    assert empty.calls() == ["latest", "latest, consistent"]
    empty.store.put(HISTORY)
    assert empty.newest() == ("2025-01-03", Report("2025-01-03", reads=1))


@pytest.mark.fault("An outdated read of the latest item")
def test_older_revision_is_replaced_by_a_consistent_read() -> None:
    warm = warm_reader()
    warm.store.put((*HISTORY, NEXT))
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.newest()[0] == NEXT.date
    warm.calls()
    warm.store.outdated = latest_of(HISTORY)[0]
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.newest() == (NEXT.date, Report(NEXT.date, reads=2))
    assert warm.calls() == ["latest", "latest, consistent"]


@pytest.mark.fault("An outdated read of the latest item")
def test_consistent_read_of_a_lower_revision_is_believed() -> None:
    """An older latest item was put back."""
    warm = warm_reader()
    warm.store.put(HISTORY, revision=7)
    warm.clock.seconds += TIME_TO_LIVE
    warm.newest()
    warm.store.put((*HISTORY, NEXT), revision=1)
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.newest() == (NEXT.date, Report(NEXT.date, reads=2))
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.newest() == (NEXT.date, Report(NEXT.date, reads=1))


def test_year_that_is_not_there_yet_is_read_again_consistently() -> None:
    cold = cold_reader()
    years, read = cold.store.by_digest, cold.store.years

    def appear(entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        cold.store.by_digest = years if consistent else {}
        return read(entries, consistent=consistent)

    cold.store.years = appear  # type: ignore[method-assign]
    assert cold.all() == (DATES, Report(DATES[-1], reads=3))
    assert cold.calls() == ["latest", "years", "years, consistent"]


def test_only_the_missing_years_are_read_again() -> None:
    cold = cold_reader()
    first = next(iter(cold.store.by_digest))
    year, read = cold.store.by_digest.pop(first), cold.store.years
    asked: list[list[str]] = []

    def note(entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        asked.append(list(entries))
        found = read(entries, consistent=consistent)
        cold.store.by_digest[first] = year
        return found

    cold.store.years = note  # type: ignore[method-assign]
    assert cold.all()[0] == DATES
    assert asked == [["2023", "2024", "2025"], ["2023"]]


@pytest.mark.fault("A reader with the history of a moment ago")
def test_reader_whose_years_are_missing_reads_latest_again() -> None:
    """An update ran while the function was asleep, and the cached latest item is not old enough."""
    sleepy = cold_reader()
    sleepy.newest()
    sleepy.store.put((*HISTORY[:4], NEXT), keep=False)
    sleepy.calls()
    assert sleepy.all() == ([*DATES[:4], NEXT.date], Report(NEXT.date, reads=4))
    assert sleepy.calls() == ["years", "years, consistent", "latest, consistent", "years"]


def test_errors_of_the_computation_pass_through() -> None:
    with pytest.raises(ZeroDivisionError):
        warm_reader().reader.read(lambda _: 1 / 0)


@pytest.mark.fault("A request in the middle of an update")
def test_answer_is_computed_from_one_snapshot() -> None:
    """Even if another snapshot becomes current meanwhile."""
    warm = warm_reader()

    def compute(snapshot: Snapshot) -> list[str]:
        warm.store.put((*HISTORY, NEXT))
        warm.clock.seconds += TIME_TO_LIVE
        assert warm.all()[0][-1] == NEXT.date
        return [snapshot.latest.publication.date, snapshot.years("2025", "9999")[-1].dates[-1]]

    assert warm.reader.read(compute) == ["2025-01-03", "2025-01-03"]
