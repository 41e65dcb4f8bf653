"""The benchmark's arithmetic of a month's cost."""

from __future__ import annotations

import pytest

from benchmarks import prices
from benchmarks.costs import PUBLICATIONS, UPDATES, Measured, month

# A table and updates that cost nothing, and an instance that starts in no time.
FREE = Measured(
    request_ms=1.0,
    answer_bytes=700,
    log_bytes=674,
    cold_start_ms=0,
    latest_read_units=0,
    history_read_units=0,
    unchanged_seconds=0,
    unchanged_read_units=0,
    changed_seconds=0,
    changed_read_units=0,
    changed_write_units=0,
    table_bytes=0,
)
BY_BEING_THERE = {"metrics": 10 * 0.30, "alarms": 9 * 0.10, "dashboard": 3.00}


def test_without_requests_a_stack_costs_its_metrics_alarms_and_dashboard_and_the_updates_requests() -> None:
    updates = {"lambda": UPDATES * 0.20 / 1e6}
    assert {part: cost for part, cost in month(0, FREE).items() if cost} == pytest.approx(
        BY_BEING_THERE | updates
    )


def test_a_million_requests_cost_their_price_their_milliseconds_their_log_and_their_bytes() -> None:
    costs = month(1_000_000, FREE)
    # 1 ms at 1,769 MB is 1.73 ms at 1,024 MB, and with 1 ms around it 3 ms are billed of 1 GB.
    assert costs["lambda"] == pytest.approx(0.20 + 3000 * 0.0000133334 + UPDATES * 0.20 / 1e6)
    assert costs["api_gateway_rest"] == pytest.approx(3.50)
    assert costs["logs"] == pytest.approx(0.50)  # 1,000 bytes each are 1 GB
    assert costs["data_transfer"] == pytest.approx(0.09)


def test_an_instance_rereads_what_is_current_each_minute_however_many_ask() -> None:
    known = FREE._replace(latest_read_units=0.5)
    assert month(100_000_000, known)["dynamodb"] == pytest.approx(30 * 24 * 60 * 0.5 * prices.READ_UNIT)


def test_updates_cost_what_they_read_and_write() -> None:
    known = FREE._replace(unchanged_read_units=100, changed_read_units=200, changed_write_units=40)
    unchanged = UPDATES - PUBLICATIONS
    expected = (unchanged * 100 + PUBLICATIONS * 200) * 0.125 / 1e6 + PUBLICATIONS * 40 * 0.625 / 1e6
    assert month(0, known)["dynamodb"] == pytest.approx(expected)


def test_a_stored_gigabyte_is_paid_for_with_its_backup() -> None:
    assert month(0, FREE._replace(table_bytes=1e9))["dynamodb"] == pytest.approx(0.25 + 0.20)
