"""The DynamoDB table: reads and writes the latest item, the year documents and the announced revision.

Items:
- `pk = "latest"`: `format`, `revision`, `document` and its `digest`.
- `pk = "year#2026#<digest>"`: `format`, `written_at` and `document`; `expires_at` once it is superseded.
- `pk = "announced"`: the `revision` that subscribers were told of, if events are enabled.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from rates.history import Year
from rates.storage import documents
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry

LATEST_KEY = "latest"
ANNOUNCED_KEY = "announced"
YEAR_PREFIX = "year#"
BATCH_TRIES = 4  # of BatchGetItem, for keys that it leaves unprocessed
BATCH_KEYS = 100  # DynamoDB's limit

Item = Mapping[str, Mapping[str, Any]]


class ConflictError(Exception):
    """Another update published after `latest` was read."""


class UnavailableError(Exception):
    """DynamoDB did not return all the items that were requested."""


class StoredYear(NamedTuple):
    """A year document in the table, without its content."""

    year: str
    digest: str
    format: int
    written_at: int  # microseconds since 1970
    expires_at: int | None  # seconds since 1970; None unless it is superseded


class Store:
    """One table, through a DynamoDB client. Errors of DynamoDB are botocore's own exceptions."""

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def latest(self, *, consistent: bool = False) -> Latest | None:
        """Return the latest item, None if nothing was published yet.

        Raises UnreadableDocumentError if it is damaged.
        """
        item = self._get(LATEST_KEY, consistent=consistent)
        if item is None:
            return None
        revision = _number(item, "revision")
        try:
            if revision is None:
                raise UnreadableDocumentError("the latest item has no revision")
            return documents.decode_latest(
                _text(item, "document"), revision, _number(item, "format") or 0, _text(item, "digest")
            )
        except UnreadableDocumentError as error:
            error.revision = revision
            raise

    def years(
        self, entries: Mapping[str, YearEntry | StoredYear], *, consistent: bool = False
    ) -> dict[str, Year]:
        """Return the documents of these years, by year. Missing documents are left out.

        Raises UnreadableDocumentError if one is damaged, UnavailableError if DynamoDB does not return all.
        """
        wanted = {_year_key(year, entry.digest): (year, entry) for year, entry in entries.items()}
        found = {}
        for item in self._batch_get(list(wanted), consistent=consistent):
            year, entry = wanted[item["pk"]["S"]]
            documents.check_format(_number(item, "format") or 0)
            try:
                content = item["document"]["B"]
            except KeyError as error:
                raise UnreadableDocumentError(f"the item of {year} has no document") from error
            found[year] = documents.unpack(content, entry.digest)
        return found

    def stored_years(self) -> list[StoredYear]:
        """Return all year documents in the table, current or not, without their content. Scans the table."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            ProjectionExpression="pk, #format, written_at, expires_at",
            ExpressionAttributeNames={"#format": "format"},  # a reserved word
        )
        items = (item for page in pages for item in page["Items"] if item["pk"]["S"].startswith(YEAR_PREFIX))
        found = []
        for item in items:
            year, _, digest = item["pk"]["S"].removeprefix(YEAR_PREFIX).partition("#")
            found.append(
                StoredYear(
                    year,
                    digest,
                    _number(item, "format") or 0,
                    _number(item, "written_at") or 0,
                    _number(item, "expires_at"),
                )
            )
        return found

    def put_year(self, year: str, digest: str, text: bytes) -> None:
        """Write a year document. Readers do not see it before `publish` names it."""
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(_year_key(year, digest)),
                "format": {"N": str(documents.FORMAT)},
                "written_at": {"N": str(time.time_ns() // 1000)},
                "document": {"B": documents.pack(text)},
            },
        )

    def publish(self, latest: Latest, *, over_revision: int | None) -> None:
        """Replace the latest item if it still has the revision that was read (None: it had none).

        Raises ConflictError if it has another one.
        """
        # A latest item without a revision is damaged, and may be replaced.
        condition: dict[str, Any] = {
            "ConditionExpression": "NOT attribute_type(revision, :number)",
            "ExpressionAttributeValues": {":number": {"S": "N"}},
        }
        if over_revision is not None:
            condition = {
                "ConditionExpression": "revision = :read",
                "ExpressionAttributeValues": {":read": {"N": str(over_revision)}},
            }
        document = documents.encode_latest(latest)
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **_key(LATEST_KEY),
                    "format": {"N": str(documents.FORMAT)},
                    "revision": {"N": str(latest.revision)},
                    "document": {"S": document},
                    "digest": {"S": documents.digest(document.encode())},
                },
                **condition,
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError(f"revision {over_revision} is no longer the current one") from error

    def expire(self, stored: StoredYear, at: int) -> None:
        """Let the TTL delete a document at that time (seconds since 1970), unless it was rewritten since."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=_key(_year_key(stored.year, stored.digest)),
                UpdateExpression="SET expires_at = :at",
                ConditionExpression="written_at = :seen",
                ExpressionAttributeValues={":at": {"N": str(at)}, ":seen": {"N": str(stored.written_at)}},
            )

    def announced(self) -> int:
        """Return the revision that subscribers were told of, 0 if none."""
        item = self._get(ANNOUNCED_KEY, consistent=True)
        return (_number(item, "revision") or 0) if item else 0

    def put_announced(self, revision: int) -> None:
        """Remember that subscribers were told of a revision, unless they were told of a higher one."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.put_item(
                TableName=self._table,
                Item={**_key(ANNOUNCED_KEY), "revision": {"N": str(revision)}},
                ConditionExpression="NOT attribute_type(revision, :number) OR revision < :revision",
                ExpressionAttributeValues={":number": {"S": "N"}, ":revision": {"N": str(revision)}},
            )

    def _get(self, key: str, *, consistent: bool) -> Item | None:
        answer = self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=consistent)
        item: Item | None = answer.get("Item")
        return item

    def _batch_get(self, keys: list[str], *, consistent: bool) -> Iterator[dict[str, Any]]:
        for start in range(0, len(keys), BATCH_KEYS):
            yield from self._get_batch(keys[start : start + BATCH_KEYS], consistent=consistent)

    def _get_batch(self, keys: list[str], *, consistent: bool) -> Iterator[dict[str, Any]]:
        request = {self._table: {"Keys": [_key(key) for key in keys], "ConsistentRead": consistent}}
        for attempt in range(BATCH_TRIES):
            time.sleep(0.05 * (2**attempt - 1))
            answer = self._client.batch_get_item(RequestItems=request)
            if "Responses" not in answer:
                raise UnavailableError("DynamoDB's answer is empty")
            yield from answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return
        raise UnavailableError("DynamoDB left keys unprocessed")


def _year_key(year: str, digest: str) -> str:
    return f"{YEAR_PREFIX}{year}#{digest}"


def _key(value: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": value}}


def _number(item: Item, name: str) -> int | None:
    """Return a whole number among an item's attributes, None if it is absent or something else."""
    digits = item.get(name, {}).get("N", "")
    return int(digits) if digits.isdecimal() else None


def _text(item: Item, name: str) -> str:
    """Return a text among an item's attributes, "" if it is absent or something else."""
    text: str = item.get(name, {}).get("S", "")
    return text
