"""The alarms and the dashboard."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra import dashboard, metrics
from infra.metrics import Watched
from rates import telemetry
from tests.infra.capture import PROJECT, REGION, Program, arn, captured

GREATER, LESS = "GreaterThanOrEqualToThreshold", "LessThanThreshold"
OWN = {"namespace": "ExchangeRates", "dimensions": {"Stack": "prod"}}
UPDATE = {"namespace": "AWS/Lambda", "dimensions": {"FunctionName": "update-rates-1234567"}}
GET = {"namespace": "AWS/Lambda", "dimensions": {"FunctionName": "get-rates-1234567"}}
QUEUE = {"namespace": "AWS/SQS", "dimensions": {"QueueName": "dead-letters-1234567"}}
API = {"namespace": "AWS/ApiGateway", "dimensions": {"ApiName": "api-1234567", "Stage": "v1"}}
# By name: of what, metric, statistic, comparison, threshold, period, periods, missing data.
ALARMS: dict[str, tuple[Any, ...]] = {
    "update-failed": (UPDATE, "Errors", "Sum", GREATER, 1, 300, 1, "notBreaching"),
    "no-success-in-26-h": (OWN, "UpdatesSucceeded", "Sum", LESS, 1, 3600, 26, "breaching"),
    "data-stale": (OWN, "DataStale", "Maximum", GREATER, 1, 3600, 2, "ignore"),
    "dead-letters": (
        QUEUE,
        "ApproximateNumberOfMessagesVisible",
        "Maximum",
        GREATER,
        1,
        300,
        1,
        "notBreaching",
    ),
    "get-errors": (GET, "Errors", "Sum", GREATER, 1, 300, 1, "notBreaching"),
    "get-p99": (GET, "Duration", "p99", GREATER, 3000, 300, 3, "notBreaching"),
    "throttles": (GET, "Throttles", "Sum", GREATER, 1, 300, 1, "notBreaching"),
    "api-5xx": (API, "5XXError", "Sum", GREATER, 5, 300, 1, "notBreaching"),
}


def alarms() -> dict[str, dict[str, Any]]:
    return {alarm.name: alarm.inputs for alarm in captured("prod").of("cloudwatch.MetricAlarm")}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_raised_when_it_should_be(name: str) -> None:
    of, metric, statistic, comparison, threshold, period, periods, missing = ALARMS[name]
    inputs = {key: value for key, value in alarms()[name].items() if key != "alarmDescription"}
    assert inputs == {
        **of,
        "metricName": metric,
        "extendedStatistic" if statistic.startswith("p") else "statistic": statistic,
        "comparisonOperator": comparison,
        "threshold": threshold,
        "period": period,
        "evaluationPeriods": periods,
        "treatMissingData": missing,
        "alarmActions": [arn("sns.Topic alarms")],
    }


def test_there_are_no_other_alarms() -> None:
    assert set(alarms()) == set(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_to_do_and_where_to_read_on(name: str) -> None:
    description = alarms()[name]["alarmDescription"]
    assert description.endswith(f" See docs/operations.md#{name}.")
    assert len(description) <= 1024  # CloudWatch's limit
    headings = re.findall(r"^### (.+)$", (PROJECT / "docs/operations.md").read_text(), re.MULTILINE)
    assert name in headings


def test_the_topic_is_unencrypted_so_that_cloudwatch_can_reach_it() -> None:
    """With alias/aws/sns every alarm would be lost, and nobody told."""
    assert captured("prod")["sns.Topic alarms"].inputs == {}


def test_whoever_is_named_gets_the_alarms_by_mail() -> None:
    program = captured("prod", "alarmEmail=ops@example.com")
    assert program["sns.TopicSubscription alarms"].inputs == {
        "topic": arn("sns.Topic alarms"),
        "protocol": "email",
        "endpoint": "ops@example.com",
    }


def body(program: Program) -> dict[str, Any]:
    inputs = program["cloudwatch.Dashboard dashboard"].inputs
    assert inputs["dashboardName"] == f"exchange-rates-prod-{REGION}"
    return dict(json.loads(inputs["dashboardBody"]))


def drawn(widgets: list[dict[str, Any]]) -> list[list[Any]]:
    """The metrics of a dashboard, each as CloudWatch's list of its parts."""
    return [line for widget in widgets for line in widget["properties"].get("metrics", [])]


@pytest.mark.parametrize("question", ["Is it fresh", "Is it up", "Is it fast", "How much does it do"])
def test_the_dashboard_answers_each_question_in_a_row_of_its_own(question: str) -> None:
    widgets = body(captured("prod"))["widgets"]
    rows = {widget["y"] for widget in widgets if widget["properties"]["title"].startswith(f"{question}?")}
    assert len(rows) == 1
    others = [widget for widget in widgets if widget["y"] in rows and widget["type"] == "metric"]
    assert all(widget["properties"]["title"].startswith(question) for widget in others)


def test_the_widgets_fill_the_grid_without_overlapping() -> None:
    taken: list[tuple[int, int]] = []
    for widget in body(captured("prod"))["widgets"]:
        across = range(widget["x"], widget["x"] + widget["width"])
        down = range(widget["y"], widget["y"] + widget["height"])
        taken += [(x, y) for x in across for y in down]
    assert len(taken) == len(set(taken))
    assert {x for x, _ in taken} == set(range(24))
    assert {y for _, y in taken} == set(range(23))


def test_the_dashboard_shows_the_alarms_where_there_are_any() -> None:
    [widget] = [widget for widget in body(captured("prod"))["widgets"] if widget["type"] == "alarm"]
    assert sorted(widget["properties"]["alarms"]) == sorted(
        arn(f"cloudwatch.MetricAlarm {name}") for name in ALARMS
    )
    assert "alarm" not in {widget["type"] for widget in body(captured("prod", "alarms=false"))["widgets"]}


def test_the_dashboard_is_drawn_from_the_stacks_own_parts() -> None:
    known = {
        ("ExchangeRates", "Stack", "prod"),
        ("AWS/Lambda", "FunctionName", "update-rates-1234567"),
        ("AWS/Lambda", "FunctionName", "get-rates-1234567"),
        ("AWS/SQS", "QueueName", "dead-letters-1234567"),
        ("AWS/ApiGateway", "ApiName", "api-1234567", "Stage", "v1"),
        ("AWS/DynamoDB", "TableName", "rates-1234567"),
    }
    widgets = body(captured("prod"))["widgets"]
    assert {(line[0], *line[2:-1]) for line in drawn(widgets)} == known
    assert {widget["properties"].get("region", REGION) for widget in widgets} == {REGION}


def test_the_body_is_made_from_names_alone() -> None:
    watched = Watched("s", "table", "update", "get", "queue", "api", "v1")
    made = dashboard.body(watched, "eu-west-1", [])
    assert json.loads(json.dumps(made)) == made
    assert {widget["properties"]["region"] for widget in made["widgets"]} == {"eu-west-1"}


def test_what_is_watched_is_what_the_functions_print() -> None:
    assert (metrics.NAMESPACE, metrics.DIMENSION) == (telemetry.NAMESPACE, telemetry.DIMENSION)
    own = {alarm["metricName"] for alarm in alarms().values() if alarm["namespace"] == metrics.NAMESPACE}
    own |= {line[1] for line in drawn(body(captured("prod"))["widgets"]) if line[0] == metrics.NAMESPACE}
    assert own == set(telemetry.UNITS)  # and each of them is worth its price


def test_the_functions_print_under_the_stacks_name() -> None:
    for function in captured("prod").of("lambda.Function"):
        assert function.inputs["environment"]["variables"]["STACK"] == "prod"
