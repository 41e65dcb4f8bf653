"""The dashboard, with one row for each question: is it fresh, is it up, is it fast, how much does it do?"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.alarms import Alarms
from infra.component import Component
from infra.metrics import Metric, Watched

COLUMNS = 24  # of CloudWatch's grid
DAY, FIVE_MINUTES = 86_400, 300  # seconds
# The host of the AWS console by partition.
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

Line = tuple[Metric, str, str]  # the metric, its statistic, and its label
Widget = dict[str, Any]


class Dashboard(Component):
    """One CloudWatch dashboard. `url` is None if the console of the partition is not in `CONSOLES`."""

    def __init__(self, name: str, *, watched: Watched, alarms: Alarms | None) -> None:
        super().__init__(name)
        region = aws.get_region().region
        dashboard = aws.cloudwatch.Dashboard(
            name,
            # Pulumi does not name dashboards. Their names are unique in an account, across all regions.
            dashboard_name=f"{pulumi.get_project()}-{pulumi.get_stack()}-{region}",
            dashboard_body=pulumi.Output.json_dumps(body(watched, region, alarms.arns if alarms else [])),
            opts=self._child,
        )
        console = CONSOLES.get(aws.get_partition().partition)
        page = f"https://{region}.{console}/cloudwatch/home?region={region}#dashboards/dashboard/"
        self.url = pulumi.Output.concat(page, dashboard.dashboard_name) if console else None
        self.register_outputs({})


def body(watched: Watched, region: str, alarms: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    """Return the content of the dashboard in CloudWatch's structure. `alarms` are ARNs."""
    own, api, get, update = watched.own, watched.api, watched.get, watched.update
    fresh = [
        _number("Stale (0 is fresh)", (own("DataStale"), "Maximum", "stale")),
        _number(
            "Updates in a day",
            (own("UpdatesSucceeded"), "Sum", "succeeded"),
            (update("Errors"), "Sum", "failed"),
            (own("YearsWritten"), "Sum", "years written"),
            period=DAY,
        ),
        _number(
            "Age and size of the data",
            (own("DataAge"), "Maximum", "seconds since it was due"),
            (own("Publications"), "Maximum", "publications"),
            period=DAY,
        ),
    ]
    if alarms:
        fresh.append({"type": "alarm", "properties": {"title": "Alarms", "alarms": list(alarms)}})
    up = [
        _chart(
            "Answers of the API",
            (api("Count"), "Sum", "all"),
            (api("4XXError"), "Sum", "4xx"),
            (api("5XXError"), "Sum", "5xx"),
        ),
        _chart(
            "Errors of the functions",
            (get("Errors"), "Sum", "get: failed"),
            (get("Throttles"), "Sum", "get: throttled"),
            (update("Errors"), "Sum", "update: failed"),
            (watched.dead_letters("ApproximateNumberOfMessagesVisible"), "Maximum", "dead letters"),
        ),
    ]
    percentiles = ("p50", "p90", "p99")
    fast = [
        _chart("The function's code, ms", *((own("Latency"), name, name) for name in percentiles)),
        _chart("The API as a whole, ms", *((api("Latency"), name, name) for name in percentiles)),
        _chart("Updates, ms", (update("Duration"), "Maximum", "longest")),
    ]
    much = [
        _chart(
            "Requests",
            *((stage("Count"), "Sum", version) for version, stage in watched.stages.items()),
            (own("CacheHits"), "Sum", "from memory"),
        ),
        _chart("Bytes answered", (own("AnswerBytes"), "Sum", "bytes")),
        _chart("Functions at once", (get("ConcurrentExecutions"), "Maximum", "get")),
        _chart(
            "Units of the table",
            (watched.table("ConsumedReadCapacityUnits"), "Sum", "read"),
            (watched.table("ConsumedWriteCapacityUnits"), "Sum", "written"),
        ),
    ]
    rows = [
        ("Is it fresh?", 5, fresh),
        ("Is it up?", 6, up),
        ("Is it fast?", 6, fast),
        ("How much does it do?", 6, much),
    ]
    placed: list[Widget] = []
    top = 0
    for question, height, widgets in rows:
        width = COLUMNS // len(widgets)
        for index, widget in enumerate(widgets):
            if widget["type"] == "metric":
                title = f"{question} {widget['properties']['title']}"
                widget["properties"] |= {"title": title, "region": region}
            placed.append({**widget, "x": index * width, "y": top, "width": width, "height": height})
        top += height
    return {"start": "-P1D", "widgets": placed}


def _number(title: str, *lines: Line, period: int = FIVE_MINUTES) -> Widget:
    return _chart(title, *lines, view="singleValue", period=period)


def _chart(title: str, *lines: Line, view: str = "timeSeries", period: int = FIVE_MINUTES) -> Widget:
    """Return a widget. Each line has a metric's namespace, name and dimensions, and how it is shown."""
    metrics = [
        [namespace, name, *chain.from_iterable(dimensions.items()), {"stat": stat, "label": label}]
        for (namespace, dimensions, name), stat, label in lines
    ]
    properties = {"title": title, "metrics": metrics, "view": view, "period": period}
    if period == DAY:
        # Without it, a single value is that of the newest full period: empty until the first day is over.
        properties["setPeriodToTimeRange"] = True
    return {"type": "metric", "properties": properties}
