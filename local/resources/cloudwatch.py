"""CloudWatch: log groups, alarms and dashboards."""

from __future__ import annotations

from typing import Any

from local.aws import ACCOUNT, PARTITION, Aws
from local.console import LocalError
from local.inputs import Inputs
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
    # An alarm on a metric math expression has queries in place of a metric.
    measured: dict[str, Any] = (
        {"Metrics": [_metric_query(query) for query in inputs["metricQueries"]]}
        if inputs.get("metricQueries")
        else {"Dimensions": _dimensions(inputs.get("dimensions", {}))}
    )
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        **measured,
        Tags=inputs.tag_list(),
        **inputs.given(
            ActionsEnabled="actionsEnabled",
            AlarmActions="alarmActions",
            AlarmDescription="alarmDescription",
            ComparisonOperator="comparisonOperator",
            DatapointsToAlarm="datapointsToAlarm",
            EvaluationPeriods="evaluationPeriods",
            ExtendedStatistic="extendedStatistic",
            MetricName="metricName",
            Namespace="namespace",
            OKActions="okActions",
            Period="period",
            Statistic="statistic",
            Threshold="threshold",
            TreatMissingData="treatMissingData",
            Unit="unit",
        ),
    )
    return name, {"name": name, "arn": aws.arn("cloudwatch", f"alarm:{name}")}


def _metric_query(query: dict[str, Any]) -> dict[str, Any]:
    named = {
        "Id": query["id"],
        "Expression": query.get("expression"),
        "Label": query.get("label"),
        "ReturnData": query.get("returnData", False),
    }
    metric = query.get("metric")
    if metric:
        named["MetricStat"] = {
            "Metric": {
                "Namespace": metric["namespace"],
                "MetricName": metric["metricName"],
                "Dimensions": _dimensions(metric["dimensions"]),
            },
            "Period": metric["period"],
            "Stat": metric["stat"],
        }
    return {key: value for key, value in named.items() if value is not None}


def _dimensions(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": key, "Value": value} for key, value in dimensions.items()]


@makes("aws:cloudwatch/dashboard:Dashboard")
def dashboard(aws: Aws, inputs: Inputs) -> Made:
    name = inputs["dashboardName"]
    answer = aws.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=inputs["dashboardBody"])
    if answer.get("DashboardValidationMessages"):
        raise LocalError(f"the dashboard's body is not valid: {answer['DashboardValidationMessages']}")
    return name, {"dashboardArn": f"arn:{PARTITION}:cloudwatch::{ACCOUNT}:dashboard/{name}"}
