"""CloudWatch: log groups, alarms and dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.aws import ACCOUNT, PARTITION, Aws
from local.console import LocalError
from local.inputs import Inputs, pascal
from local.resources.registry import Made, makes


@makes("aws:cloudwatch/logGroup:LogGroup")
def log_group(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("logs")
    name = inputs.auto_name()
    client.create_log_group(logGroupName=name, tags=inputs.tags())
    if inputs.get("retentionInDays"):
        client.put_retention_policy(logGroupName=name, retentionInDays=inputs["retentionInDays"])
    return name, {"name": name, "arn": aws.arn("logs", f"log-group:{name}")}


@makes("aws:cloudwatch/metricAlarm:MetricAlarm")
def metric_alarm(aws: Aws, inputs: Inputs) -> Made:
    name = inputs.auto_name()
    metric = inputs.given(
        MetricName="metricName",
        Namespace="namespace",
        Statistic="statistic",
        ExtendedStatistic="extendedStatistic",
        Period="period",
        Unit="unit",
    )
    if inputs.get("dimensions"):
        metric["Dimensions"] = _dimensions(inputs["dimensions"])
    if inputs.get("metricQueries"):
        metric["Metrics"] = [_query(query) for query in inputs["metricQueries"]]
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Tags=inputs.tag_list(),
        **metric,
        **inputs.given(
            AlarmDescription="alarmDescription",
            ActionsEnabled="actionsEnabled",
            AlarmActions="alarmActions",
            OKActions="okActions",
            InsufficientDataActions="insufficientDataActions",
            ComparisonOperator="comparisonOperator",
            Threshold="threshold",
            EvaluationPeriods="evaluationPeriods",
            DatapointsToAlarm="datapointsToAlarm",
            TreatMissingData="treatMissingData",
        ),
    )
    return name, {"name": name, "arn": aws.arn("cloudwatch", f"alarm:{name}")}


@makes("aws:cloudwatch/dashboard:Dashboard")
def dashboard(aws: Aws, inputs: Inputs) -> Made:
    name = inputs["dashboardName"]
    answer = aws.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=inputs["dashboardBody"])
    if answer.get("DashboardValidationMessages"):
        raise LocalError(f"the dashboard's body is not valid: {answer['DashboardValidationMessages']}")
    return name, {"dashboardArn": f"arn:{PARTITION}:cloudwatch::{ACCOUNT}:dashboard/{name}"}


def _dimensions(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _query(query: dict[str, Any]) -> dict[str, Any]:
    """One of `metricQueries`; what it reads, `metric`, has another shape in the API."""
    rest = {key: value for key, value in query.items() if key != "metric"}
    if not query.get("metric"):
        return dict(pascal(rest))
    metric = dict(pascal(query["metric"]))
    of = {key: metric.pop(key) for key in ("Namespace", "MetricName") if key in metric}
    dimensions = metric.pop("Dimensions", None)
    if dimensions:
        of["Dimensions"] = _dimensions(query["metric"]["dimensions"])
    return {**pascal(rest), "MetricStat": {"Metric": of, **metric}}
