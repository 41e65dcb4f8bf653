"""DynamoDB's rule for what a read and a write cost, from the sizes of the items."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

READ_BLOCK = 4096  # bytes
WRITE_BLOCK = 1024  # bytes

# An item as a client speaks of it: {"pk": {"S": "latest"}, "revision": {"N": "7"}, ...}.
Item = Mapping[str, Mapping[str, str | bytes]]


def item_bytes(item: Item) -> int:
    """The size of an item: its names and values; KeyError for a type that no item here has."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def read_units(size: int, *, consistent: bool) -> float:
    """The read units of one read of so many bytes: a block is one, half where it need not be consistent."""
    return max(1, ceil(size / READ_BLOCK)) * (1.0 if consistent else 0.5)


def write_units(size: int) -> int:
    """The write units of writing an item of so many bytes, the larger of before and after."""
    return max(1, ceil(size / WRITE_BLOCK))


def _value_bytes(value: Mapping[str, str | bytes]) -> int:
    ((kind, content),) = value.items()
    size = len(content if isinstance(content, bytes) else content.encode())
    return {"S": size, "B": size, "N": (size + 1) // 2 + 1}[kind]
