"""The alarms: their texts, the warning if nobody receives them, and the metrics that they need."""

import re
from typing import Any

import pulumi
import pytest

from infra import metrics
from rates import telemetry
from tests.infra.capture import arn, capture, captured
from tests.infra.stacks import PROJECT


def alarms(*overrides: str) -> dict[str, dict[str, Any]]:
    """Return the inputs of each alarm by name."""
    return {alarm.name: alarm.inputs for alarm in captured("prod", *overrides).of("cloudwatch.MetricAlarm")}


def test_an_alarm_names_its_section_of_the_runbook() -> None:
    headings = re.findall(r"^### (.+)$", (PROJECT / "docs/operations.md").read_text(), re.MULTILINE)
    for name, inputs in alarms().items():
        assert inputs["alarmDescription"].endswith(f" See docs/operations.md#{name}.")
        assert name in headings


def test_an_alarm_links_the_configured_runbook() -> None:
    url = "https://example.com/" + "x" * 380
    for name, inputs in alarms(f"runbookUrl={url}").items():
        assert inputs["alarmDescription"].endswith(f" See {url}#{name}.")
        assert len(inputs["alarmDescription"]) <= 1024  # CloudWatch's limit


def test_the_traffic_alarm_follows_its_setting() -> None:
    traffic = alarms("trafficAlarmGigabytes=3")["traffic"]
    assert traffic["threshold"] == 3_000_000_000
    assert "more than 3 GB (before compression) in an hour" in traffic["alarmDescription"]


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
