"""The benchmark's table in memory counts the units that DynamoDB bills."""

import pytest

from benchmarks.memory_table import Item, MemoryTable, item_bytes

KEY = {"pk": {"S": "latest"}}
LATEST = {**KEY, "document": {"S": "x" * 5000}}


def table_of(*sizes: int) -> MemoryTable:
    """Return a table with an item of each size in bytes, by the keys `0`, `1`, ..., and no counts."""
    table = MemoryTable()
    for number, size in enumerate(sizes):
        rest = size - len("pk") - len(str(number)) - len("document")
        table.put_item(TableName="t", Item={"pk": {"S": str(number)}, "document": {"B": b"x" * rest}})
    table.reset()
    return table


@pytest.mark.parametrize(
    ("size", "consistent", "expected"),
    [(20, True, 1), (4096, True, 1), (4097, True, 2), (20, False, 0.5), (4097, False, 1), (21_000, False, 3)],
)
def test_read_costs_a_unit_for_each_4_kb(size: int, consistent: bool, expected: float) -> None:
    table = table_of(size)
    table.get_item(TableName="t", Key={"pk": {"S": "0"}}, ConsistentRead=consistent)
    assert table.read_units == expected


def test_read_of_a_missing_item_costs_the_least_unit() -> None:
    table = table_of()
    assert table.get_item(TableName="t", Key=KEY) == {}
    assert (table.calls, table.read_units) == (1, 0.5)


@pytest.mark.parametrize(("size", "expected"), [(20, 1), (1024, 1), (1025, 2), (21_000, 21)])
def test_write_costs_a_unit_for_each_kb(size: int, expected: int) -> None:
    table = table_of(size)
    item = table.items["0"]
    table.put_item(TableName="t", Item=item)
    assert (table.calls, table.write_units) == (1, expected)


def test_item_size_is_the_size_of_names_and_values() -> None:
    item: Item = {"pk": {"S": "Złoty"}, "revision": {"N": "1234"}, "document": {"B": b"12345"}}
    assert item_bytes(item) == (2 + 6) + (8 + 3) + (8 + 5)


def test_items_of_one_batch_are_rounded_up_one_by_one() -> None:
    table = table_of(4500, 4500)
    keys = [{"pk": {"S": name}} for name in ("0", "1", "absent")]
    answer = table.batch_get_item(RequestItems={"t": {"Keys": keys, "ConsistentRead": False}})
    assert [item["pk"]["S"] for item in answer["Responses"]["t"]] == ["0", "1"]
    assert (table.calls, table.read_units) == (1, 1 + 1 + 0.5)


def test_scan_is_billed_for_whole_items_and_rounded_up_once() -> None:
    table = table_of(2000, 2000, 2000)
    scan = table.get_paginator("scan")
    (page,) = scan.paginate(TableName="t", ConsistentRead=True, ProjectionExpression="pk")
    assert page["Items"] == [{"pk": {"S": name}} for name in ("0", "1", "2")]
    assert (table.calls, table.read_units) == (1, 2)


def test_write_costs_the_larger_of_before_and_after() -> None:
    table = MemoryTable()
    table.put_item(TableName="t", Item=LATEST)
    table.reset()
    table.put_item(TableName="t", Item=KEY)
    assert table.write_units == 5


def test_write_in_a_transaction_costs_twice() -> None:
    table = MemoryTable()
    table.transact_write_items(
        TransactItems=[{"Put": {"Item": LATEST}}, {"Put": {"Item": {"pk": {"S": "x"}}}}]
    )
    assert (table.calls, table.write_units) == (1, 2 * 5 + 2 * 1)
    assert table.items.keys() == {"latest", "x"}


def test_reset_replaces_the_items_without_changing_the_originals() -> None:
    table, items = table_of(100), {"latest": LATEST}
    table.reset(items)
    table.put_item(TableName="t", Item={"pk": {"S": "other"}})
    assert table.items.keys() == {"latest", "other"}
    assert items.keys() == {"latest"}
