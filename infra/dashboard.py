"""The dashboard, with one row for each question: is it fresh, is it up, is it fast, how much does it do?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.alarms import Alarms
from infra.component import Component
from infra.gateway import VERSIONS
from infra.metrics import Metric, Watched

COLUMNS = 24  # of CloudWatch's grid
DAY, FIVE_MINUTES = 86_400, 300  # seconds
# The host of the AWS console by partition.
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


class Dashboard(Component):
    """One CloudWatch dashboard. `url` is None if the console of the partition is not in `CONSOLES`."""

    def __init__(
        self,
        name: str,
        *,
        watched: Watched,
        alarms: Alarms | None,
    ) -> None:
        super().__init__(name)
        region = aws.get_region().region
        dashboard = aws.cloudwatch.Dashboard(
            name,
            # Pulumi does not name dashboards. Their names are unique in an account, across all regions.
            dashboard_name=f"{pulumi.get_project()}-{watched.stack}-{region}",
            dashboard_body=pulumi.Output.json_dumps(body(watched, region, alarms.arns if alarms else [])),
            opts=self._child,
        )
        console = CONSOLES.get(aws.get_partition().partition)
        self.url = (
            pulumi.Output.concat(
                f"https://{region}.{console}/cloudwatch/home?region={region}#dashboards/dashboard/",
                dashboard.dashboard_name,
            )
            if console
            else None
        )
        self.register_outputs({})


def body(watched: Watched, region: str, alarms: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    """Return the content of the dashboard in CloudWatch's structure. `alarms` are ARNs."""
    fresh = [
        _number("Stale (0 is fresh)", [_line(watched.own("DataStale"), "Maximum", "stale")]),
        _number(
            "Updates in a day",
            [
                _line(watched.own("UpdatesSucceeded"), "Sum", "succeeded"),
                _line(watched.of_update("Errors"), "Sum", "failed"),
                _line(watched.own("YearsWritten"), "Sum", "years written"),
            ],
            DAY,
        ),
        _number(
            "Age and size of the data",
            [
                _line(watched.own("DataAge"), "Maximum", "seconds since it was due"),
                _line(watched.own("Publications"), "Maximum", "publications"),
            ],
            DAY,
        ),
    ]
    if alarms:
        fresh.append({"type": "alarm", "properties": {"title": "Alarms", "alarms": list(alarms)}})
    up = [
        _chart(
            "Answers of the API",
            [
                _line(watched.of_api("Count"), "Sum", "all"),
                _line(watched.of_api("4XXError"), "Sum", "4xx"),
                _line(watched.of_api("5XXError"), "Sum", "5xx"),
            ],
        ),
        _chart(
            "Errors of the functions",
            [
                _line(watched.of_get("Errors"), "Sum", "get: failed"),
                _line(watched.of_get("Throttles"), "Sum", "get: throttled"),
                _line(watched.of_update("Errors"), "Sum", "update: failed"),
                _line(
                    watched.of_dead_letters("ApproximateNumberOfMessagesVisible"), "Maximum", "dead letters"
                ),
            ],
        ),
    ]
    fast = [
        _chart("The function's code, ms", _percentiles(watched.own("Latency"))),
        _chart("The API as a whole, ms", _percentiles(watched.of_api("Latency"))),
        _chart("Updates, ms", [_line(watched.of_update("Duration"), "Maximum", "longest")]),
    ]
    much = [
        _chart(
            "Requests",
            [
                *(_line(watched.of_stage(version, "Count"), "Sum", version) for version in VERSIONS),
                _line(watched.own("CacheHits"), "Sum", "from memory"),
            ],
        ),
        _chart("Bytes answered", [_line(watched.own("AnswerBytes"), "Sum", "bytes")]),
        _chart(
            "Functions at once",
            [_line(watched.of_get("ConcurrentExecutions"), "Maximum", "get")],
        ),
        _chart(
            "Units of the table",
            [
                _line(watched.of_table("ConsumedReadCapacityUnits"), "Sum", "read"),
                _line(watched.of_table("ConsumedWriteCapacityUnits"), "Sum", "written"),
            ],
        ),
    ]
    rows = [
        _row(0, 5, "Is it fresh?", fresh),
        _row(5, 6, "Is it up?", up),
        _row(11, 6, "Is it fast?", fast),
        _row(17, 6, "How much does it do?", much),
    ]
    widgets = [widget for row in rows for widget in row]
    for widget in widgets:
        if widget["type"] == "metric":
            widget["properties"]["region"] = region
    return {"start": "-P1D", "widgets": widgets}


def _row(top: int, height: int, question: str, widgets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the widgets side by side, with equal widths and the question before each metric's title."""
    width = COLUMNS // len(widgets)
    for widget in widgets:
        if widget["type"] == "metric":
            widget["properties"]["title"] = f"{question} {widget['properties']['title']}"
    place = {"y": top, "width": width, "height": height}
    return [{**widget, "x": index * width, **place} for index, widget in enumerate(widgets)]


def _line(metric: Metric, statistic: str, label: str) -> list[Any]:
    """Return a metric in a widget: namespace, name, dimensions one after the other, and display options."""
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": statistic, "label": label}]


def _percentiles(metric: Metric) -> list[list[Any]]:
    return [_line(metric, statistic, statistic) for statistic in ("p50", "p90", "p99")]


def _chart(title: str, lines: list[list[Any]]) -> dict[str, Any]:
    return _metrics(title, lines, "timeSeries", FIVE_MINUTES)


def _number(title: str, lines: list[list[Any]], period: int = FIVE_MINUTES) -> dict[str, Any]:
    return _metrics(title, lines, "singleValue", period)


def _metrics(title: str, lines: list[list[Any]], view: str, period: int) -> dict[str, Any]:
    return {
        "type": "metric",
        "properties": {
            "title": title,
            "metrics": lines,
            "view": view,
            "period": period,
            # Without it, a single value is that of the newest full period: empty until the first day is over.
            **({"setPeriodToTimeRange": True} if period == DAY else {}),
        },
    }
