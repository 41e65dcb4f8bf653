"""An update: what changed is published, what did not is not, and what is wrong is neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rates.history import year_from
from rates.source import FeedContentError, FeedUnreachableError, Source
from rates.storage.documents import UnreadableDocumentError, digest, encode_year
from rates.storage.store import ConflictError, Store, year_key
from rates.updating.feed import Download
from rates.updating.plausibility import Correction, ImplausibleFeedError
from rates.updating.update import Summary, update
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import before_each_call, change, delete, items, only
from tests.integration.publishing import NOW, URL, feed_of, history_in, publish
from tests.support import ecb_file, ecb_publications

DAY = timedelta(days=1)
NEXT_DAY = (*HISTORY, NEXT)


@pytest.fixture
def filled(store: Store) -> Store:
    """The history as it was published, with a tag, and what a day does to the times in it."""
    publish(store, HISTORY, tag="tag")
    return store


def key_of(store: Store, year: str) -> str:
    """The key of the document that is current for a year."""
    latest = store.latest()
    assert latest
    return year_key(year, latest.years[year].digest)


def age(table: Any, key: str, seconds: float) -> None:
    """Have a document be written so long before NOW."""
    written_at = int((NOW.timestamp() - seconds) * 1_000_000)
    change(table, key, written_at={"N": str(written_at)})


def unreachable(known: Source | None) -> Download | None:
    raise FeedUnreachableError(f"not with {known.etag if known else None}")


def test_a_first_update_stores_the_whole_history(store: Store) -> None:
    assert publish(store, HISTORY) == Summary(
        date="2025-01-03",
        previous_date="2025-01-02",
        publications=6,
        years_written=["2023", "2024", "2025"],
        corrections=[],
        restarts=0,
        feed_error=None,
    )
    assert history_in(store) == HISTORY


def test_what_is_current_says_when_it_came_from_where(store: Store) -> None:
    publish(store, HISTORY, tag="tag")
    latest = store.latest()
    assert latest
    assert latest.revision == 1
    assert latest.updated_at == "2025-01-06T17:00:00Z"
    assert latest.source == Source(URL, "tag")
    assert [(year, entry.publications) for year, entry in latest.years.items()] == [
        ("2023", 2),
        ("2024", 2),
        ("2025", 2),
    ]
    assert (latest.years["2024"].first_date, latest.years["2024"].last_date) == ("2024-12-30", "2024-12-31")


@pytest.mark.parametrize(("count", "previous"), [(1, None), (2, "2023-12-28")])
def test_a_short_history_is_stored_too(store: Store, count: int, previous: str | None) -> None:
    assert publish(store, HISTORY[:count]).previous_date == previous
    assert history_in(store) == HISTORY[:count]


def test_a_new_publication_writes_its_year_alone(filled: Store) -> None:
    summary = publish(filled, NEXT_DAY)
    assert (summary.date, summary.previous_date) == ("2025-01-06", "2025-01-03")
    assert summary.years_written == ["2025"]
    assert history_in(filled) == NEXT_DAY
    latest = filled.latest()
    assert latest
    assert latest.revision == 2


@pytest.mark.parametrize("tag", ["tag", "another"])
def test_the_same_history_again_writes_nothing(filled: Store, table: Any, tag: str) -> None:
    before = items(table)
    summary = publish(filled, HISTORY, NOW + DAY, tag=tag)
    assert (summary.years_written, summary.publications, summary.date) == ([], 6, "2025-01-03")
    assert summary.restarts == 0
    assert items(table) == before


def test_a_feed_that_changed_is_told_what_was_known_of_it(filled: Store) -> None:
    with pytest.raises(FeedUnreachableError, match="not with tag"):
        update(filled, unreachable, NOW)


def test_nothing_is_known_of_the_feed_before_a_first_update(store: Store) -> None:
    with pytest.raises(FeedUnreachableError, match="not with None"):
        update(store, unreachable, NOW, seeding=True)


def test_force_asks_for_the_file_whatever_is_known(filled: Store) -> None:
    with pytest.raises(FeedUnreachableError, match="not with None"):
        update(filled, unreachable, NOW, force=True)


def test_a_feed_that_is_not_there_does_not_matter_while_seeding_what_is_whole(
    filled: Store, table: Any
) -> None:
    before = items(table)
    summary = update(filled, unreachable, NOW, seeding=True)
    assert summary.feed_error == "not with tag"
    assert (summary.date, summary.publications, summary.years_written) == ("2025-01-03", 6, [])
    assert summary.restarts == 0
    assert items(table) == before


def test_a_feed_that_is_not_there_matters_while_seeding_what_is_not_whole(filled: Store, table: Any) -> None:
    delete(table, key_of(filled, "2024"))
    with pytest.raises(FeedUnreachableError, match="not with None"):
        update(filled, unreachable, NOW, seeding=True)


def test_a_feed_that_says_nothing_changed_to_one_who_knows_nothing_is_wrong(store: Store) -> None:
    with pytest.raises(
        FeedContentError, match=r"^the feed says that nothing changed since it was never read$"
    ):
        update(store, lambda _: None, NOW)


def test_a_publication_of_tomorrow_is_refused(filled: Store) -> None:
    with pytest.raises(FeedContentError, match="2025-01-06"):
        publish(filled, NEXT_DAY, NOW - DAY)
    assert history_in(filled) == HISTORY


def test_small_corrections_are_published_and_named(filled: Store) -> None:
    new = corrected(corrected(NEXT_DAY, "2023-12-29", USD="1.106"), "2025-01-02", GBP="0.83")
    summary = publish(filled, new)
    assert summary.corrections == [
        Correction("2023-12-29", "USD", "1.105", "1.106"),
        Correction("2025-01-02", "GBP", "0.8299", "0.83"),
    ]
    assert summary.years_written == ["2023", "2025"]
    assert history_in(filled) == new


REFUSED = {
    "a correction beyond the bound": corrected(HISTORY, "2023-12-29", USD="9"),
    "a history without a publication": HISTORY[1:],
    "a history without its newest": HISTORY[:-1],
    "a history without a year": HISTORY[2:],
    "a newest publication that moves too far": corrected(NEXT_DAY, "2025-01-06", USD="9"),
    "one that moves too far, in a new year": corrected(NEXT_DAY[:4] + NEXT_DAY[6:], "2025-01-06", USD="9"),
}


@pytest.mark.parametrize("change_of", REFUSED)
def test_what_looks_wrong_is_published_by_force_alone(store: Store, table: Any, change_of: str) -> None:
    new = REFUSED[change_of]
    publish(store, HISTORY[:4] if "in a new year" in change_of else HISTORY)
    before = items(table)
    with pytest.raises(ImplausibleFeedError):
        publish(store, new)
    assert items(table) == before
    update(store, feed_of(new), NOW, force=True)
    assert history_in(store) == new


@pytest.mark.parametrize("date", ["2023-12-29", "2025-01-03"])
def test_what_was_forced_is_not_held_against_later_updates(store: Store, date: str) -> None:
    forced = corrected(HISTORY, date, HRK="99", GBP="99")
    publish(store, HISTORY)
    update(store, feed_of(forced), NOW, force=True)
    new = (*forced, NEXT._replace(rates={"USD": "1.0426"}))
    publish(store, new)
    assert history_in(store) == new


def test_an_update_reads_consistently_and_no_more_years_than_change(filled: Store, table: Any) -> None:
    reads: list[tuple[str, bool]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in ("GetItem", "Scan"):
            reads.append((model.name, params["ConsistentRead"]))
        if model.name == "BatchGetItem":
            (asked,) = params["RequestItems"].values()
            (key,) = asked["Keys"]
            reads.append((key["pk"]["S"][:9], asked["ConsistentRead"]))

    table.meta.events.register("provide-client-params.dynamodb", note)
    publish(filled, NEXT_DAY)
    assert reads == [("GetItem", True), ("Scan", True), ("year#2025", True)]


def test_a_first_update_has_nothing_to_compare_with(store: Store) -> None:
    new = corrected(HISTORY, "2025-01-03", USD="9")
    publish(store, new)
    assert history_in(store) == new


@pytest.mark.parametrize("tag", ["tag", ""])
@pytest.mark.parametrize("year", ["2023", "2025"])
def test_a_year_that_was_lost_comes_back_even_if_the_feed_did_not_change(
    store: Store, table: Any, year: str, tag: str
) -> None:
    publish(store, HISTORY, tag=tag)
    delete(table, key_of(store, year))
    assert publish(store, HISTORY, tag=tag).years_written == [year]
    assert history_in(store) == HISTORY


def test_a_year_that_is_to_expire_though_it_is_current_is_kept(filled: Store, table: Any) -> None:
    key = key_of(filled, "2024")
    change(table, key, expires_at={"N": "1"})
    assert publish(filled, HISTORY, tag="tag").years_written == ["2024"]
    assert filled.stored_years()[key].expires_at is None


def test_a_year_that_is_damaged_is_mended_by_force(filled: Store, table: Any) -> None:
    change(table, key_of(filled, "2024"), document={"B": b"damaged"})
    assert publish(filled, HISTORY, tag="tag").years_written == []
    summary = update(filled, feed_of(HISTORY, "tag"), NOW, force=True)
    assert summary.years_written == ["2024"]
    assert summary.corrections == []
    assert history_in(filled) == HISTORY


def test_a_year_that_is_damaged_is_mended_when_it_changes(filled: Store, table: Any) -> None:
    change(table, key_of(filled, "2025"), document={"B": b"damaged"})
    publish(filled, NEXT_DAY)
    assert history_in(filled) == NEXT_DAY


def test_a_year_that_is_damaged_does_not_hide_what_is_known_of_its_newest_rates(
    filled: Store, table: Any
) -> None:
    change(table, key_of(filled, "2025"), document={"B": b"damaged"})
    with pytest.raises(ImplausibleFeedError, match="USD of 2025-01-02 is corrected"):
        publish(filled, corrected(HISTORY, "2025-01-02", USD="9"))


@pytest.mark.parametrize(
    "damage",
    [
        {"document": {"S": "{"}},
        {"format": {"N": "2"}},
        {"revision": {"S": "?"}},
        {"revision": None},
    ],
    ids=["a damaged one", "one of another format", "one with no number for a revision", "one without"],
)
def test_what_is_current_and_unreadable_is_replaced_from_the_feed(
    filled: Store, table: Any, damage: dict[str, Any]
) -> None:
    change(table, "latest", **damage)
    with pytest.raises(UnreadableDocumentError):
        filled.latest()
    summary = publish(filled, NEXT_DAY, tag="tag")
    assert (summary.restarts, summary.corrections) == (0, [])
    assert history_in(filled) == NEXT_DAY
    latest = filled.latest()
    assert latest
    assert latest.revision == (1 if "revision" in damage else 2)


def test_what_is_current_and_gone_is_replaced_from_the_feed(filled: Store, table: Any) -> None:
    delete(table, "latest")
    publish(filled, HISTORY, tag="tag")
    assert history_in(filled) == HISTORY


def test_what_is_superseded_lives_on_for_a_day(filled: Store) -> None:
    old = {year: key_of(filled, year) for year in ("2023", "2025")}
    publish(filled, NEXT_DAY)
    found = filled.stored_years()
    assert found[old["2025"]].expires_at == NOW.timestamp() + 86_400
    assert {key for key, known in found.items() if known.expires_at is not None} == {old["2025"]}


def test_what_comes_back_is_to_expire_no_more(filled: Store) -> None:
    old = key_of(filled, "2025")
    publish(filled, corrected(HISTORY, "2025-01-03", USD="1.03"))
    new = key_of(filled, "2025")
    publish(filled, HISTORY)
    assert key_of(filled, "2025") == old
    found = filled.stored_years()
    assert found[old].expires_at is None
    assert found[new].expires_at is not None


@pytest.mark.parametrize("tag", ["tag", "another"])
@pytest.mark.parametrize(("seconds", "is_collected"), [(3601, True), (3600, False), (60, False)])
def test_what_a_crashed_update_left_is_collected_after_an_hour(
    filled: Store, table: Any, tag: str, seconds: int, is_collected: bool
) -> None:
    """Younger, it may be a running update's."""
    text = encode_year(year_from([*HISTORY[4:], NEXT]))
    left = year_key("2025", digest(text))
    filled.put_year(left, text)
    age(table, left, seconds)
    publish(filled, HISTORY, tag=tag)
    at = NOW.timestamp() + 86_400 if is_collected else None
    assert filled.stored_years()[left].expires_at == at
    assert history_in(filled) == HISTORY


