"""The cost of a month and of the worst day, and the page that shows it."""

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from benchmarks import costs

PAGE = costs.DOCUMENT.read_text(encoding="utf-8")
FREE = dict.fromkeys(costs.MEASURED, 0.0) | {"warm.history_all_usd.bytes": 1.0}


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Measured figures of a stack that uses nothing, to be changed by the test."""
    figures = dict(FREE)
    monkeypatch.setattr(costs, "MEASURED", figures)
    return figures


def cost(requests: int, **options: Any) -> dict[str, float]:
    """Return the parts of a month that cost something."""
    parts = costs.dollars(costs.month(requests, **options))
    return {part: usd for part, usd in parts.items() if usd and part != "Total"}


MILLION, MANY = 1_000_000, 100_000_000
READ, WRITE, GB_SECOND = 0.125 / 1e6, 0.625 / 1e6, 13.3334 / 1e6  # USD
FAST = {"warm.latest.ms": 1.0, "steady.answer_bytes": 700, "steady.log_bytes_without_metrics": 674}
# 1 ms on a whole CPU is 1.73 ms at 1,024 MB. Lambda adds 1 ms, and bills whole milliseconds.
CPU = 1769 / 1024


@pytest.mark.parametrize(
    ("figures", "requests", "part", "usd"),
    [
        pytest.param({}, 0, "Lambda", 140 * 0.20 / 1e6 + 0.001 * GB_SECOND, id="the runs of the update"),
        (FAST, MILLION, "Lambda", 0.20 + 3000 * GB_SECOND),
        (FAST, MILLION, "API Gateway", 3.50),
        (FAST, MILLION, "Logs", 0.50),  # 1,000 bytes each
        (FAST, MILLION, "Data transfer", 0.09),  # 1,000 bytes each
        # `latest` is read again once a minute at most.
        ({"steady.read_units": 0.5}, 100, "DynamoDB", 100 * 0.5 * READ),
        ({"steady.read_units": 0.5}, MANY, "DynamoDB", 30 * 24 * 60 * 0.5 * READ),
        # An execution environment starts every five minutes at most.
        ({"first.history_all.read_units": 75}, 100, "DynamoDB", 100 * 75 * READ),
        ({"first.history_all.read_units": 75}, MANY, "DynamoDB", 8640 * 75 * READ),
        ({"update.unchanged.read_units": 100}, 0, "DynamoDB", 118 * 100 * READ),
        ({"update.changed.read_units": 200}, 0, "DynamoDB", 22 * 200 * READ),
        ({"update.changed.write_units": 40}, 0, "DynamoDB", 22 * 40 * WRITE),
        pytest.param(
            {"update.seed.table_bytes": 0.6e9, "update.changed.added_bytes": 0.4e9 / 12 / 22},
            *(0, "DynamoDB", 0.25 + 0.20),
            id="the table after a year, with recovery",
        ),
    ],
)
def test_part_of_a_month_costs_its_price(
    measured: dict[str, float], figures: dict[str, float], requests: int, part: str, usd: float
) -> None:
    measured |= figures
    assert cost(requests)[part] == pytest.approx(usd, rel=1e-3)


@pytest.mark.parametrize(
    ("figures", "requests", "seconds"),
    [
        ({"cold.first_answer.ms": 200}, MANY, 8640 * 0.2 * CPU),
        ({"update.unchanged.ms": 300, "update.changed.ms": 500}, 0, (118 * 0.3 + 22 * 0.5) * CPU),
    ],
)
def test_cold_starts_and_updates_are_billed(
    measured: dict[str, float], figures: dict[str, float], requests: int, seconds: float
) -> None:
    before = cost(requests)["Lambda"]
    measured |= figures
    assert cost(requests)["Lambda"] - before == pytest.approx(seconds * GB_SECOND, rel=1e-3)


@pytest.mark.usefixtures("measured")
def test_watched_stack_pays_for_metrics_alarms_and_dashboard() -> None:
    parts = cost(0, dashboard_months=1, **costs.WATCHED)
    stack = costs.STACK
    assert parts["Metrics"] == pytest.approx(stack["metrics"] * 0.30)
    assert parts["Alarms"] == pytest.approx(stack["alarm_metrics"] * 0.10)
    assert parts["Dashboard"] == 3.00


def test_log_lines_with_metrics_are_billed_in_full(measured: dict[str, float]) -> None:
    measured |= {"steady.log_bytes": 1674, "steady.log_bytes_without_metrics": 674}
    assert cost(MILLION, **costs.WATCHED)["Logs"] == pytest.approx(1.00)


def test_http_api_changes_only_the_price_of_a_request() -> None:
    rest, http = cost(MILLION), cost(MILLION, api="http_requests")
    assert http == rest | {"API Gateway": pytest.approx(1.00)}


def test_idle_dev_stack_and_its_recovery_cost_less_than_a_cent() -> None:
    stored = {"recoverable_gb_months": costs.month(0)["recoverable_gb_months"]}
    assert 0 < costs.dollars(stored)["Total"] < costs.dollars(costs.month(0))["Total"] < 0.01


def test_web_acl_costs_its_month_and_each_inspected_request() -> None:
    parts = cost(0, web_acl_months=1, inspected_requests=2_000_000)
    assert parts["Web ACL"] == pytest.approx(6.00 + 1.20)


def test_worst_day_is_mostly_data_transfer() -> None:
    day = costs.dollars(costs.worst_day(40))
    gigabytes = 40 * 86_400 * 5.5e6 / 1e9
    assert day["Data transfer"] == pytest.approx(10_000 * 0.09 + (gigabytes - 10_000) * 0.085)
    assert day["API Gateway"] == pytest.approx(40 * 86_400 * 3.50 / 1e6)
    assert day["Data transfer"] / day["Total"] > 0.9


def test_time_of_the_worst_day_grows_with_the_answer(measured: dict[str, float]) -> None:
    measured |= {"warm.history_all_usd.ms": 100, "warm.history_all_usd.bytes": 2.75e6}
    day = costs.dollars(costs.worst_day(1))
    seconds = 86_400 * (200 * 1769 / 1024 + 1) / 1000
    assert day["Lambda"] == pytest.approx(86_400 * 0.20 / 1e6 + seconds * 13.3334 / 1e6, rel=0.01)


def test_worst_day_below_the_first_tier_has_one_price() -> None:
    usage = costs.worst_day(1)
    assert usage["transferred_gb"] == pytest.approx(475.2)
    assert usage["transferred_gb_beyond"] == 0


def test_the_route_of_the_page_has_its_own_throttle(measured: dict[str, float]) -> None:
    measured["warm.latest.ms"] = 0.1
    day, both = costs.worst_day(40), costs.worst_day(40, small=40)
    assert both["rest_requests"] == 2 * day["rest_requests"]
    assert both["transferred_gb_beyond"] - day["transferred_gb_beyond"] == pytest.approx(
        40 * 86_400 * 4e4 / 1e9
    )
    assert both["lambda_gb_seconds"] - day["lambda_gb_seconds"] == pytest.approx(40 * 86_400 * 0.002)


def test_blocked_requests_of_the_worst_day_are_inspected() -> None:
    assert costs.dollars(costs.worst_day(0, inspected=1000))["Web ACL"] == pytest.approx(51.84)


@pytest.mark.parametrize("name", costs.tables())
def test_page_shows_the_computed_table(name: str) -> None:
    shown = PAGE.partition(f"<!-- table: {name} -->\n")[2].partition("<!-- end -->")[0]
    assert shown == costs.tables()[name], "run: python -m benchmarks.costs"


def test_writing_the_tables_changes_only_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "costs.md"
    page.write_text(re.sub(r"(?m)^\| .*\d.*\|$", "| old |", PAGE), encoding="utf-8")
    assert page.read_text(encoding="utf-8") != PAGE
    monkeypatch.setattr(costs, "DOCUMENT", page)
    costs.main([])
    before, after = PAGE.splitlines(), page.read_text(encoding="utf-8").splitlines()
    outside = [line for line in before if not line.startswith("|")]
    assert [line for line in after if not line.startswith("|")] == outside
    assert all(row in after for table in costs.tables().values() for row in table.splitlines())


def test_figures_of_a_run_replace_the_measured_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, path in (("DOCUMENT", tmp_path / "costs.md"), ("DATA", tmp_path)):
        monkeypatch.setattr(costs, name, path)
    (tmp_path / "costs.md").write_text("<!-- table: measured -->\n<!-- end -->\n", encoding="utf-8")
    monkeypatch.setattr(costs, "MEASURED", dict(FREE))
    monkeypatch.setattr(costs, "figures", lambda run: run | {"warm.latest.ms": 0.04567, "other": 1.0})
    run = tmp_path / "run.json"
    run.write_text(json.dumps(FREE | {"update.seed.table_bytes": 600_000.0}), encoding="utf-8")
    costs.main([str(run)])
    written = json.loads((tmp_path / "measured.json").read_text(encoding="utf-8"))
    assert written == FREE | {"update.seed.table_bytes": 600_000, "warm.latest.ms": 0.05}
    assert "| `update.seed.table_bytes` | 600,000 |" in (tmp_path / "costs.md").read_text(encoding="utf-8")


@mock_aws
def test_budget_of_the_page_is_accepted_by_the_api() -> None:
    files = dict(re.findall(r"cat > (\w+)\.json <<'END'\n(.*?)\nEND\n", PAGE, re.DOTALL))
    budget, notifications = json.loads(files["budget"]), json.loads(files["notifications"])
    (filters,) = re.findall(r'^("CostFilters": .*),$', PAGE, re.MULTILINE)
    budget |= json.loads(f"{{{filters}}}")
    client = boto3.client("budgets", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    client.create_budget(AccountId="123456789012", Budget=budget, NotificationsWithSubscribers=notifications)
    stored = client.describe_budget(AccountId="123456789012", BudgetName="exchange-rates")["Budget"]
    assert stored["BudgetLimit"] == {"Amount": "20", "Unit": "USD"}
    assert stored["CostFilters"] == {"TagKeyValue": ["user:application$exchange-rates"]}
