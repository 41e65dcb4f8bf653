"""CloudWatch: log groups, alarms and dashboards."""

from typing import Any

from local.aws import Aws
from local.console import LocalError
from local.inputs import Inputs, Outputs, pascal


def log_group(aws: Aws, inputs: Inputs) -> Outputs:
    client = aws.client("logs")
    name = inputs.auto_name()
    client.create_log_group(logGroupName=name, tags=inputs.tags)
    client.put_retention_policy(logGroupName=name, retentionInDays=inputs["retentionInDays"])
    return {"name": name, "arn": aws.arn("logs", f"log-group:{name}")}


def metric_alarm(aws: Aws, inputs: Inputs) -> Outputs:
    inputs.ignore("warmUpConfiguration")  # the emulator's API does not have it
    name = inputs.auto_name()
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Dimensions=_dimensions(inputs.get("dimensions", {})),
        Metrics=[_query(query) for query in inputs.get("metricQueries", [])],
        Tags=inputs.tag_list(),
        **pascal(inputs.rest()),
    )
    return {"name": name, "arn": aws.arn("cloudwatch", f"alarm:{name}")}


def dashboard(aws: Aws, inputs: Inputs) -> None:
    answer = aws.client("cloudwatch").put_dashboard(**pascal(inputs.rest()))
    if answer.get("DashboardValidationMessages"):
        raise LocalError(f"the dashboard's body is not valid: {answer['DashboardValidationMessages']}")


def _query(query: dict[str, Any]) -> dict[str, Any]:
    """Return a metric query in the form of the service, which has period and statistic beside the metric."""
    if "metric" not in query:
        return dict(pascal(query))
    metric = dict(query["metric"])
    statistic = {"Period": metric.pop("period"), "Stat": metric.pop("stat")}
    dimensions = _dimensions(metric.pop("dimensions", {}))
    rest = pascal({key: value for key, value in query.items() if key != "metric"})
    return {**rest, "MetricStat": {**statistic, "Metric": {"Dimensions": dimensions, **pascal(metric)}}}


def _dimensions(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]
