"""CloudWatch: log groups, alarms and dashboards."""

from __future__ import annotations

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
    dimensions = inputs.get("dimensions", {})
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
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


@makes("aws:cloudwatch/dashboard:Dashboard")
def dashboard(aws: Aws, inputs: Inputs) -> Made:
    name = inputs["dashboardName"]
    answer = aws.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=inputs["dashboardBody"])
    if answer.get("DashboardValidationMessages"):
        raise LocalError(f"the dashboard's body is not valid: {answer['DashboardValidationMessages']}")
    return name, {"dashboardArn": f"arn:{PARTITION}:cloudwatch::{ACCOUNT}:dashboard/{name}"}
