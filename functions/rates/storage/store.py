"""The DynamoDB table: nothing that was published is ever deleted.

Items:
- `pk = "latest"`: `format`, `revision`, `document` and its `digest`.
- `pk = "revision#412"`: the same, as the latest item was published with that revision.
- `pk = "year#2026#<digest>"`: `format` and `document`.
- `pk = "announced"`: the `revision` that subscribers were told of, if events are enabled.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from rates.history import Year
from rates.storage import documents
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry

LATEST_KEY = "latest"
ANNOUNCED_KEY = "announced"
REVISION_PREFIX = "revision#"
BATCH_TRIES = 4  # of BatchGetItem, for keys that it leaves unprocessed
BATCH_KEYS = 100  # DynamoDB's limit
# An update that starts again can succeed if only these canceled its transaction.
OVERTAKEN = {"ConditionalCheckFailed", "TransactionConflict", "ThrottlingError"}

Item = Mapping[str, Mapping[str, Any]]


class ConflictError(Exception):
    """Another update published after `latest` was read."""


class UnavailableError(Exception):
    """DynamoDB did not return all the items that were requested."""


class Store:
    """One table, through a DynamoDB client. Errors of DynamoDB are botocore's own exceptions."""

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def latest(self, *, consistent: bool = False) -> Latest | None:
        """Return the latest item, None if nothing was published yet.

        Raises UnreadableDocumentError if it is damaged.
        """
        return self._revision(LATEST_KEY, consistent=consistent)

    def revision(self, number: int) -> Latest | None:
        """Return a revision by a strongly consistent read, None if it is not in the table.

        Raises UnreadableDocumentError if it is damaged.
        """
        return self._revision(f"{REVISION_PREFIX}{number}", consistent=True)

    def revisions(self) -> list[int]:
        """Return the numbers of all revisions in the table, the highest first. Scans the table."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, ConsistentRead=True, ProjectionExpression="pk"
        )
        keys = [item["pk"]["S"] for page in pages for item in page["Items"]]
        found = [key.removeprefix(REVISION_PREFIX) for key in keys if key.startswith(REVISION_PREFIX)]
        return sorted(map(int, found), reverse=True)

    def years(self, entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
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

    def put_year(self, year: str, digest: str, text: bytes) -> None:
        """Write a year document. Readers do not see it before `publish` names it."""
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(_year_key(year, digest)),
                "format": {"N": str(documents.FORMAT)},
                "document": {"B": documents.pack(text)},
            },
        )

    def publish(self, latest: Latest, *, over_revision: int | None) -> None:
        """Write a revision and the latest item at once.

        Raises ConflictError if the latest item no longer has the revision that was read (None: it had none),
        or if the new revision is in the table already.
        """
        revision = self._put(f"{REVISION_PREFIX}{latest.revision}", latest)
        puts = [
            self._put_latest(latest, over_revision),
            {**revision, "ConditionExpression": "attribute_not_exists(pk)"},
        ]
        try:
            self._client.transact_write_items(TransactItems=[{"Put": put} for put in puts])
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = {reason["Code"] for reason in error.response["CancellationReasons"]} - {"None"}
            if not reasons <= OVERTAKEN:
                raise
            raise ConflictError(f"revision {latest.revision} cannot be published: {error}") from error

    def put_back(self, latest: Latest, *, over_revision: int | None) -> None:
        """Replace a lost, damaged or older latest item by a revision.

        Raises ConflictError if the latest item no longer has the revision that was read (None: it had none).
        """
        errors = self._client.exceptions
        overtaken = (errors.ConditionalCheckFailedException, errors.TransactionConflictException)
        try:
            self._client.put_item(**self._put_latest(latest, over_revision))
        except overtaken as error:
            raise ConflictError(f"revision {over_revision} is no longer the current one") from error

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

    def _revision(self, key: str, *, consistent: bool) -> Latest | None:
        item = self._get(key, consistent=consistent)
        if item is None:
            return None
        revision = _number(item, "revision")
        try:
            if revision is None:
                raise UnreadableDocumentError(f"the item {key} has no revision")
            return documents.decode_latest(
                _text(item, "document"), revision, _number(item, "format") or 0, _text(item, "digest")
            )
        except UnreadableDocumentError as error:
            error.revision = revision
            raise

    def _put_latest(self, latest: Latest, over_revision: int | None) -> dict[str, Any]:
        """Return the put of the latest item over a revision (None: over an item without one, or none)."""
        # A latest item without a revision is damaged, and may be replaced.
        condition, value = "NOT attribute_type(revision, :read)", {"S": "N"}
        if over_revision is not None:
            condition, value = "revision = :read", {"N": str(over_revision)}
        return {
            **self._put(LATEST_KEY, latest),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":read": value},
        }

    def _put(self, key: str, latest: Latest) -> dict[str, Any]:
        document = documents.encode_latest(latest)
        item = {
            **_key(key),
            "format": {"N": str(documents.FORMAT)},
            "revision": {"N": str(latest.revision)},
            "document": {"S": document},
            "digest": {"S": documents.digest(document.encode())},
        }
        return {"TableName": self._table, "Item": item}

    def _get(self, key: str, *, consistent: bool) -> Item | None:
        answer = self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=consistent)
        item: Item | None = answer.get("Item")
        return item

    def _batch_get(self, keys: list[str], *, consistent: bool) -> Iterator[dict[str, Any]]:
        for start in range(0, len(keys), BATCH_KEYS):
            batch = [_key(key) for key in keys[start : start + BATCH_KEYS]]
            request = {self._table: {"Keys": batch, "ConsistentRead": consistent}}
            for attempt in range(BATCH_TRIES):
                time.sleep(0.05 * (2**attempt - 1))
                answer = self._client.batch_get_item(RequestItems=request)
                if "Responses" not in answer:
                    raise UnavailableError("DynamoDB's answer is empty")
                yield from answer["Responses"].get(self._table, [])
                request = answer.get("UnprocessedKeys") or {}
                if not request:
                    break
            else:
                raise UnavailableError("DynamoDB left keys unprocessed")


def _year_key(year: str, digest: str) -> str:
    return f"year#{year}#{digest}"


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
