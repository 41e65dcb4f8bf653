"""Update the stored history: compare it with the ECB's file, and publish the differences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from rates.history import Correction, Publication, Year, spans, year_from, year_of
from rates.source import FeedContentError, FeedUnreachableError, Source
from rates.storage import documents
from rates.storage.documents import FIRST_CORRECTIONS, Changes, Latest, YearEntry
from rates.storage.store import ConflictError, Store
from rates.updating import history_file, plausibility
from rates.updating.corrections import Differences, compare
from rates.updating.feed import Download, Feed
from rates.updating.plausibility import ImplausibleFeedError
from rates.updating.stored import Stored, StoredRates, is_kept, read_stored

ATTEMPTS = 5  # to publish, while others publish at the same time
FEED_ERRORS = (FeedUnreachableError, FeedContentError, ImplausibleFeedError)


class Summary(NamedTuple):
    """The result of an update. `years_written` is empty if nothing changed."""

    date: str
    previous_date: str | None
    publications: int
    years_written: list[str]
    corrections: list[Correction]
    unexpected_dates: list[str]  # of accepted publications on days when TARGET is closed
    restarts: int
    feed_error: Exception | None  # tolerated while seeding


@dataclass(frozen=True)
class Options:
    """The options of an update.

    - `force`: publish a file even if it is implausible; read it even if nothing changed.
    - `seeding`: tolerate a feed error if a complete history of the same URL is stored.
    - `events`: keep the changes of the stored revision in the new one if they were not announced.
    - `log`: called with the new revision and its differences before they are published. It may be called for
      a revision that another update publishes then, but a published correction is never missed.
    """

    force: bool = False
    seeding: bool = False
    events: bool = False
    log: Callable[[int, Differences], None] = lambda *_: None


class _New(NamedTuple):
    """The new history, with the text and the entry of each year."""

    source: Source
    publications: Sequence[Publication]
    texts: Mapping[str, bytes]
    entries: Mapping[str, YearEntry]
    years: Sequence[Year]
    columns: tuple[str, ...]


def update(store: Store, feed: Feed, now: datetime, options: Options = Options()) -> Summary:
    """Publish the feed's history if it differs from the stored one.

    Starts again if another update publishes at the same time. If it raises an error, readers see the history
    as it was before. The errors: those of the feed, ImplausibleFeedError, ConflictError and botocore's.
    """
    for restarts in range(ATTEMPTS):
        try:
            return _attempt(store, feed, now, options)._replace(restarts=restarts)
        except ConflictError as error:
            conflict = error
    raise conflict


def _attempt(store: Store, feed: Feed, now: datetime, options: Options) -> Summary:
    stored = read_stored(store)
    latest = stored.latest if len(stored.years) == len(stored.entries) else None
    same_feed = latest if latest and latest.source.url == feed.url else None
    source = same_feed.source if same_feed and is_kept(same_feed) and not options.force else None
    try:
        download = feed.fetch(source)
        if same_feed and source and download is None:
            return _unchanged(same_feed)
        if download is None:
            raise FeedContentError("the feed answers an unconditional request with `not modified`")
        new = _read(download, now)
        before = stored.rates(new.publications, new.entries)
        found = compare(new.publications, before.by_date)
        unexpected_dates: list[str] = []
        if not options.force:
            before.check_lost_years(new.entries)
            unexpected_dates = plausibility.check(new.publications, before.by_date, found.corrections)
    except FEED_ERRORS as error:
        if options.seeding and same_feed:
            return _unchanged(same_feed)._replace(feed_error=error)
        raise
    _rewrite_lost(store, before, new)
    written = [year for year, entry in new.entries.items() if not stored.holds(year, entry.digest)]
    for year in written:
        store.put_year(year, new.entries[year].digest, new.texts[year])
    published = stored.latest
    if published is None or not is_kept(published) or _differs(published, new):
        published = _next_latest(store, stored, new, found, now, options)
        options.log(published.revision, found)
        store.publish(published, over_revision=stored.over_revision)
    return _unchanged(published)._replace(
        years_written=written, corrections=found.corrections, unexpected_dates=unexpected_dates
    )


def _read(download: Download, now: datetime) -> _New:
    publications, columns = history_file.read(download.content, now.date(), download.content_type)
    texts, entries, years = {}, {}, []
    for name, members in groupby(publications, lambda publication: year_of(publication.date)):
        year = year_from(list(members))
        years.append(year)
        texts[name] = documents.encode_year(year)
        entries[name] = YearEntry(
            documents.digest(texts[name]), year.dates[0], year.dates[-1], len(year.dates)
        )
    return _New(download.source, publications, texts, entries, years, columns)


def _rewrite_lost(store: Store, before: StoredRates, new: _New) -> None:
    """Rewrite the lost documents of years that only grew: old revisions need them."""
    for year, entry in before.lost.items():
        grown = [one for one in new.publications if year_of(one.date) == year and one.date <= entry.last_date]
        text = documents.encode_year(year_from(grown))
        if documents.digest(text) == entry.digest:
            store.put_year(year, entry.digest, text)


def _differs(latest: Latest, new: _New) -> bool:
    stored = (latest.years, latest.columns, latest.source.url)
    return stored != (new.entries, new.columns, new.source.url)


def _next_latest(
    store: Store, stored: Stored, new: _New, found: Differences, now: datetime, options: Options
) -> Latest:
    years = stored.changed(new.entries).keys() | (new.entries.keys() - stored.entries.keys())
    first = tuple(found.corrections[:FIRST_CORRECTIONS])
    changes = Changes(tuple(sorted(years)), len(found.corrections), first, found.reformatted)
    revision = stored.highest_revision
    if options.events:
        announced = store.announced()
        if stored.latest and announced < revision:
            changes = changes.including(stored.latest.changes)
        # Version 2.0 kept no revisions: if its latest item was lost, the announced number alone may be left.
        revision = max(revision, announced)
    if stored.latest:  # the time ascends even if the clock was set back
        now = max(now, datetime.fromisoformat(stored.latest.updated_at) + timedelta(seconds=1))
    return Latest(
        revision=revision + 1,
        publication=new.publications[-1],
        previous=new.publications[-2] if len(new.publications) > 1 else None,
        years=new.entries,
        updated_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        source=new.source,
        currencies=spans(new.years),
        changes=changes,
        first_revision=(stored.latest and stored.latest.first_revision) or revision + 1,
        columns=new.columns,
    )


def _unchanged(latest: Latest) -> Summary:
    """Return the summary of an update that changes nothing."""
    return Summary(
        date=latest.publication.date,
        previous_date=latest.previous.date if latest.previous else None,
        publications=latest.publications,
        years_written=[],
        corrections=[],
        unexpected_dates=[],
        restarts=0,
        feed_error=None,
    )
