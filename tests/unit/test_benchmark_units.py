"""What DynamoDB charges, as the benchmark counts it."""

from __future__ import annotations

import pytest

from benchmarks import units
from benchmarks.memory_table import MemoryTable

LATEST = {"pk": {"S": "latest"}, "document": {"S": "x" * 5000}}
KEY = {"pk": {"S": "latest"}}


@pytest.mark.parametrize(
    ("size", "consistent", "expected"),
    [(0, True, 1), (4096, True, 1), (4097, True, 2), (1, False, 0.5), (4097, False, 1), (21_000, False, 3)],
)
def test_a_read_costs_a_unit_for_each_4_kb_begun_and_half_where_it_need_not_be_consistent(
    size: int, consistent: bool, expected: float
) -> None:
    assert units.read_units(size, consistent=consistent) == expected


@pytest.mark.parametrize(("size", "expected"), [(0, 1), (1024, 1), (1025, 2), (21_000, 21)])
def test_a_write_costs_a_unit_for_each_kb_begun(size: int, expected: int) -> None:
    assert units.write_units(size) == expected


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    item: units.Item = {"pk": {"S": "Złoty"}, "revision": {"N": "1234"}, "document": {"B": b"12345"}}
    assert units.item_bytes(item) == (2 + 6) + (8 + 3) + (8 + 5)


def test_the_items_of_one_call_are_rounded_up_one_by_one() -> None:
    table = MemoryTable()
    for name in ("a", "b"):
        table.put_item(TableName="t", Item={"pk": {"S": name}, "document": {"B": b"x" * 4500}})
    table.reset()
    keys = [{"pk": {"S": name}} for name in ("a", "b", "absent")]
    answer = table.batch_get_item(RequestItems={"t": {"Keys": keys, "ConsistentRead": False}})
    assert [item["pk"]["S"] for item in answer["Responses"]["t"]] == ["a", "b"]
    assert (table.calls, table.read_units) == (1, 1 + 1 + 0.5)


def test_a_scan_reads_what_it_leaves_out_and_rounds_up_once() -> None:
    table = MemoryTable()
    for name in ("a", "b", "c"):
        table.put_item(TableName="t", Item={"pk": {"S": name}, "document": {"B": b"x" * 2000}})
    table.reset()
    scan = table.get_paginator("scan")
    (page,) = scan.paginate(TableName="t", ConsistentRead=True, ProjectionExpression="pk, expires_at")
    assert page["Items"] == [{"pk": {"S": name}} for name in ("a", "b", "c")]
    assert (table.calls, table.read_units) == (1, 2)


def test_a_write_costs_the_larger_of_before_and_after() -> None:
    table = MemoryTable()
    table.put_item(TableName="t", Item=LATEST)
    table.reset()
    table.put_item(TableName="t", Item=KEY)
    assert table.write_units == 5


def test_a_change_of_one_attribute_costs_the_whole_item() -> None:
    table = MemoryTable()
    table.put_item(TableName="t", Item=LATEST)
    table.reset()
    table.update_item(
        TableName="t",
        Key=KEY,
        UpdateExpression="SET expires_at = :at",
        ExpressionAttributeValues={":at": {"N": "7"}},
    )
    assert table.write_units == 5
    assert table.items["latest"] == {**LATEST, "expires_at": {"N": "7"}}
