"""An in-memory DynamoDB table that counts calls, and read and write units by DynamoDB's rules.

It replaces the DynamoDB client in the benchmarks, so that a time contains only this project's code.
"""

from collections.abc import Iterator, Mapping
from math import ceil
from types import SimpleNamespace
from typing import Any

# An item in the client's notation: {"pk": {"S": "latest"}, "revision": {"N": "7"}, ...}.
Item = Mapping[str, Mapping[str, str | bytes]]


def item_bytes(item: Item) -> int:
    """Return the size of an item: its names and values. Raises KeyError for an unexpected type of value."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


class MemoryTable:
    """The part of a DynamoDB client that the store uses, with one table keyed by `pk`.

    There are no other writers, so every condition of a write holds.
    """

    # The store catches these errors. They are never raised here.
    exceptions = SimpleNamespace(
        ConditionalCheckFailedException=Exception,
        TransactionCanceledException=Exception,
        TransactionConflictException=Exception,
    )

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.reset()

    def reset(self, items: Mapping[str, dict[str, Any]] | None = None) -> None:
        """Set all counts to zero, and replace the items if others are given."""
        self.items = dict(self.items if items is None else items)
        self.calls, self.read_units, self.write_units = 0, 0.0, 0

    @property
    def bytes(self) -> int:
        """The size of all items."""
        return sum(map(item_bytes, self.items.values()))

    def get_item(self, *, Key: Any, ConsistentRead: bool = False, **_: Any) -> dict[str, Any]:
        self.calls += 1
        item = self._read(Key, consistent=ConsistentRead)
        return {"Item": item} if item else {}

    def batch_get_item(self, *, RequestItems: Any) -> dict[str, Any]:
        self.calls += 1
        ((table, request),) = RequestItems.items()
        found = [self._read(key, consistent=request["ConsistentRead"]) for key in request["Keys"]]
        return {"Responses": {table: [item for item in found if item]}, "UnprocessedKeys": {}}

    def put_item(self, *, Item: Any, **_: Any) -> None:
        self.calls += 1
        self.write_units += self._write(Item)

    def transact_write_items(self, *, TransactItems: Any) -> None:
        self.calls += 1
        for item in (action["Put"]["Item"] for action in TransactItems):
            self.write_units += 2 * self._write(item)

    def get_paginator(self, operation: str) -> SimpleNamespace:
        return SimpleNamespace(paginate={"scan": self._scan}[operation])

    def _scan(self, *, ConsistentRead: bool, **_: Any) -> Iterator[dict[str, Any]]:
        self.calls += 1
        self._count_read(self.bytes, consistent=ConsistentRead)  # of whole items
        yield {"Items": [{"pk": item["pk"]} for item in self.items.values()]}

    def _read(self, key: Any, *, consistent: bool) -> dict[str, Any] | None:
        item = self.items.get(key["pk"]["S"])
        self._count_read(item_bytes(item or {}), consistent=consistent)
        return item

    def _count_read(self, size: int, *, consistent: bool) -> None:
        """Count one unit for each 4 KB, or half of that if the read is eventually consistent."""
        self.read_units += max(1, ceil(size / 4096)) * (1.0 if consistent else 0.5)

    def _write(self, item: dict[str, Any]) -> int:
        """Write an item. Returns one unit for each 1 KB of it, before or after, whichever is larger."""
        key = item["pk"]["S"]
        size = max(item_bytes(self.items.get(key, {})), item_bytes(item))
        self.items[key] = item
        return max(1, ceil(size / 1024))


def _value_bytes(value: Mapping[str, str | bytes]) -> int:
    ((kind, content),) = value.items()
    size = len(content if isinstance(content, bytes) else content.encode())
    return {"S": size, "B": size, "N": (size + 1) // 2 + 1}[kind]
