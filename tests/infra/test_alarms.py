"""The alarms: their conditions, their texts and their notifications."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from infra import metrics
from rates import telemetry
from tests.infra.capture import arn, capture, captured
from tests.infra.stacks import PROJECT

AT_LEAST, MORE = "GreaterThanOrEqualToThreshold", "GreaterThanThreshold"
OWN = {"namespace": "ExchangeRates", "dimensions": {"Stack": "prod"}}
UPDATE = {"namespace": "AWS/Lambda", "dimensions": {"FunctionName": "update-rates-1234567"}}
GET = {"namespace": "AWS/Lambda", "dimensions": {"FunctionName": "get-rates-1234567"}}
QUEUE = {"namespace": "AWS/SQS", "dimensions": {"QueueName": "dead-letters-1234567"}}
API = {"namespace": "AWS/ApiGateway", "dimensions": {"ApiName": "api-1234567"}}
VISIBLE = "ApproximateNumberOfMessagesVisible"
# By name: the measured resource, metric, statistic, comparison, threshold, period, periods, missing data.
ALARMS: dict[str, tuple[Any, ...]] = {
    "update-failed": (UPDATE, "Errors", "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "data-stale": (OWN, "DataStale", "Maximum", AT_LEAST, 1, 3600, 2, "ignore"),
    "dead-letters": (QUEUE, VISIBLE, "Maximum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "get-errors": (GET, "Errors", "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "get-p99": (GET, "Duration", "p99", AT_LEAST, 3000, 300, 3, "notBreaching"),
    "throttles": (GET, "Throttles", "Sum", AT_LEAST, 1, 300, 1, "notBreaching"),
    "api-5xx": (API, "5XXError", "Sum", AT_LEAST, 5, 300, 1, "notBreaching"),
    "traffic": (OWN, "AnswerBytes", "Sum", MORE, 10_000_000_000, 3600, 1, "notBreaching"),
}
NAMES = (*ALARMS, "no-success-in-26-h")
ACTIONS = ("alarmDescription", "alarmActions", "okActions")


def alarms(*overrides: str) -> dict[str, dict[str, Any]]:
    """Return the inputs of each alarm by name."""
    return {alarm.name: alarm.inputs for alarm in captured("prod", *overrides).of("cloudwatch.MetricAlarm")}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_has_its_condition(name: str) -> None:
    measured, metric, statistic, comparison, threshold, period, periods, missing = ALARMS[name]
    inputs = {key: value for key, value in alarms()[name].items() if key not in ACTIONS}
    assert inputs == {
        **measured,
        "metricName": metric,
        "extendedStatistic" if statistic.startswith("p") else "statistic": statistic,
        "comparisonOperator": comparison,
        "threshold": threshold,
        "period": period,
        "evaluationPeriods": periods,
        "treatMissingData": missing,
    }


def test_the_alarm_for_missing_success_counts_runs_without_errors() -> None:
    def query(name: str, metric: str) -> dict[str, Any]:
        return {"id": name, "metric": {**UPDATE, "metricName": metric, "stat": "Sum", "period": 3600}}

    inputs = alarms()["no-success-in-26-h"]
    assert {key: value for key, value in inputs.items() if key not in ACTIONS} == {
        "metricQueries": [
            query("runs", "Invocations"),
            query("errors", "Errors"),
            {
                "id": "result",
                "expression": "FILL(runs - errors, 0)",
                "label": "no-success-in-26-h",
                "returnData": True,
            },
        ],
        "comparisonOperator": "LessThanThreshold",
        "threshold": 1,
        "evaluationPeriods": 26,
        "treatMissingData": "breaching",
        "warmUpConfiguration": {
            "warmUpPeriodDurationInMinutes": 27 * 60,
            "onlyStartEvaluatingAfterWarmUpPeriodEnds": True,
        },
    }


def test_there_are_no_other_alarms() -> None:
    assert set(alarms()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_alarm_notifies_the_topic_of_its_start_and_its_end(name: str) -> None:
    inputs = alarms()[name]
    assert inputs["alarmActions"] == inputs["okActions"] == [arn("sns.Topic alarms")]


@pytest.mark.parametrize("name", NAMES)
def test_an_alarm_names_its_section_of_the_runbook(name: str) -> None:
    description = alarms()[name]["alarmDescription"]
    assert description.endswith(f" See docs/operations.md#{name}.")
    headings = re.findall(r"^### (.+)$", (PROJECT / "docs/operations.md").read_text(), re.MULTILINE)
    assert name in headings


@pytest.mark.parametrize("name", NAMES)
def test_an_alarm_links_the_configured_runbook(name: str) -> None:
    url = "https://example.com/" + "x" * 380
    description = alarms(f"runbookUrl={url}")[name]["alarmDescription"]
    assert description.endswith(f" See {url}#{name}.")
    assert len(description) <= 1024  # CloudWatch's limit


def test_the_traffic_alarm_follows_its_setting() -> None:
    traffic = alarms("trafficAlarmGigabytes=3")["traffic"]
    assert traffic["threshold"] == 3_000_000_000
    assert "more than 3 GB (before compression) in an hour" in traffic["alarmDescription"]


def test_the_topic_is_not_encrypted_so_that_cloudwatch_can_publish() -> None:
    assert captured("prod")["sns.Topic alarms"].inputs == {}


def test_an_email_address_is_subscribed_to_the_topic() -> None:
    program = captured("prod", "alarmEmail=ops@example.com")
    assert program["sns.TopicSubscription alarms"].inputs == {
        "topic": arn("sns.Topic alarms"),
        "protocol": "email",
        "endpoint": "ops@example.com",
    }


@pytest.mark.parametrize("address", ["", "ops@example.com"])
def test_alarms_that_nobody_receives_are_a_warning(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    capture("prod", f"alarmEmail={address}")
    assert len(said) == (not address)
    for line in said:
        assert "pulumi config set alarmEmail" in line
        assert f"--topic-arn {arn('sns.Topic alarms')}" in line
        assert "\n" not in line


def test_the_metrics_have_the_namespace_that_the_functions_print() -> None:
    assert (metrics.NAMESPACE, metrics.DIMENSION) == (telemetry.NAMESPACE, telemetry.DIMENSION)


@pytest.mark.parametrize(
    ("overrides", "printed"),
    [((), "false"), (("alarms=true",), "true"), (("dashboard=true",), "true")],
)
def test_the_functions_print_metrics_only_if_something_reads_them(
    overrides: tuple[str, ...], printed: str
) -> None:
    for function in captured("dev", *overrides).of("lambda.Function"):
        variables = function.inputs["environment"]["variables"]
        assert (variables["METRICS"], variables["STACK"]) == (printed, "dev")