def test_what_is_to_expire_already_is_not_put_off(filled: Store, table: Any) -> None:
    old = key_of(filled, "2025")
    publish(filled, NEXT_DAY)
    age(table, old, 7200)
    publish(filled, NEXT_DAY, NOW + DAY)
    assert filled.stored_years()[old].expires_at == NOW.timestamp() + 86_400


def test_items_that_are_not_ours_are_left_alone(filled: Store, table: Any) -> None:
    foreign = {"pk": {"S": "somebody's"}, "written_at": {"N": "1"}}
    table.put_item(TableName="rates-test", Item=foreign)
    publish(filled, NEXT_DAY)
    assert items(table)["somebody's"] == foreign


def test_an_update_that_others_always_overtake_gives_up(filled: Store, table: Any) -> None:
    overtaken: list[int] = []

    def overtake(params: dict[str, Any], **_: Any) -> None:
        if "latest" in str(params) and not busy:
            busy.append(True)
            overtaken.append(int(items(table)["latest"]["revision"]["N"]))
            change(table, "latest", revision={"N": str(overtaken[-1] + 1)})
            busy.clear()

    busy: list[bool] = []
    before_each_call(table, only("PutItem", overtake))
    with pytest.raises(ConflictError):
        publish(filled, NEXT_DAY)
    assert overtaken == [1, 2, 3, 4, 5]


