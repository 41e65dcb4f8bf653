"""The costs are computed for the stack that the program makes."""

from typing import Any

import yaml

from benchmarks import costs
from infra.config import CATCH_UP_HOURS
from rates.serving.proxy import LARGEST_PAYLOAD
from rates.serving.reader import TIME_TO_LIVE
from rates.telemetry import UNITS
from tests.infra.capture import captured
from tests.infra.stacks import DECLARED, NAME, PROJECT


def metrics_of(alarm: dict[str, Any]) -> int:
    """Return the number of metrics that CloudWatch bills for an alarm."""
    return sum("metric" in query for query in alarm.get("metricQueries", [])) or 1


def test_costs_are_those_of_the_registered_stack() -> None:
    program = captured("prod")
    functions = program.of("lambda.Function")
    assert {function.inputs["memorySize"] for function in functions} == {costs.STACK["memory_mb"]}
    alarms = program.of("cloudwatch.MetricAlarm")
    assert costs.STACK["alarm_metrics"] == sum(metrics_of(alarm.inputs) for alarm in alarms)
    assert costs.STACK["stages"] == len(program.of("apigateway.Stage"))


def test_costs_use_the_default_throttle_and_the_limits_of_the_functions() -> None:
    assert costs.STACK["throttle_rate"] == DECLARED["throttleRate"]["default"]
    assert costs.STACK["metrics"] == len(UNITS)
    prod = yaml.safe_load((PROJECT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))["config"]
    assert str(costs.STACK["requests_per_address"]) == prod[f"{NAME}:requestsPerAddress"]
    page = PROJECT / "functions" / "rates" / "serving" / "page.html"
    assert page.stat().st_size <= costs.ASSUMED["root_answer_bytes"]
    assert costs.STACK["time_to_live_seconds"] == TIME_TO_LIVE
    assert costs.STACK["largest_answer_bytes"] == LARGEST_PAYLOAD


def test_costs_count_the_runs_of_the_schedules() -> None:
    assert costs.STACK["runs"] == 30 + costs.ASSUMED["publications"] * CATCH_UP_HOURS
