"""The dashboard: its rows, its metrics and its URL."""

import json
from typing import Any

import pytest

from infra import dashboard, metrics
from rates import telemetry
from tests.infra.capture import REGION, Program, arn, captured, run
from tests.infra.stacks import configuration


def body(program: Program) -> dict[str, Any]:
    """Return the content of the dashboard."""
    inputs = program["cloudwatch.Dashboard dashboard"].inputs
    assert inputs["dashboardName"] == f"exchange-rates-prod-{REGION}"
    return dict(json.loads(inputs["dashboardBody"]))


def lines(widgets: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the metrics of the widgets, each as CloudWatch's list of its parts."""
    return [line for widget in widgets for line in widget["properties"].get("metrics", [])]


@pytest.mark.parametrize("question", ["Is it fresh", "Is it up", "Is it fast", "How much does it do"])
def test_each_question_has_a_row_of_its_own(question: str) -> None:
    widgets = body(captured("prod"))["widgets"]
    rows = {widget["y"] for widget in widgets if widget["properties"]["title"].startswith(f"{question}?")}
    assert len(rows) == 1
    others = [widget for widget in widgets if widget["y"] in rows and widget["type"] == "metric"]
    assert all(widget["properties"]["title"].startswith(question) for widget in others)


@pytest.mark.parametrize("overrides", [(), ("alarms=false",)])
def test_the_widgets_fill_the_grid_without_overlap(overrides: tuple[str, ...]) -> None:
    taken: list[tuple[int, int]] = []
    for widget in body(captured("prod", *overrides))["widgets"]:
        across = range(widget["x"], widget["x"] + widget["width"])
        down = range(widget["y"], widget["y"] + widget["height"])
        taken += [(x, y) for x in across for y in down]
    assert len(taken) == len(set(taken))
    columns, height = {x for x, _ in taken}, max(y for _, y in taken) + 1
    assert columns == set(range(24))
    assert len(taken) == 24 * height


def test_values_of_a_day_cover_the_time_range() -> None:
    """Otherwise they are empty until the first full day is over."""
    properties = [widget["properties"] for widget in body(captured("prod"))["widgets"]]
    of_a_day = [part for part in properties if part.get("period") == dashboard.DAY]
    assert of_a_day
    assert all(part["setPeriodToTimeRange"] for part in of_a_day)


def test_the_dashboard_shows_the_alarms_if_there_are_any() -> None:
    program = captured("prod")
    [widget] = [widget for widget in body(program)["widgets"] if widget["type"] == "alarm"]
    assert sorted(widget["properties"]["alarms"]) == sorted(
        arn(alarm.key) for alarm in program.of("cloudwatch.MetricAlarm")
    )
    assert "alarm" not in {widget["type"] for widget in body(captured("prod", "alarms=false"))["widgets"]}


def test_the_dashboard_shows_every_custom_metric() -> None:
    """CloudWatch bills each custom metric, so a metric that nobody sees must go."""
    shown = {line[1] for line in lines(body(captured("prod"))["widgets"]) if line[0] == metrics.NAMESPACE}
    assert shown == set(telemetry.UNITS)


@pytest.mark.parametrize(
    ("partition", "host"), [("aws", "console.aws.amazon.com"), ("aws-cn", "console.amazonaws.cn")]
)
def test_the_url_follows_the_partition(partition: str, host: str) -> None:
    outputs = run("prod", configuration("prod"), partition).outputs
    console = f"https://{REGION}.{host}/cloudwatch/home?region={REGION}"
    assert outputs["dashboard_url"] == f"{console}#dashboards/dashboard/exchange-rates-prod-{REGION}"


def test_a_partition_with_an_unknown_console_has_no_url() -> None:
    assert "dashboard_url" not in run("prod", configuration("prod"), "aws-iso").outputs
