"""Updates with events, as the update function runs them, and the history that readers see during them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import boto3

from rates.history import Publication
from rates.serving.reader import HistoryUnavailableError, Reader
from rates.serving.snapshot import Snapshot
from rates.storage.documents import Latest
from rates.storage.store import Store
from rates.updating.announce import announce
from rates.updating.update import Options, update
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import Item, before_each_call, delete, items
from tests.integration.publishing import feed_of, history_of

Publications = tuple[Publication, ...]
Revisions = dict[int, tuple[Latest, Publications]]

NOTHING: Publications = ()
NEXT_DAY = (*HISTORY, NEXT)
CORRECTED = corrected(corrected(HISTORY, "2023-12-29", USD="1.106"), "2025-01-03", USD="1.03")


class Updater:
    """The update function's calls, with clients of its own."""

    def __init__(self) -> None:
        self.table, self.sns = boto3.client("dynamodb"), boto3.client("sns")
        self.store = Store(self.table, TABLE)
        topic_arn = self.sns.create_topic(Name="publications")["TopicArn"]
        self._announce = partial(announce, self.store, self.sns, topic_arn)

    def __call__(self, publications: Sequence[Publication], now: datetime, tag: str = "new") -> None:
        """Announce a pending revision, update, and announce the new revision."""
        self._announce()
        update(self.store, feed_of(publications, tag), now, Options(events=True))
        self._announce()

    def store_first(self, publications: Publications, now: datetime) -> None:
        """Store a history, if it is not empty, and announce it."""
        if publications:
            self(publications, now, "old")


def whole_history(snapshot: Snapshot) -> Publications:
    """Return all publications of a snapshot. Raises AssertionError if it mixes two."""
    publications = tuple(one for year in snapshot.years("", "9999") for one in year.publications())
    assert publications[-1] == snapshot.latest.publication
    return publications


def seen_by(reader: Reader) -> Publications:
    """Return the history that a reader answers from, NOTHING if it says that there are no data yet."""
    try:
        publications = reader.read(whole_history)
    except HistoryUnavailableError:
        if reader.report.trouble:
            raise
        return NOTHING
    assert reader.report.trouble == ""
    return publications


def restore(client: Any, stored: dict[str, Item]) -> None:
    """Let the table have these items and no others."""
    for key in items(client):
        delete(client, key)
    for item in stored.values():
        client.put_item(TableName=TABLE, Item=item)


def look(store: Store, seen: Revisions) -> None:
    """Check that each revision seen is as it was, with all its documents. Adds those that are new."""
    stored = {number: revision for number in store.revisions() if (revision := store.revision(number))}
    now = {number: (revision, history_of(store, revision)) for number, revision in stored.items()}
    assert {number: now.get(number) for number in seen} == seen
    seen |= now
    assert store.latest(consistent=True) == (stored[max(stored)] if stored else None)


def record_messages(updater: Updater, revisions: list[int]) -> None:
    """Append the revision of each message to a list, just before it is sent."""

    def record(params: dict[str, Any], **_: Any) -> None:
        revisions.append(int(params["body"]["MessageAttributes.entry.2.Value.StringValue"]))

    before_each_call(updater.sns, record)
