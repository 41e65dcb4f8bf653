"""The dashboard: is it fresh, is it up, is it fast, how much does it do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.metrics import Metric, Watched

COLUMNS = 24  # of CloudWatch's grid
DAY, FIVE_MINUTES = 86_400, 300  # seconds


class Dashboard(pulumi.ComponentResource):
    """Makes: one CloudWatch dashboard."""

    def __init__(
        self,
        name: str,
        *,
        watched: Watched,
        alarms: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Dashboard", name, None, opts)
        region = aws.get_region().region
        dashboard = aws.cloudwatch.Dashboard(
            name,
            # Not named by Pulumi, and one per name in an account, whatever the region.
            dashboard_name=f"{pulumi.get_project()}-{watched.stack}-{region}",
            dashboard_body=pulumi.Output.json_dumps(body(watched, region, alarms)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
        self.url = pulumi.Output.concat(console, "#dashboards/dashboard/", dashboard.dashboard_name)
        self.register_outputs({})


def body(watched: Watched, region: str, alarms: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    """The dashboard's content in CloudWatch's structure, a row for each question. `alarms` are ARNs."""
    fresh = [
        _number(
            "Is it fresh? Stale (0 is fresh)", [_line(watched.own("DataStale"), "Maximum", "stale")], region
        ),
        _number(
            "Is it fresh? Updates in a day",
            [
                _line(watched.own("UpdatesSucceeded"), "Sum", "succeeded"),
                _line(watched.of_update("Errors"), "Sum", "failed"),
                _line(watched.own("YearsWritten"), "Sum", "years written"),
            ],
            region,
            DAY,
        ),
        _number(
            "Is it fresh? Age and size of the data",
            [
                _line(watched.own("DataAge"), "Maximum", "seconds since it was due"),
                _line(watched.own("Publications"), "Maximum", "publications"),
            ],
            region,
            DAY,
        ),
    ]
    if alarms:
        fresh.append({"type": "alarm", "properties": {"title": "Alarms", "alarms": list(alarms)}})
    up = [
        _chart(
            "Is it up? Answers of the API",
            [
                _line(watched.of_api("Count"), "Sum", "requests"),
                _line(watched.of_api("4XXError"), "Sum", "4xx"),
                _line(watched.of_api("5XXError"), "Sum", "5xx"),
            ],
            region,
        ),
        _chart(
            "Is it up? Errors of the functions",
            [
                _line(watched.own("ServerErrors"), "Sum", "get: 5xx"),
                _line(watched.of_get("Errors"), "Sum", "get: failed"),
                _line(watched.of_get("Throttles"), "Sum", "get: throttled"),
                _line(watched.of_update("Errors"), "Sum", "update: failed"),
                _line(
                    watched.of_dead_letters("ApproximateNumberOfMessagesVisible"), "Maximum", "dead letters"
                ),
            ],
            region,
        ),
    ]
    fast = [
        _chart(
            "Is it fast? Latency of the function's code, ms",
            [_line(watched.own("Latency"), statistic, statistic) for statistic in ("p50", "p90", "p99")],
            region,
        ),
        _chart(
            "Is it fast? Latency of the API, ms",
            [_line(watched.of_api("Latency"), statistic, statistic) for statistic in ("p50", "p90", "p99")],
            region,
        ),
        _chart(
            "Is it fast? Time of an update, ms",
            [_line(watched.of_update("Duration"), "Maximum", "longest")],
            region,
        ),
    ]
    much = [
        _chart(
            "How much does it do? Requests",
            [
                _line(watched.own("Requests"), "Sum", "requests"),
                _line(watched.own("CacheHits"), "Sum", "of these from memory"),
                _line(watched.own("ClientErrors"), "Sum", "of these in error"),
            ],
            region,
        ),
        _chart(
            "How much does it do? Functions at once",
            [_line(watched.of_get("ConcurrentExecutions"), "Maximum", "get")],
            region,
        ),
        _chart(
            "How much does it do? Units of the table",
            [
                _line(watched.of_table("ConsumedReadCapacityUnits"), "Sum", "read"),
                _line(watched.of_table("ConsumedWriteCapacityUnits"), "Sum", "written"),
            ],
            region,
        ),
    ]
    return {"start": "-P1D", "widgets": [*_row(0, 5, fresh), *_row(5, 6, up), *_row(11, 6, fast), *_row(17, 6, much)]}


def _row(top: int, height: int, widgets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Widgets of equal width, side by side."""
    width = COLUMNS // len(widgets)
    place = {"y": top, "width": width, "height": height}
    return [{**widget, "x": index * width, **place} for index, widget in enumerate(widgets)]


def _line(metric: Metric, statistic: str, label: str) -> list[Any]:
    """A metric in a widget: namespace, name, dimensions in turn, and how it is drawn."""
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": statistic, "label": label}]


def _chart(title: str, lines: Sequence[list[Any]], region: str) -> dict[str, Any]:
    return _metrics(title, lines, region, "timeSeries", FIVE_MINUTES)


def _number(title: str, lines: Sequence[list[Any]], region: str, period: int = FIVE_MINUTES) -> dict[str, Any]:
    return _metrics(title, lines, region, "singleValue", period)


def _metrics(title: str, lines: Sequence[list[Any]], region: str, view: str, period: int) -> dict[str, Any]:
    properties = {"title": title, "metrics": list(lines), "region": region, "view": view, "period": period}
    return {"type": "metric", "properties": properties}
