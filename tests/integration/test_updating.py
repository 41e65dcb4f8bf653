"""An update publishes what changed, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rates.history import Publication
from rates.serving.reader import Reader
from rates.source import FeedContentError, Source
from rates.storage.documents import Changes
from rates.storage.store import ConflictError, Store
from rates.updating.feed import Download, Feed
from rates.updating.plausibility import ImplausibleFeedError
from rates.updating.update import Summary, update
from tests.conftest import asking
from tests.history_files import HISTORY, NEXT, archive, corrected, csv_text
from tests.integration.dynamodb import before_each_call, change, items, only
from tests.integration.publishing import NOW, URL, history_in, latest_in, publish, revision_in
from tests.support import ecb_file, ecb_publications

DAY = timedelta(days=1)
NEXT_DAY = (*HISTORY, NEXT)


def test_a_first_update_stores_the_whole_history(store: Store) -> None:
    assert publish(store, HISTORY) == Summary(
        date="2025-01-03",
        previous_date="2025-01-02",
        publications=6,
        years_written=["2023", "2024", "2025"],
        corrections=[],
        unexpected_dates=[],
        restarts=0,
        feed_error=None,
    )
    assert history_in(store) == HISTORY


def test_the_latest_item_describes_the_history(store: Store) -> None:
    publish(store, HISTORY, tag="tag")
    latest = latest_in(store)
    assert latest.revision == 1
    assert latest.updated_at == "2025-01-06T17:00:00Z"
    assert latest.source == Source(URL, "tag")
    assert [(year, *entry[1:]) for year, entry in latest.years.items()] == [
        ("2023", "2023-12-28", "2023-12-29", 2),
        ("2024", "2024-12-30", "2024-12-31", 2),
        ("2025", "2025-01-02", "2025-01-03", 2),
    ]
    assert latest.currencies["HRK"] == ("2023-12-28", "2023-12-29")
    assert latest.changes == Changes(("2023", "2024", "2025"))


@pytest.mark.parametrize(("count", "previous"), [(1, None), (2, "2023-12-28")])
def test_a_short_history_is_stored(store: Store, count: int, previous: str | None) -> None:
    assert publish(store, HISTORY[:count]).previous_date == previous
    assert history_in(store) == HISTORY[:count]


def test_a_new_publication_writes_only_its_year(published: Store) -> None:
    summary = publish(published, NEXT_DAY)
    assert (summary.date, summary.previous_date) == ("2025-01-06", "2025-01-03")
    assert summary.years_written == ["2025"]
    assert history_in(published) == NEXT_DAY
    latest = latest_in(published)
    assert (latest.revision, latest.first_revision, latest.changes) == (2, 1, Changes(("2025",)))


@pytest.mark.parametrize("columns", [("USD", "HRK", "GBP"), ("GBP", "HRK", "USD", "XYZ")])
def test_another_order_of_the_columns_is_a_revision(published: Store, columns: tuple[str, ...]) -> None:
    assert latest_in(published).columns == ("GBP", "HRK", "USD")
    file = archive(csv_text(HISTORY, columns))
    for _ in range(2):  # the second update finds it unchanged
        update(published, Feed(URL, lambda _: Download(file, Source(URL))), NOW + DAY)
        assert (latest_in(published).revision, latest_in(published).columns) == (2, columns)
        assert latest_in(published).changes == Changes()


def test_the_csv_of_the_api_is_that_of_the_published_file(store: Store) -> None:
    columns = ("USD", "XYZ", "HRK", "GBP")
    for history in (HISTORY, NEXT_DAY):
        text = csv_text(history, columns)
        update(store, Feed(URL, lambda _, text=text: Download(archive(text), Source(URL))), NOW)  # type: ignore[misc]
        assert asking(Reader(store))("/eurofxref-hist.csv").body == text


@pytest.mark.parametrize("tag", ["tag", "another"])
def test_an_unchanged_history_writes_nothing(published: Store, table: Any, tag: str) -> None:
    before = items(table)
    summary = publish(published, HISTORY, NOW + DAY, tag=tag)
    assert (summary.years_written, summary.publications, summary.date) == ([], 6, "2025-01-03")
    assert summary.restarts == 0
    assert items(table) == before


def test_a_publication_of_tomorrow_is_an_error(published: Store) -> None:
    with pytest.raises(FeedContentError, match="2025-01-06"):
        publish(published, NEXT_DAY, NOW - DAY)
    assert history_in(published) == HISTORY


def test_an_update_makes_three_reads_and_two_writes(published: Store, table: Any) -> None:
    """Its cost does not grow with the table."""
    calls: list[str] = []
    table.meta.events.register("provide-client-params.dynamodb", lambda model, **_: calls.append(model.name))
    publish(published, NEXT_DAY)
    assert calls == ["GetItem", "GetItem", "BatchGetItem", "PutItem", "TransactWriteItems"]


def test_each_revision_is_later_than_the_one_before(published: Store) -> None:
    publish(published, NEXT_DAY, NOW - timedelta(hours=1))
    publish(published, HISTORY, NOW + timedelta(seconds=1.5))
    publish(published, NEXT_DAY, NOW + timedelta(days=1))
    times = [revision_in(published, number).updated_at for number in (4, 3, 2)]
    assert times == ["2025-01-07T17:00:00Z", "2025-01-06T17:00:02Z", "2025-01-06T17:00:01Z"]


@pytest.mark.fault("Other updates always publish in the meantime")
def test_an_update_gives_up_after_five_conflicts(published: Store, table: Any) -> None:
    overtaken: list[int] = []

    def overtake(**_: Any) -> None:
        overtaken.append(int(items(table)["latest"]["revision"]["N"]))
        change(table, "latest", revision={"N": str(overtaken[-1] + 1)})

    before_each_call(table, only("TransactWriteItems", overtake))
    with pytest.raises(ConflictError):
        publish(published, NEXT_DAY)
    assert overtaken == [1, 2, 3, 4, 5]


@pytest.mark.fault("Another update published in the meantime")
def test_an_overtaken_update_starts_again(published: Store, table: Any) -> None:
    is_waiting = [True]

    def overtake(**_: Any) -> None:
        if is_waiting:
            is_waiting.clear()
            publish(published, corrected(HISTORY, "2025-01-03", USD="1.03"))

    before_each_call(table, only("TransactWriteItems", overtake))
    summary = publish(published, NEXT_DAY)
    assert summary.restarts == 1
    assert summary.corrections == [("2025-01-03", "USD", "1.03", "1.0299")]
    assert history_in(published) == NEXT_DAY


@pytest.mark.usefixtures("judged")
def test_the_real_history_is_stored_completely(store: Store) -> None:
    feed = Feed(URL, lambda _: Download(ecb_file(), Source(URL)))
    update(store, feed, datetime(2026, 10, 31, tzinfo=UTC))
    assert history_in(store) == ecb_publications()


@pytest.mark.usefixtures("judged")
@pytest.mark.fault("A file that looks wrong")
def test_an_implausible_file_is_published_only_by_force(store: Store, table: Any) -> None:
    publications = [one for one in ecb_publications() if one.date < "1999-07"]
    publish(store, publications[:-1])
    wrong = corrected(publications, publications[-1].date, USD="9.99")
    before = items(table)
    with pytest.raises(ImplausibleFeedError, match=r"USD of 1999-06-30: 9\.99"):
        publish(store, wrong)
    assert items(table) == before
    publish(store, wrong, force=True)
    assert history_in(store) == tuple(wrong)
    publish(store, publications)  # needs no force
    assert history_in(store) == tuple(publications)


@pytest.mark.usefixtures("judged")
def test_a_file_that_lacks_a_stored_rate_is_refused(store: Store, table: Any) -> None:
    publications = [one for one in ecb_publications() if one.date < "1999-07"]
    publish(store, publications)
    before = items(table)
    with pytest.raises(ImplausibleFeedError, match=r"^lost or late rate: .*USD of 1999-01-05: no rate"):
        publish(store, corrected(publications, "1999-01-05", USD=""))
    assert items(table) == before


@pytest.mark.usefixtures("judged")
@pytest.mark.fault("A publication on a weekday when TARGET is closed")
def test_an_unexpected_date_is_published_and_named(store: Store) -> None:
    publications = [one for one in ecb_publications() if one.date < "2000-05-01"]
    publish(store, publications)
    rates = {code: f"{float(rate) * 1.001:.4f}" for code, rate in publications[-1].rates.items()}
    summary = publish(store, [*publications, Publication("2000-05-01", rates)])
    assert summary.unexpected_dates == ["2000-05-01"]
