"""The DynamoDB table: what is current, and the years' documents, read and written.

Items: `pk = "latest"` with the attributes `format`, `revision`, `document` and its `digest`;
`pk = "year#2026#<digest>"` with `format`, `written_at` and `document`, and with `expires_at` once it is
superseded.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from botocore.config import Config

from rates.history import Year
from rates.storage import documents
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry

LATEST_KEY = "latest"
YEAR_PREFIX = "year#"
BATCH_TRIES = 4  # of BatchGetItem, for keys that it leaves unprocessed


class ConflictError(Exception):
    """Somebody else published since `latest` was read."""


class UnavailableError(Exception):
    """DynamoDB did not hand out all of what was asked for."""


class StoredYear(NamedTuple):
    """A year's document in the table, without its content. `expires_at` is None while it is current."""

    key: str
    written_at: int  # microseconds since 1970
    expires_at: int | None  # seconds since 1970


def client_config(*, read_timeout: float, attempts: int) -> Config:
    """Bounded patience with DynamoDB: seconds for an answer, and how often to ask."""
    return Config(
        connect_timeout=2,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )


def year_key(year: str, digest: str) -> str:
    return f"{YEAR_PREFIX}{year}#{digest}"


class Store:
    """One table, through a DynamoDB client. Errors of DynamoDB come out as botocore's own exceptions."""

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def latest(self, *, consistent: bool = False) -> Latest | None:
        """What is current; None while nothing was published; UnreadableDocumentError where it is damaged."""
        item = self._client.get_item(
            TableName=self._table, Key=_key(LATEST_KEY), ConsistentRead=consistent
        ).get("Item")
        if item is None:
            return None
        revision = _number(item, "revision")
        try:
            if revision is None:
                raise UnreadableDocumentError("what is current has no revision")
            return documents.decode_latest(
                _text(item, "document"), revision, _number(item, "format") or 0, _text(item, "digest")
            )
        except UnreadableDocumentError as error:
            error.revision = revision
            raise

    def years(self, entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        """The documents of these years that are there, by year: all of them in one call."""
        wanted = {year_key(year, entry.digest): (year, entry) for year, entry in entries.items()}
        found = {}
        for item in self._batch_get(list(wanted), consistent=consistent):
            year, entry = wanted[item["pk"]["S"]]
            try:
                content = item["document"]["B"]
            except KeyError as error:
                raise UnreadableDocumentError(f"the item of {year} has no document") from error
            found[year] = documents.unpack(content, entry.digest)
        return found

    def stored_years(self) -> dict[str, StoredYear]:
        """Every year's document in the table, by key, current or not. Reads the whole table."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, ConsistentRead=True, ProjectionExpression="pk, written_at, expires_at"
        )
        items = (item for page in pages for item in page["Items"] if item["pk"]["S"].startswith(YEAR_PREFIX))
        return {
            item["pk"]["S"]: StoredYear(
                item["pk"]["S"],
                _number(item, "written_at") or 0,
                _number(item, "expires_at"),
            )
            for item in items
        }

    def put_year(self, key: str, text: bytes) -> None:
        """Write a year's document. Nobody reads it before `publish` names it."""
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(key),
                "format": {"N": str(documents.FORMAT)},
                "written_at": {"N": str(time.time_ns() // 1000)},
                "document": {"B": documents.pack(text)},
            },
        )

    def publish(self, latest: Latest, *, over_revision: int | None) -> None:
        """Make `latest` current, if the revision that was read still is (None: there was none); else
        ConflictError."""
        # Whatever else stands there is no revision: it is damaged, and is replaced.
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
        """Let a document go at that time (seconds since 1970), unless it was written anew since."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=_key(stored.key),
                UpdateExpression="SET expires_at = :at",
                ConditionExpression="written_at = :seen",
                ExpressionAttributeValues={":at": {"N": str(at)}, ":seen": {"N": str(stored.written_at)}},
            )

    def _batch_get(self, keys: list[str], *, consistent: bool) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {
            self._table: {"Keys": [_key(key) for key in keys], "ConsistentRead": consistent}
        }
        for attempt in range(BATCH_TRIES):
            if not keys:
                return
            time.sleep(0.05 * (2**attempt - 1))
            answer = self._client.batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return
        raise UnavailableError("DynamoDB left keys unprocessed")


def _key(value: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": value}}


def _number(item: Mapping[str, Mapping[str, str]], name: str) -> int | None:
    """A whole number among an item's attributes; None where there is none."""
    digits = item.get(name, {}).get("N", "")
    return int(digits) if digits.isdecimal() else None


def _text(item: Mapping[str, Mapping[str, str]], name: str) -> str:
    """A text among an item's attributes; "" where there is none."""
    return item.get(name, {}).get("S", "")
