"""The alarms and the SNS topic that they notify."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.alarm_list import Alarm, Successes, alarms
from infra.config import Settings
from infra.metrics import Metric, Watched

RUNBOOK = "docs/operations.md"


class Alarms(pulumi.ComponentResource):
    """An SNS topic with its policy, an e-mail subscription if there is an address, and the alarms.

    Each alarm notifies the topic when it starts and when it ends.
    """

    def __init__(
        self,
        name: str,
        *,
        watched: Watched,
        after: pulumi.Resource,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Alarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Not encrypted: the policy of the key `alias/aws/sns` does not admit CloudWatch, so each notification
        # would be lost without an error. The texts of the alarms are not secret.
        topic = aws.sns.Topic(name, opts=child)
        aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=policies.document(policies.publish_alarms(topic.arn)),
            opts=child,
        )
        if settings.alarm_email:
            aws.sns.TopicSubscription(
                name, topic=topic.arn, protocol="email", endpoint=settings.alarm_email, opts=child
            )
        # Created after the seeding, so that no alarm is created for a stack that never had data.
        after_seeding = pulumi.ResourceOptions(parent=self, depends_on=[after])
        self.arns = [
            aws.cloudwatch.MetricAlarm(
                alarm.name,
                alarm_description=f"{alarm.description} See {settings.runbook_url or RUNBOOK}#{alarm.name}.",
                comparison_operator=alarm.comparison,
                threshold=alarm.threshold,
                evaluation_periods=alarm.periods,
                treat_missing_data=alarm.missing,
                alarm_actions=[topic.arn],
                ok_actions=[topic.arn],
                opts=after_seeding,
                **_measured(alarm),
            ).arn
            for alarm in alarms(watched, settings.traffic_alarm_gigabytes)
        ]
        self.topic_arn = topic.arn
        self.register_outputs({})


def _measured(alarm: Alarm) -> dict[str, Any]:
    """Return the arguments of the alarm that say what it measures."""
    if isinstance(alarm.measured, Successes):
        return {
            "metric_queries": [
                _query("runs", alarm.measured.runs, alarm),
                _query("errors", alarm.measured.errors, alarm),
                aws.cloudwatch.MetricAlarmMetricQueryArgs(
                    id="successes",
                    expression=alarm.measured.expression,
                    label="successful updates",
                    return_data=True,
                ),
            ]
        }
    is_percentile = alarm.statistic.startswith("p")
    return {
        "namespace": alarm.measured.namespace,
        "metric_name": alarm.measured.name,
        "dimensions": alarm.measured.dimensions,
        "extended_statistic" if is_percentile else "statistic": alarm.statistic,
        "period": alarm.period,
    }


def _query(name: str, metric: Metric, alarm: Alarm) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
    """Return one metric of an expression, under the name that the expression uses."""
    return aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id=name,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            stat=alarm.statistic,
            period=alarm.period,
        ),
    )
