"""The stored history, as an update finds it in the table."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from rates.history import Publication, Year, year_of
from rates.storage.documents import EarlierFormatError, Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import Store
from rates.updating.plausibility import ImplausibleFeedError

Entries = Mapping[str, YearEntry]  # by year


class StoredRates(NamedTuple):
    """The stored rates by date, and the entries of the years whose documents are lost or damaged."""

    by_date: Mapping[str, Mapping[str, str]]
    lost: Entries

    def check_lost_years(self, new: Entries) -> None:
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
    """The latest item, and its year documents that are present and sound."""

    latest: Latest | None  # None if neither it nor a revision can be read
    over_revision: int | None  # the revision of the latest item, even if it is damaged
    highest_revision: int  # of all that are in the table
    years: Mapping[str, Year]

    @property
    def entries(self) -> Entries:
        """The years that the latest item names."""
        return self.latest.years if self.latest else {}

    def holds(self, year: str, digest: str) -> bool:
        """Return True if the document of a year has this digest and stays. Those of version 2.0 expire."""
        return is_kept(self.latest) and year in self.years and self.entries[year].digest == digest

    def changed(self, new: Entries) -> Entries:
        """Return the stored years whose content differs from the new history's."""
        return {year: entry for year, entry in self.entries.items() if new.get(year) != entry}

    def rates(self, publications: Sequence[Publication], new: Entries) -> StoredRates:
        """Return the stored rates: of a lost year, only those that are in the latest item."""
        changed = self.changed(new)
        same = self.entries.keys() - changed.keys()
        newest = (self.latest.previous, self.latest.publication) if self.latest else ()
        rates = {one.date: one.rates for one in newest if one}
        rates |= {one.date: one.rates for one in publications if year_of(one.date) in same}
        found = [self.years[year] for year in changed if year in self.years]
        rates |= {one.date: one.rates for year in found for one in year.publications()}
        return StoredRates(rates, {year: changed[year] for year in changed if year not in self.years})


def is_kept(latest: Latest | None) -> bool:
    """Return True if a latest item is in the table as a revision, too: version 2.0 kept none."""
    return latest is not None and latest.first_revision > 0


def read_stored(store: Store) -> Stored:
    """Return what is in the table.

    Puts the newest revision back first if the latest item is lost, damaged or older. Raises ConflictError if
    another update was faster, EarlierFormatError if version 1.0 wrote the table.
    """
    latest, over_revision = None, None
    try:
        latest = store.latest(consistent=True)
        over_revision = latest.revision if latest else None
    except EarlierFormatError:
        raise
    except UnreadableDocumentError as error:
        over_revision = error.revision
    newest, highest = _newest_revision(store, latest, over_revision or 0)
    if newest and newest != latest:
        store.put_back(newest, over_revision=over_revision)
        over_revision = newest.revision
    return Stored(newest, over_revision, highest, _sound_years(store, newest.years if newest else {}))


def _newest_revision(store: Store, latest: Latest | None, highest: int) -> tuple[Latest | None, int]:
    """Return the newest revision that can be read (usually the latest item), and the highest number."""
    # The own number of a damaged latest item comes first.
    for number in count(highest if latest is None else highest + 1):
        try:
            if (found := store.revision(number)) is None:
                break
            latest = found
        except UnreadableDocumentError:
            pass
        highest = number
    if not is_kept(latest):  # the numbers alone do not lead to the newest revision
        for number in store.revisions():
            highest = max(highest, number)
            if latest and latest.revision >= number:
                break
            with suppress(UnreadableDocumentError):
                latest = store.revision(number)
    return latest, highest


def _sound_years(store: Store, entries: Entries) -> dict[str, Year]:
    """Return the years of these entries whose documents are present and sound."""
    found: dict[str, Year] = {}
    with suppress(UnreadableDocumentError):
        found = store.years(entries)
    for year in entries.keys() - found.keys():
        with suppress(UnreadableDocumentError):
            found |= store.years({year: entries[year]}, consistent=True)
    return found
