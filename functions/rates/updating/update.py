"""An update: the ECB's file compared with what is stored, and published where it differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from rates.history import Publication, Year, spans, year_from, year_of
from rates.source import FeedContentError, FeedUnreachableError, Source
from rates.storage import documents
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import ConflictError, Store, StoredYear, year_key
from rates.updating import history_file, plausibility
from rates.updating.feed import Download
from rates.updating.plausibility import Correction

ATTEMPTS = 5  # to publish, while others publish at the same time
SUPERSEDED_SECONDS = 24 * 3600  # how long a document lives on that readers may still ask for
ABANDONED_SECONDS = 3600  # how old a document is that no running update can mean to publish any more

# Downloads the file, or gives None where it is still what the Source stands for.
Fetch = Callable[[Source | None], Download | None]


class Summary(NamedTuple):
    """What an update found and did. `years_written` is empty where nothing changed."""

    date: str
    previous_date: str | None
    publications: int
    years_written: list[str]
    corrections: list[Correction]
    restarts: int
    feed_error: str | None


@dataclass(frozen=True)
class _Stored:
    """What an attempt finds in the table: `latest`, if it can be read, its revision, and the years'
    documents."""

    latest: Latest | None
    revision: int | None
    documents: Mapping[str, StoredYear]
    sound: frozenset[str]  # the keys of the documents that `latest` names and that are there to stay

    @property
    def is_complete(self) -> bool:
        return self.latest is not None and len(self.sound) == len(self.latest.years)


def update(
    store: Store, fetch: Fetch, now: datetime, *, force: bool = False, seeding: bool = False
) -> Summary:
    """Bring the store up to the ECB's file. Whatever is raised leaves what readers see as it was.

    By `force` the file is read and every document checked even if nothing seems to have changed, and what
    would be refused is published. While `seeding`, a feed that cannot be reached is no failure if a whole
    history is stored.
    """
    for restarts in range(ATTEMPTS):
        try:
            return _attempt(store, fetch, now, force=force, seeding=seeding, restarts=restarts)
        except ConflictError as error:
            conflict = error
    raise conflict


def _attempt(
    store: Store, fetch: Fetch, now: datetime, *, force: bool, seeding: bool, restarts: int
) -> Summary:
    stored = _stored(store, verify=force)
    known = stored.latest if stored.is_complete else None
    try:
        file = fetch(known.source if known and not force else None)
    except FeedUnreachableError as error:
        if known and seeding:
            return _summary(known, restarts=restarts, feed_error=str(error))
        raise
    if known and file is None:
        _expire_superseded(store, stored, known, now)
        return _summary(known, restarts=restarts)
    if file is None:
        raise FeedContentError("the feed says that nothing changed since it was never read")
    publications = history_file.read(file.content, now.date())
    texts, entries, currencies = _years(publications)
    corrections = _check(store, stored, publications, entries, force=force)
    written = [year for year, entry in entries.items() if year_key(year, entry.digest) not in stored.sound]
    for year in written:
        store.put_year(year_key(year, entries[year].digest), texts[year])
    latest = stored.latest
    if latest is None or latest.years != entries:
        latest = Latest(
            revision=(stored.revision or 0) + 1,
            publication=publications[-1],
            previous=publications[-2] if len(publications) > 1 else None,
            years=entries,
            updated_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            source=file.source,
            currencies=currencies,
        )
        store.publish(latest, over_revision=stored.revision)
    _expire_superseded(store, stored, latest, now)
    return _summary(latest, years_written=written, corrections=corrections, restarts=restarts)


def _stored(store: Store, *, verify: bool) -> _Stored:
    """What is in the table. Where `verify`, documents that cannot be read count as not there."""
    try:
        latest = store.latest(consistent=True)
        revision = latest.revision if latest else None
    except UnreadableDocumentError as error:
        # Written by other code, or damaged: what is published now takes its place.
        latest, revision = None, error.revision
    found = store.stored_years()
    entries = latest.years if latest else {}
    if verify:
        entries = {year: entries[year] for year in _readable(store, entries)}
    named = {year_key(year, entry.digest) for year, entry in entries.items()}
    # A document that is to expire is none: it was superseded, and its content has come back since.
    sound = frozenset(key for key in named if key in found and found[key].expires_at is None)
    return _Stored(latest, revision, found, sound)


def _years(
    publications: Sequence[Publication],
) -> tuple[dict[str, bytes], dict[str, YearEntry], dict[str, tuple[str, str]]]:
    """Return the text of each year, its entry in the latest item, and the dates of each currency."""
    texts, entries, years = {}, {}, []
    for name, members in groupby(publications, lambda publication: year_of(publication.date)):
        year = year_from(list(members))
        years.append(year)
        texts[name] = documents.encode_year(year)
        entries[name] = YearEntry(
            documents.digest(texts[name]), year.dates[0], year.dates[-1], len(year.dates)
        )
    return texts, entries, spans(years)


def _check(
    store: Store,
    stored: _Stored,
    publications: Sequence[Publication],
    entries: Mapping[str, YearEntry],
    *,
    force: bool,
) -> list[Correction]:
    """The corrections that the new history makes; ImplausibleFeedError where it looks wrong."""
    if stored.latest is None:
        return []
    unchanged = {year for year, entry in entries.items() if stored.latest.years.get(year) == entry}
    before = {known.date: known for known in (stored.latest.previous, stored.latest.publication) if known}
    changed = {year: entry for year, entry in stored.latest.years.items() if year not in unchanged}
    for year in _readable(store, changed).values():
        before |= {known.date: known for known in year.publications()}
    found = plausibility.corrections(
        [before[day] for day in sorted(before)], {known.date: known for known in publications}, force=force
    )
    if not force:
        settled = {known.date for known in publications if year_of(known.date) in unchanged}
        plausibility.check_moves(publications, settled | before.keys())
    return found


def _readable(store: Store, entries: Mapping[str, YearEntry]) -> dict[str, Year]:
    """The years of these entries whose documents are there and sound."""
    found: dict[str, Year] = {}
    for year, entry in entries.items():
        try:
            found |= store.years({year: entry}, consistent=True)
        except UnreadableDocumentError:
            continue
    return found


def _expire_superseded(store: Store, stored: _Stored, latest: Latest, now: datetime) -> None:
    """Let go of the documents that `latest` does not name: what it superseded, and what a crashed update
    left.

    Others may be another update's that has not published them yet.
    """
    current = {year_key(year, entry.digest) for year, entry in latest.years.items()}
    at = int(now.timestamp())
    for known in stored.documents.values():
        is_abandoned = known.written_at // 1_000_000 < at - ABANDONED_SECONDS
        if (
            known.key not in current
            and known.expires_at is None
            and (known.key in stored.sound or is_abandoned)
        ):
            store.expire(known, at + SUPERSEDED_SECONDS)


def _summary(
    latest: Latest,
    *,
    restarts: int,
    years_written: Sequence[str] = (),
    corrections: Sequence[Correction] = (),
    feed_error: str | None = None,
) -> Summary:
    return Summary(
        date=latest.publication.date,
        previous_date=latest.previous.date if latest.previous else None,
        publications=latest.publications,
        years_written=list(years_written),
        corrections=list(corrections),
        restarts=restarts,
        feed_error=feed_error,
    )
