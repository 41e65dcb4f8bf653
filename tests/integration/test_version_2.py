"""A table of version 2.0, which let documents expire: upgrade, rollback, upgrade."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from rates.history import Publication
from rates.serving.reader import NoRevisionError, Reader
from rates.source import Source
from rates.storage import documents
from rates.storage.store import Store
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import change, delete, items
from tests.integration.publishing import URL, history_in, key_of, latest_in, publish
from tests.integration.whole_updates import whole_history
from tests.support import latest_of

CORRECTED = corrected(HISTORY, "2023-12-29", USD="1.106")
NEXT_DAY = (*HISTORY, NEXT)


def update_by_version_2(table: Any, publications: Sequence[Publication]) -> None:
    """Write what version 2.0 writes: documents with `written_at`, and an expiry for those it supersedes."""
    stored = items(table)
    revision = int(stored["latest"]["revision"]["N"]) + 1 if "latest" in stored else 1
    latest, years = latest_of(publications, revision)
    was = json.loads(stored["latest"]["document"]["S"])["years"] if "latest" in stored else {}
    for name, entry in latest.years.items():
        if entry.digest != was.get(name, [""])[0]:
            content = documents.pack(documents.encode_year(years[entry.digest]))
            year = {"format": {"N": "2"}, "written_at": {"N": "1"}, "document": {"B": content}}
            table.put_item(TableName=TABLE, Item={"pk": {"S": f"year#{name}#{entry.digest}"}, **year})
    fields = json.loads(documents.encode_latest(latest._replace(source=Source(URL, "tag"))))
    del fields["first_revision"]
    text = json.dumps(fields, separators=(",", ":"))
    item = {"pk": {"S": "latest"}, "format": {"N": "2"}, "revision": {"N": str(revision)}}
    digest = documents.digest(text.encode())
    table.put_item(TableName=TABLE, Item={**item, "document": {"S": text}, "digest": {"S": digest}})
    current = {f"year#{name}#{entry.digest}" for name, entry in latest.years.items()}
    for key, item in items(table).items():
        if "written_at" in item and key not in current:
            change(table, key, expires_at={"N": "1"})


def expire(table: Any) -> None:
    """Delete what the TTL deletes."""
    for key, item in items(table).items():
        if "expires_at" in item:
            delete(table, key)


@pytest.mark.fault("A table of version 2.0, and a rollback to it")
@pytest.mark.parametrize("is_late", [False, True], ids=["the TTL acts at once", "the TTL acts in the end"])
def test_no_current_document_disappears(store: Store, table: Any, is_late: bool) -> None:
    def check(history: Sequence[Publication], revision: int, kept: list[int]) -> None:
        if not is_late:
            expire(table)
        assert (history_in(store), latest_in(store).revision) == (history, revision)
        assert Reader(store).read_revision(revision, whole_history) == history
        assert store.revisions() == kept

    update_by_version_2(table, HISTORY)
    update_by_version_2(table, CORRECTED)  # a document of HISTORY will expire
    check(CORRECTED, 2, [])
    publish(store, HISTORY, tag="tag")  # the upgrade needs it again
    check(HISTORY, 3, [3])
    publish(store, CORRECTED)
    check(CORRECTED, 4, [4, 3])
    update_by_version_2(table, NEXT_DAY)  # the rollback writes a document again that revision 3 names ...
    update_by_version_2(table, (*CORRECTED, NEXT))  # ... and lets it expire
    check((*CORRECTED, NEXT), 6, [4, 3])
    publish(store, (*CORRECTED, NEXT))
    expire(table)
    check((*CORRECTED, NEXT), 7, [7, 4, 3])
    assert latest_in(store).first_revision == 7
    keys = [key_of(store, year) for year in latest_in(store).years]
    assert not any("written_at" in items(table)[key] for key in keys)
    assert Reader(store).read_revision(4, whole_history) == CORRECTED
    with pytest.raises(NoRevisionError, match="2023 with the digest"):
        Reader(store).read_revision(3, whole_history)


def test_an_upgrade_rewrites_all_years_although_nothing_changed(store: Store, table: Any) -> None:
    """The feed would say `not modified`."""
    update_by_version_2(table, HISTORY)
    change(table, "latest", revision={"N": "411"})
    summary = publish(store, HISTORY, tag="tag")
    assert (summary.years_written, summary.corrections) == (["2023", "2024", "2025"], [])
    latest = latest_in(store)
    assert (latest.revision, latest.first_revision, latest.changes.years) == (412, 412, ())
    assert publish(store, HISTORY, tag="tag").years_written == []


def test_a_table_of_version_1_is_refused_with_the_remedy(store: Store, table: Any) -> None:
    publish(store, HISTORY)
    change(table, "latest", format={"N": "1"})
    before = items(table)
    with pytest.raises(documents.EarlierFormatError, match=r"deploy version 2\.0 first$"):
        publish(store, NEXT_DAY)
    assert items(table) == before
