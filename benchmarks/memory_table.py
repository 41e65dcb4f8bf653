"""A DynamoDB table in memory that counts: calls, and units by DynamoDB's rule.

It stands for the boto3 client in what is measured, so that a figure is the time of our code and of nothing
that plays DynamoDB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from benchmarks import units


class MemoryTable:
    """As much of a DynamoDB client as the store uses, with one table behind it, keyed by `pk`.

    Nobody else writes to it, so the conditions of writes are taken to hold.
    """

    # What the store would catch; it is never raised here.
    exceptions = SimpleNamespace(ConditionalCheckFailedException=Exception)

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.reset()

    def reset(self) -> None:
        """Count from zero again."""
        self.calls = 0
        self.read_units = 0.0
        self.write_units = 0

    @property
    def bytes(self) -> int:
        """What is stored."""
        return sum(map(units.item_bytes, self.items.values()))

    def get_item(self, *, TableName: str, Key: Any, ConsistentRead: bool) -> dict[str, Any]:
        self.calls += 1
        item = self._read(Key, consistent=ConsistentRead)
        return {"Item": item} if item else {}

    def batch_get_item(self, *, RequestItems: Any) -> dict[str, Any]:
        self.calls += 1
        ((table, request),) = RequestItems.items()
        found = [self._read(key, consistent=request["ConsistentRead"]) for key in request["Keys"]]
        return {"Responses": {table: [item for item in found if item]}, "UnprocessedKeys": {}}

    def put_item(self, *, Item: Any, **condition: Any) -> None:
        self._write(Item["pk"]["S"], Item)

    def update_item(
        self,
        *,
        Key: Any,
        UpdateExpression: str,
        ExpressionAttributeValues: Any,
        **condition: Any,
    ) -> None:
        key = Key["pk"]["S"]
        changes = re.findall(r"(\w+) = (:\w+)", UpdateExpression)
        changed = {name: ExpressionAttributeValues[placeholder] for name, placeholder in changes}
        self._write(key, {**self.items.get(key, Key), **changed})

    def get_paginator(self, operation: str) -> SimpleNamespace:
        if operation != "scan":
            raise ValueError(operation)
        return SimpleNamespace(paginate=self._scan)

    def _scan(
        self,
        *,
        TableName: str,
        ConsistentRead: bool,
        ProjectionExpression: str,
    ) -> Iterator[dict[str, Any]]:
        self.calls += 1
        # What is left out of the answer is read and paid for all the same.
        self.read_units += units.read_units(self.bytes, consistent=ConsistentRead)
        names = ProjectionExpression.split(", ")
        yield {
            "Items": [{name: item[name] for name in names if name in item} for item in self.items.values()]
        }

    def _read(self, key: Any, *, consistent: bool) -> dict[str, Any] | None:
        item = self.items.get(key["pk"]["S"])
        self.read_units += units.read_units(units.item_bytes(item or {}), consistent=consistent)
        return item

    def _write(self, key: str, item: dict[str, Any]) -> None:
        self.calls += 1
        before = self.items.get(key, {})
        self.write_units += units.write_units(max(units.item_bytes(before), units.item_bytes(item)))
        self.items[key] = item
