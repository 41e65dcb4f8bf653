"""The stored history, as an update finds it in the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rates.history import Publication, Year, year_of
from rates.storage.documents import FORMAT, Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import Store, StoredYear
from rates.updating.plausibility import ImplausibleFeedError

Entries = Mapping[str, YearEntry | StoredYear]  # by year


class StoredRates(NamedTuple):
    """The stored rates by date, and the entries of the years whose documents are lost or damaged."""

    by_date: Mapping[str, Mapping[str, str]]
    lost: Mapping[str, YearEntry]

    def check_lost_years(self, new: Mapping[str, YearEntry]) -> None:
        """Raise ImplausibleFeedError if a lost year is smaller in a new history than it was.

        The rule of plausibility cannot see this: it compares publications that can be read.
        """
        for year, was in self.lost.items():
            now = new.get(year)
            if (
                now is None
                or now.publications < was.publications
                or not now.first_date <= was.first_date <= was.last_date <= now.last_date
            ):
                problem = (
                    f"the document of {year} is lost or damaged; it had {was.publications} publications from "
                    f"{was.first_date}, the file has {now.publications if now else 0}"
                )
                raise ImplausibleFeedError("lost publication", problem, was.last_date)


@dataclass(frozen=True)
class Stored:
    """The latest item and the list of year documents."""

    latest: Latest | None  # None if it is absent or damaged
    revision: int | None  # of the latest item, even if that is damaged
    documents: Sequence[StoredYear]  # all of them, current or not
    sound: Mapping[str, StoredYear]  # by year: the documents that the latest item names and that are present

    @property
    def is_complete(self) -> bool:
        """True if the latest item is sound and all its documents are present."""
        return self.latest is not None and len(self.sound) == len(self.latest.years)

    @property
    def has_current_format(self) -> bool:
        """True if all of it has the format that this code writes."""
        formats = {document.format for document in self.sound.values()}
        return self.latest is not None and {self.latest.format, *formats} == {FORMAT}

    @property
    def years(self) -> Entries:
        """The years of the latest item. If that is damaged, the newest document of each year."""
        if self.latest:
            return self.latest.years
        return {one.year: one for one in sorted(self.documents, key=lambda one: one.written_at)}

    def holds(self, year: str, digest: str) -> bool:
        """Return True if the current document of a year has this digest, and the current format."""
        document = self.sound.get(year)
        return document is not None and (document.digest, document.format) == (digest, FORMAT)

    def changed(self, new: Mapping[str, YearEntry]) -> Entries:
        """Return the stored years whose content differs from the new history's."""
        return {
            year: stored
            for year, stored in self.years.items()
            # Format 1 kept a part of the digest.
            if year not in new or not new[year].digest.startswith(stored.digest)
        }

    def rates(
        self, store: Store, publications: Sequence[Publication], entries: Mapping[str, YearEntry]
    ) -> StoredRates:
        """Return the stored rates. Reads only the documents that the new history changes.

        Only the newest two publications of a lost year remain, if they are in the latest item.
        """
        changed = self.changed(entries)
        same = self.years.keys() - changed.keys()
        newest = (self.latest.previous, self.latest.publication) if self.latest else ()
        rates = {one.date: one.rates for one in newest if one}
        rates |= {one.date: one.rates for one in publications if year_of(one.date) in same}
        found = read_sound(store, changed)
        rates |= {one.date: one.rates for year in found.values() for one in year.publications()}
        named = self.latest.years if self.latest else {}
        lost = {year: entry for year, entry in named.items() if year in changed and year not in found}
        return StoredRates(rates, lost)


def read_stored(store: Store, *, verify: bool) -> Stored:
    """Return what is in the table. If `verify`, reads all documents: damaged ones count as missing."""
    latest, revision = None, None
    try:
        latest = store.latest(consistent=True)
        revision = latest.revision if latest else None
    except UnreadableDocumentError as error:
        # The next publication replaces it, and continues from its revision if that is left.
        revision = error.revision
    found = store.stored_years()
    named: Entries = latest.years if latest else {}
    if verify:
        named = {year: named[year] for year in read_sound(store, named)}
    # Documents with `expires_at` count as missing: the TTL will delete them.
    staying = {(one.year, one.digest): one for one in found if one.expires_at is None}
    keys = [(year, entry.digest) for year, entry in named.items()]
    return Stored(latest, revision, found, {key[0]: staying[key] for key in keys if key in staying})


def read_sound(store: Store, entries: Entries) -> dict[str, Year]:
    """Return the years of these entries whose documents are present and sound."""
    found: dict[str, Year] = {}
    for year, entry in entries.items():
        try:
            found |= store.years({year: entry}, consistent=True)
        except UnreadableDocumentError:
            continue
    return found
