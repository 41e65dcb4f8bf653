"""Versions and the alias `live`: their order, who uses them, and which answers a new version may give."""

import json
from itertools import pairwise

import pulumi
import pytest

from tests.infra.capture import arn, capture_with_result, captured

FUNCTIONS = ("get-rates", "update-rates")


def test_get_function_is_live_before_a_new_update_function_seeds() -> None:
    """So no old version of the get function meets documents in a new format."""
    order = [f"lambda.{kind} {name}" for name in FUNCTIONS for kind in ("Function", "Invocation", "Alias")]
    program = captured("dev")
    order.remove("lambda.Function update-rates")  # publishing it changes nothing that serves
    for before, after in pairwise(order):
        assert program.comes_after(after, before), f"{after} before {before}"


@pytest.mark.fault("A seeding that fails")
def test_gateway_schedules_and_retries_use_the_aliases() -> None:
    program = captured("prod", "accessLogs=true")
    get, update = (f"lambda.Alias {name}" for name in FUNCTIONS)
    users = {
        get: ("apigateway.Integration", "apigateway.Deployment", "lambda.Permission"),
        update: ("scheduler.Schedule", "lambda.FunctionEventInvokeConfig"),
    }
    for alias, kinds in users.items():
        for kind in kinds:
            assert program.of(kind)
            for user in program.of(kind):
                assert program.comes_after(user.key, alias), user.key
    for schedule in program.of("scheduler.Schedule"):
        assert schedule.inputs["target"]["arn"] == arn(update)


def response(status: int, message: str) -> str:
    return json.dumps({"statusCode": status, "headers": {}, "body": json.dumps({"message": message})})


@pytest.mark.parametrize("result", [response(200, ""), response(503, "no data yet"), "of a mock", None])
def test_a_version_that_answers_or_has_no_data_yet_goes_live(
    monkeypatch: pytest.MonkeyPatch, result: str | None
) -> None:
    assert "lambda.Alias get-rates" in capture_with_result(monkeypatch, "get-rates", result).resources


@pytest.mark.parametrize("answer", ["null", "{}", '"200"', "[]"])
def test_a_result_that_is_no_response_ends_the_deployment(
    monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    with pytest.raises(pulumi.RunError, match="so the version before it stays live"):
        capture_with_result(monkeypatch, "get-rates", answer)


@pytest.mark.fault("A build that cannot be imported, or that answers only errors")
@pytest.mark.parametrize(
    ("status", "message"),
    [(500, "internal server error"), (503, "temporarily unavailable"), (404, "not found"), (304, "")],
)
def test_any_other_answer_ends_the_deployment_with_one_line(
    monkeypatch: pytest.MonkeyPatch, status: int, message: str
) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        capture_with_result(monkeypatch, "get-rates", response(status, message))
    line = str(refused.value)
    for part in ("version of get-rates", str(status), message, "log group is get-rates-1234567"):
        assert part in line
    assert "\n" not in line


def test_metrics_of_a_function_include_those_of_its_versions_and_aliases() -> None:
    """Those with the dimension FunctionName alone do; the dimension Resource names a version or an alias."""
    program = captured("prod", "dashboard=true")
    alarms = [json.dumps(alarm.inputs) for alarm in program.of("cloudwatch.MetricAlarm")]
    dashboard = json.dumps(program["cloudwatch.Dashboard dashboard"].inputs)
    measuring = [text for text in (*alarms, dashboard) if "AWS/Lambda" in text]
    assert len(measuring) > 1
    for text in measuring:
        assert "FunctionName" in text
        assert '"Resource' not in text
        assert "live" not in text
