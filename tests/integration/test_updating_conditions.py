"""An update asks for an unchanged file only if it can do without it; a seeding tolerates feed errors."""

from typing import Any

import pytest

from rates.source import FeedContentError, FeedUnreachableError, Source
from rates.storage.store import Store
from rates.updating.feed import Download, Feed
from rates.updating.plausibility import ImplausibleFeedError
from rates.updating.update import Options, update
from tests.history_files import HISTORY
from tests.integration.dynamodb import change, delete, items
from tests.integration.publishing import NOW, URL, feed_of, history_in, key_of, latest_in, publish

OTHER_URL = "https://other.example/eurofxref-hist.zip"


def failing(error: Exception, url: str = URL) -> Feed:
    """Return a feed that fails."""

    def fetch(_: Source | None) -> Download | None:
        raise error

    return Feed(url, fetch)


def condition(store: Store, url: str = URL, **options: Any) -> Source | None:
    """Return the source whose validators an update sends."""
    asked: list[Source | None] = []

    def fetch(source: Source | None) -> Download | None:
        asked.append(source)
        return feed_of(HISTORY, "tag", url).fetch(None)

    update(store, Feed(url, fetch), NOW, Options(**options))
    (source,) = asked
    return source


def test_an_update_sends_the_validators_of_the_stored_file(published: Store) -> None:
    assert condition(published) == Source(URL, "tag")


def test_a_first_update_is_unconditional(store: Store) -> None:
    assert condition(store) is None


def test_a_forced_update_is_unconditional(published: Store) -> None:
    assert condition(published, force=True) is None


def test_validators_of_another_url_are_not_sent(published: Store) -> None:
    assert condition(published, OTHER_URL) is None


def test_a_new_url_is_stored_although_nothing_changed(published: Store) -> None:
    """Otherwise no later request would be conditional, and no seeding tolerant."""
    condition(published, OTHER_URL)
    assert latest_in(published).source == Source(OTHER_URL, "tag")
    assert latest_in(published).changes.years == ()
    assert condition(published, OTHER_URL) == Source(OTHER_URL, "tag")


def test_an_update_is_unconditional_if_a_year_is_missing(published: Store, table: Any) -> None:
    delete(table, key_of(published, "2024"))
    assert condition(published) is None
    assert history_in(published) == HISTORY


def test_not_modified_is_an_error_for_an_unconditional_request(store: Store) -> None:
    with pytest.raises(FeedContentError, match="unconditional request with `not modified`"):
        update(store, Feed(URL, lambda _: None), NOW)


FEED_ERRORS = {
    "unreachable": FeedUnreachableError("the feed answers with status 403"),
    "malformed": FeedContentError("the answer is not a valid zip archive"),
    "implausible": ImplausibleFeedError("swap", "GBP and USD look exchanged", "2025-01-03"),
}


@pytest.mark.fault("The feed fails while `pulumi up` seeds a complete table")
@pytest.mark.parametrize("kind", FEED_ERRORS)
def test_a_seeding_tolerates_a_feed_error(published: Store, table: Any, kind: str) -> None:
    before = items(table)
    summary = update(published, failing(FEED_ERRORS[kind]), NOW, Options(seeding=True))
    assert summary.feed_error is FEED_ERRORS[kind]
    assert (summary.date, summary.publications, summary.years_written) == ("2025-01-03", 6, [])
    assert items(table) == before


@pytest.mark.fault("`feedUrl` is mistyped")
def test_a_seeding_from_another_url_tolerates_no_feed_error(published: Store) -> None:
    with pytest.raises(FeedUnreachableError):
        update(published, failing(FEED_ERRORS["unreachable"], OTHER_URL), NOW, Options(seeding=True))


@pytest.mark.fault("The feed fails while `pulumi up` seeds an empty or incomplete table")
@pytest.mark.parametrize("damage", ["empty table", "missing year", "damaged year", "no readable revision"])
def test_a_seeding_without_a_complete_history_tolerates_no_feed_error(
    store: Store, table: Any, damage: str
) -> None:
    if damage != "empty table":
        publish(store, HISTORY)
    if damage == "missing year":
        delete(table, key_of(store, "2024"))
    if damage == "damaged year":
        change(table, key_of(store, "2024"), document={"B": b"damaged"})
    if damage == "no readable revision":
        for key in ("latest", "revision#1"):
            change(table, key, digest=None)
    with pytest.raises(FeedUnreachableError):
        update(store, failing(FEED_ERRORS["unreachable"]), NOW, Options(seeding=True))