def test_an_update_that_was_overtaken_starts_again_and_says_so(filled: Store, table: Any) -> None:
    waiting = [True]

    def overtake(params: dict[str, Any], **_: Any) -> None:
        if waiting and "latest" in str(params):
            waiting.clear()
            publish(filled, corrected(HISTORY, "2025-01-03", USD="1.03"))

    before_each_call(table, only("PutItem", overtake))
    summary = publish(filled, NEXT_DAY)
    assert summary.restarts == 1
    assert summary.corrections == [Correction("2025-01-03", "USD", "1.03", "1.0299")]
    assert history_in(filled) == NEXT_DAY


def test_the_real_history_is_stored_whole(store: Store) -> None:
    update(store, lambda _: Download(ecb_file(), Source(URL)), datetime(2026, 10, 31, tzinfo=UTC))
    assert history_in(store) == ecb_publications()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2001-02-20", "2001-02-28"),  # TRL
        ("2008-10-03", "2008-10-10"),  # ISK, to 305
        ("2008-11-04", "2008-11-07"),  # ISK, back to 205
        ("2014-12-15", "2014-12-18"),  # RUB
        ("2015-01-14", "2015-01-16"),  # CHF
        ("2021-12-17", "2021-12-22"),  # TRY
        ("2022-02-24", "2022-03-02"),  # RUB, and its end
    ],
)
def test_the_worst_days_there_were_are_published_day_by_day(store: Store, start: str, end: str) -> None:
    publications = [known for known in ecb_publications() if start[:4] <= known.date <= end]
    days = [index for index, known in enumerate(publications, 1) if known.date >= start]
    for count in days:
        publish(store, publications[:count], datetime.fromisoformat(end).replace(tzinfo=UTC))
    assert history_in(store) == tuple(publications)
    assert len(days) >= 3
