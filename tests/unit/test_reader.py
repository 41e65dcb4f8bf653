"""A warm reader: few reads, one history an answer, and answers from memory while DynamoDB is in trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from rates.history import Year
from rates.serving.errors import HttpError
from rates.serving.reader import RETRY_AFTER, TIME_TO_LIVE, Reader, Snapshot
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import UnavailableError
from tests.fake_time import FakeTime
from tests.history_files import HISTORY, NEXT, corrected
from tests.support import MemoryStore, latest_of

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "GetItem")
TROUBLES: list[Exception] = [
    THROTTLED,
    ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetItem"),
    ReadTimeoutError(endpoint_url="https://dynamodb.example"),
    BotoCoreError(),
]


class FailingStore(MemoryStore):
    """A store whose reads of one kind, or of both, fail while they are told to."""

    latest_error: Exception | None = None
    years_error: Exception | None = None

    def latest(self, *, consistent: bool = False) -> Latest | None:
        """What is current, if it may be read."""
        found = super().latest(consistent=consistent)
        if self.latest_error:
            raise self.latest_error
        return found

    def years(self, entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        """The years, if they may be read."""
        found = super().years(entries, consistent=consistent)
        if self.years_error:
            raise self.years_error
        return found

    def put(self, publications: Any, *, keep: bool = True) -> None:
        """Publish another history."""
        revision = self.current.revision + 1 if self.current else 1
        self.current, added = latest_of(publications, revision)
        self.by_digest = {**(self.by_digest if keep else {}), **added}


class Warm:
    """A reader of a store, with the clock that it goes by."""

    def __init__(self, store: FailingStore) -> None:
        self.store = store
        self.clock = FakeTime()
        self.reader = Reader(store, self.clock.now)  # type: ignore[arg-type]

    def newest(self) -> str:
        """The date of the latest publication, which needs no year."""
        return self.reader.answer(lambda history: history.latest.publication.date)

    def all(self) -> list[str]:
        """The date of every publication."""
        return self.reader.answer(lambda history: [day for y in history.years("", "9999") for day in y.dates])

    def calls(self) -> list[str]:
        """What was asked of the store since this was asked last."""
        calls, self.store.calls = self.store.calls, []
        return calls


DATES = [known.date for known in HISTORY]


@pytest.fixture
def warm() -> Warm:
    known = Warm(FailingStore(HISTORY))
    assert known.all() == DATES
    assert known.calls() == ["latest", "years"]
    return known


@pytest.fixture
def cold() -> Warm:
    return Warm(FailingStore(HISTORY))


def refusal(ask: Callable[[], object]) -> HttpError:
    with pytest.raises(HttpError) as raised:
        ask()
    return raised.value


def test_a_warm_reader_reads_nothing_until_its_time_is_over(warm: Warm) -> None:
    warm.clock.seconds += TIME_TO_LIVE - 0.1
    assert warm.all() == DATES
    assert warm.calls() == []
    warm.clock.seconds += 0.1
    assert warm.all() == DATES
    assert warm.calls() == ["latest"]
    warm.clock.seconds += TIME_TO_LIVE - 0.1
    warm.newest()
    assert warm.calls() == []


def test_a_request_for_the_latest_costs_one_read(cold: Warm) -> None:
    assert cold.newest() == "2025-01-03"
    assert cold.calls() == ["latest"]
    assert cold.reader.reads == 1
    assert cold.reader.newest_date == "2025-01-03"


def test_a_new_publication_is_seen_within_the_time_to_live_and_its_year_alone_is_read(warm: Warm) -> None:
    warm.store.put((*HISTORY, NEXT))
    assert warm.newest() == "2025-01-03"
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.all() == [*DATES, NEXT.date]
    assert warm.calls() == ["latest", "years"]
    assert warm.reader.reads == 4


def test_years_that_nothing_names_any_more_are_forgotten(warm: Warm) -> None:
    for digits in ("1.03", "1.031", "1.032"):
        warm.store.put(corrected(HISTORY, "2025-01-03", USD=digits))
        warm.clock.seconds += TIME_TO_LIVE
        warm.all()
    assert len(warm.reader._years) == 4  # three that are current, and one of the history before


def test_a_reader_that_was_not_asked_yet_has_no_trouble(cold: Warm) -> None:
    assert (cold.reader.trouble, cold.reader.reads, cold.reader.newest_date) == ("", 0, None)


def test_no_data_yet_is_said_to_be_so_and_looked_for_again() -> None:
    empty = Warm(FailingStore([]))
    answer = refusal(empty.newest)
    assert (answer.status, answer.message, answer.headers) == (503, "no data yet", {"Retry-After": "60"})
    assert empty.reader.trouble == ""
    assert empty.reader.newest_date is None
    assert empty.calls() == ["latest", "latest, consistent"]
    empty.store.put(HISTORY)
    assert empty.newest() == "2025-01-03"


@pytest.mark.parametrize("error", TROUBLES, ids=repr)
def test_while_latest_cannot_be_read_answers_come_from_memory_and_say_so(
    warm: Warm, error: Exception
) -> None:
    warm.store.latest_error = error
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.all() == DATES
    assert warm.reader.trouble == repr(error)
    assert warm.calls() == ["latest"]
    warm.clock.seconds += RETRY_AFTER - 0.1
    assert warm.all() == DATES
    assert warm.reader.trouble == repr(error)
    assert warm.calls() == []
    warm.clock.seconds += 0.1
    warm.store.latest_error = None
    assert warm.all() == DATES
    assert warm.calls() == ["latest"]
    assert warm.reader.trouble == ""


@pytest.mark.parametrize("error", TROUBLES, ids=repr)
def test_a_cold_reader_that_can_read_nothing_waits_for_one_call_and_refuses(
    cold: Warm, error: Exception
) -> None:
    cold.store.latest_error = error
    answer = refusal(cold.newest)
    assert (answer.status, answer.message) == (503, "temporarily unavailable")
    assert answer.headers == {"Retry-After": "60"}
    assert cold.calls() == ["latest"]
    assert cold.reader.trouble == repr(error)
    refusal(cold.newest)
    assert cold.reader.trouble == repr(error)
    assert cold.calls() == []
    cold.store.latest_error = None
    cold.clock.seconds += RETRY_AFTER
    assert cold.newest() == "2025-01-03"
    assert cold.reader.trouble == ""


def test_a_year_that_cannot_be_read_is_refused_after_one_call_and_the_latest_is_not(cold: Warm) -> None:
    cold.store.years_error = THROTTLED
    assert refusal(cold.all).message == "temporarily unavailable"
    assert cold.calls() == ["latest", "years"]
    assert cold.newest() == "2025-01-03"
    assert cold.calls() == []
    cold.store.years_error = None
    cold.clock.seconds += RETRY_AFTER
    assert cold.all() == DATES


def test_a_new_year_that_cannot_be_read_is_answered_from_the_history_before(warm: Warm) -> None:
    warm.store.put((*HISTORY, NEXT))
    warm.clock.seconds += TIME_TO_LIVE
    warm.store.years_error = THROTTLED
    assert warm.all() == DATES
    assert "ThrottlingException" in warm.reader.trouble
    assert warm.calls() == ["latest", "years"]


@pytest.mark.parametrize(
    "error", [UnreadableDocumentError("damaged"), UnavailableError("DynamoDB left keys unprocessed")]
)
def test_a_document_that_cannot_be_used_is_answered_from_the_history_before(
    warm: Warm, error: Exception
) -> None:
    warm.store.put((*HISTORY, NEXT))
    warm.clock.seconds += TIME_TO_LIVE
    warm.store.years_error = error
    assert warm.all() == DATES
    assert warm.reader.trouble == repr(error)


@pytest.mark.parametrize("error", [UnreadableDocumentError("format 2")])
def test_a_latest_that_cannot_be_used_is_answered_from_memory_and_read_again_soon(
    warm: Warm, error: Exception
) -> None:
    warm.store.latest_error = error
    warm.clock.seconds += TIME_TO_LIVE
    for calls in (["latest"], []):
        assert warm.newest() == "2025-01-03"
        assert warm.reader.trouble == repr(error)
        assert warm.calls() == calls
        warm.clock.seconds += RETRY_AFTER / 2
    warm.newest()
    assert warm.calls() == ["latest"]


def test_a_latest_that_is_gone_is_answered_from_memory(warm: Warm) -> None:
    warm.store.current = None
    warm.clock.seconds += TIME_TO_LIVE
    assert warm.all() == DATES
    assert warm.reader.trouble == "what is current is gone from the table"


def test_a_year_that_was_not_there_yet_is_read_again_consistently(cold: Warm) -> None:
    years = cold.store.by_digest
    cold.store.by_digest = {}
    ask = cold.store.years

    def appear(entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        cold.store.by_digest = years if consistent else {}
        return ask(entries, consistent=consistent)

    cold.store.years = appear  # type: ignore[method-assign]
    assert cold.all() == DATES
    assert cold.calls() == ["latest", "years", "years, consistent"]
    assert cold.reader.reads == 3


def test_only_the_years_that_are_missing_are_read_again(cold: Warm) -> None:
    first = next(iter(cold.store.by_digest))
    year = cold.store.by_digest.pop(first)
    asked: list[list[str]] = []
    ask = cold.store.years

    def note(entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        asked.append(list(entries))
        found = ask(entries, consistent=consistent)
        cold.store.by_digest[first] = year
        return found

    cold.store.years = note  # type: ignore[method-assign]
    assert cold.all() == DATES
    assert asked == [["2023", "2024", "2025"], ["2023"]]


def test_a_reader_whose_years_have_expired_reads_latest_again(warm: Warm) -> None:
    """As after an update while the function was asleep, with a `latest` still thought to be good."""
    sleepy = Warm(warm.store)
    sleepy.newest()
    sleepy.store.put((*HISTORY[:4], NEXT), keep=False)
    sleepy.calls()
    assert sleepy.all() == [*DATES[:4], NEXT.date]
    assert sleepy.calls() == ["years", "years, consistent", "latest, consistent", "years"]
    assert sleepy.reader.trouble == ""


def test_a_year_that_is_missing_for_good_is_named(cold: Warm) -> None:
    del cold.store.by_digest[next(iter(cold.store.by_digest))]
    assert refusal(cold.all).message == "temporarily unavailable"
    assert cold.reader.trouble == repr(UnavailableError("no document of 2023 as `latest` names it"))
    assert cold.newest() == "2025-01-03"
    assert cold.reader.trouble == ""


def test_faults_of_the_computation_are_not_taken_for_dynamodbs(warm: Warm) -> None:
    with pytest.raises(ZeroDivisionError):
        warm.reader.answer(lambda _: 1 / 0)


def test_an_answer_is_computed_from_one_history(warm: Warm) -> None:
    """Even if another one becomes current while it is computed."""

    def compute(history: Snapshot) -> list[str]:
        warm.store.put((*HISTORY, NEXT))
        warm.clock.seconds += TIME_TO_LIVE
        other = warm.all()
        assert other[-1] == NEXT.date
        return [history.latest.publication.date, history.years("2025", "9999")[-1].dates[-1]]

    assert warm.reader.answer(compute) == ["2025-01-03", "2025-01-03"]


def on_or_before(known: Warm, day: str) -> str | None:
    def compute(history: Snapshot) -> str | None:
        found = history.on_or_before(day)
        return found and found[0].dates[found[1]]

    return known.reader.answer(compute)


@pytest.mark.parametrize(
    ("day", "found", "reads"),
    [
        ("2025-01-09", "2025-01-03", ["latest"]),
        ("2025-01-03", "2025-01-03", ["latest"]),
        ("2025-01-02", "2025-01-02", ["latest"]),
        ("2025-01-01", "2024-12-31", ["latest", "years"]),
        ("2024-12-30", "2024-12-30", ["latest", "years"]),
        ("2024-06-01", "2023-12-29", ["latest", "years"]),
        ("2023-12-28", "2023-12-28", ["latest", "years"]),
        ("2023-12-27", None, ["latest"]),
    ],
)
def test_a_day_is_found_in_as_few_reads_as_may_be(
    cold: Warm, day: str, found: str | None, reads: list[str]
) -> None:
    assert on_or_before(cold, day) == found
    assert cold.calls() == reads


def test_a_day_is_found_in_a_history_of_one_publication() -> None:
    single = Warm(FailingStore(HISTORY[:1]))
    assert on_or_before(single, "2024-01-01") == "2023-12-28"
    assert on_or_before(single, "2023-01-01") is None


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2025-01-02", "2025-01-03", ["2025"]),
        ("2025-01-01", "2025-01-03", ["2024", "2025"]),
        ("2024-12-31", "2024-12-31", ["2024"]),
        ("2024-12-01", "2024-12-31", ["2023", "2024"]),
        ("2024-02-01", "2024-03-31", ["2023"]),
        ("2020-01-01", "2023-12-28", ["2023"]),
        ("2020-01-01", "9999-12-31", ["2023", "2024", "2025"]),
        ("2020-01-01", "2023-12-27", []),
        ("2026-01-01", "2026-12-31", ["2025"]),
    ],
)
def test_a_range_reads_the_years_from_the_publication_on_or_before_its_start(
    cold: Warm, start: str, end: str, years: list[str]
) -> None:
    found = cold.reader.answer(lambda history: history.years(start, end))
    assert [year.dates[0][:4] for year in found] == years
    assert cold.calls() == (["latest", "years"] if years else ["latest"])
