"""The alarms, and whom they tell."""

from __future__ import annotations

from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.config import Settings
from infra.metrics import Metric, Watched

HOUR = 3600  # seconds


class Alarm(NamedTuple):
    """When somebody must look, and what they do then."""

    name: str
    metric: Metric
    statistic: str
    threshold: float
    missing: str  # what a period without data counts as
    description: str
    comparison: str = "GreaterThanOrEqualToThreshold"
    period: int = 300  # seconds; what looks back for more than a day needs periods of an hour
    periods: int = 1  # how many in a row


def alarms(watched: Watched) -> list[Alarm]:
    """Every alarm there is. docs/operations.md has a section for each, by its name."""
    return [
        Alarm(
            "update-failed",
            watched.of_update("Errors"),
            "Sum",
            1,
            missing="notBreaching",  # it runs a few times a day: what does not run does not fail
            description="An update raised an error; Lambda tries it twice more. Read the update function's "
            "log, mend the cause, and run the update again.",
        ),
        Alarm(
            "no-success-in-26-h",
            watched.own("UpdatesSucceeded"),
            "Sum",
            1,
            comparison="LessThanThreshold",
            period=HOUR,
            periods=26,
            missing="breaching",  # no update at all is what this is for
            description="No update succeeded since yesterday's. Look whether the schedules are enabled, "
            "for messages among the dead letters, and at the update function's log.",
        ),
        Alarm(
            "data-stale",
            watched.own("DataStale"),
            "Maximum",
            1,
            period=HOUR,
            periods=2,  # so that the first catch-up had its chance
            missing="ignore",  # nobody asked and nothing ran: it is as it was
            description="A publication that was due is not stored. Look whether the ECB has published it; "
            "if so, run the update and read its log.",
        ),
        Alarm(
            "dead-letters",
            watched.of_dead_letters("ApproximateNumberOfMessagesVisible"),
            "Maximum",
            1,
            missing="notBreaching",  # SQS measures nothing at a queue that is empty and out of use
            description="An update failed for good, or could not be started. A message says which and why: "
            "mend the cause, run the update again, and purge the queue.",
        ),
        Alarm(
            "get-errors",
            watched.of_get("Errors"),
            "Sum",
            1,
            missing="notBreaching",  # no requests, no errors
            description="The get function ended without an answer, which its code never does by itself: "
            "it ran out of time or memory, or cannot start. Read its log.",
        ),
        Alarm(
            "get-p99",
            watched.of_get("Duration"),
            "p99",
            3000,  # ms, of the function's 10 s
            periods=3,  # where requests are few, a slow one is the 99th percentile by itself
            missing="notBreaching",  # no requests, none slow
            description="One request in a hundred takes 3 s or more. Look at the dashboard for what grew: "
            "requests, cache misses or the latency of DynamoDB.",
        ),
        Alarm(
            "throttles",
            watched.of_get("Throttles"),
            "Sum",
            1,
            missing="notBreaching",  # no requests, none refused
            description="Lambda refused requests, as the account's concurrency was used up. Find out by "
            "what, and have the quota raised or lower throttleRate.",
        ),
        Alarm(
            "api-5xx",
            watched.of_api("5XXError"),
            "Sum",
            5,  # a single one is met by the client's next try
            missing="notBreaching",  # no requests, no errors
            description="The API answered with 5xx. Look for the field `fault` in the get function's log; "
            "without one, the gateway could not call the function.",
        ),
    ]


class Alarms(pulumi.ComponentResource):
    """Makes: an SNS topic, its policy, a subscription where there is an e-mail address, and the alarms."""

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
        # Unencrypted on purpose: the policy of the key `alias/aws/sns` cannot admit CloudWatch, whose alarms
        # would be lost without a word, and what they say is no secret.
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
        # Where no update succeeded yet, an alarm would tell of it at once.
        after_seed = pulumi.ResourceOptions(parent=self, depends_on=[after])
        self.arns = [_made(alarm, topic.arn, after_seed) for alarm in alarms(watched)]
        self.topic_arn = topic.arn
        self.register_outputs({})


def _made(alarm: Alarm, topic_arn: pulumi.Input[str], opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Makes the alarm; its ARN."""
    is_percentile = alarm.statistic.startswith("p")
    return aws.cloudwatch.MetricAlarm(
        alarm.name,
        alarm_description=f"{alarm.description} See docs/operations.md#{alarm.name}.",
        namespace=alarm.metric.namespace,
        metric_name=alarm.metric.name,
        dimensions=alarm.metric.dimensions,
        statistic=None if is_percentile else alarm.statistic,
        extended_statistic=alarm.statistic if is_percentile else None,
        comparison_operator=alarm.comparison,
        threshold=alarm.threshold,
        period=alarm.period,
        evaluation_periods=alarm.periods,
        treat_missing_data=alarm.missing,
        alarm_actions=[topic_arn],
        opts=opts,
    ).arn
