"""The alarms, and whom they tell."""

from __future__ import annotations

from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.config import Settings
from infra.metrics import Metric, Watched

MINUTES = 60
HOURS = 3600


class Alarm(NamedTuple):
    """When somebody must look, and what they do then."""

    name: str
    metric: Metric
    statistic: str
    comparison: str  # of the metric with the threshold
    threshold: float
    period: int  # seconds; a longer time than a day takes periods of an hour
    periods: int  # how many in a row
    missing: str  # what a period without data counts as
    description: str


def alarms(watched: Watched) -> list[Alarm]:
    """Every alarm there is. docs/operations.md has a section for each, by its name."""
    return [
        Alarm(
            "update-failed",
            *(watched.of_update("Errors"), "Sum", ">=", 1, 5 * MINUTES, 1),
            missing="notBreaching",  # it runs a few times a day: what does not run does not fail
            description="An update raised an error. Lambda tries it twice more: read the update function's log, "
            "and run the update again once the cause is gone.",
        ),
        Alarm(
            "no-success-in-26-h",
            *(watched.own("UpdatesSucceeded"), "Sum", "<", 1, HOURS, 26),
            missing="breaching",  # no update at all is what this is for
            description="No update succeeded since yesterday's. Look whether the schedules are enabled, "
            "for messages among the dead letters, and at the update function's log.",
        ),
        Alarm(
            "data-stale",
            # Two hours, so that the first catch-up had its chance.
            *(watched.own("DataStale"), "Maximum", ">=", 1, HOURS, 2),
            missing="ignore",  # nobody asked and nothing ran: it is as it was
            description="A publication that was due is not stored. Look whether the ECB has published it, "
            "and if so run the update and read its log.",
        ),
        Alarm(
            "dead-letters",
            *(watched.of_dead_letters("ApproximateNumberOfMessagesVisible"), "Maximum", ">=", 1),
            *(5 * MINUTES, 1),
            missing="notBreaching",  # SQS measures nothing at a queue that is empty and out of use
            description="An update failed for good. The message says which and why: "
            "mend it, run the update again, and purge the queue.",
        ),
        Alarm(
            "get-errors",
            *(watched.of_get("Errors"), "Sum", ">=", 1, 5 * MINUTES, 1),
            missing="notBreaching",  # no requests, no errors
            description="The get function ended without an answer, which its code never does by itself: "
            "it ran out of time or memory, or cannot start. Read its log.",
        ),
        Alarm(
            "get-p99",
            # A third of the function's time; three periods, so that a few cold starts are no alarm.
            *(watched.of_get("Duration"), "p99", ">=", 3000, 5 * MINUTES, 3),
            missing="notBreaching",  # no requests, none slow
            description="One request in a hundred takes 3 seconds or more. Look at the dashboard for what grew: "
            "requests, cache misses or the latency of DynamoDB.",
        ),
        Alarm(
            "throttles",
            *(watched.of_get("Throttles"), "Sum", ">=", 1, 5 * MINUTES, 1),
            missing="notBreaching",  # no requests, none refused
            description="Lambda refused requests, as the account's concurrency was used up. Find out by what; "
            "have the quota raised, or lower throttleRate.",
        ),
        Alarm(
            "api-5xx",
            # A few, as a client that meets a cold gateway once tries again.
            *(watched.of_api("5XXError"), "Sum", ">=", 5, 5 * MINUTES, 1),
            missing="notBreaching",  # no requests, no errors
            description="The API answered requests with a 5xx. Look for the field `fault` in the get function's "
            "log; without one, the gateway could not call the function.",
        ),
    ]


COMPARISONS = {">=": "GreaterThanOrEqualToThreshold", "<": "LessThanThreshold"}


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
        self.arns = [
            aws.cloudwatch.MetricAlarm(
                alarm.name,
                alarm_description=f"{alarm.description} See docs/operations.md#{alarm.name}.",
                namespace=alarm.metric.namespace,
                metric_name=alarm.metric.name,
                dimensions=alarm.metric.dimensions,
                **(
                    {"extended_statistic": alarm.statistic}
                    if alarm.statistic.startswith("p")
                    else {"statistic": alarm.statistic}
                ),
                comparison_operator=COMPARISONS[alarm.comparison],
                threshold=alarm.threshold,
                period=alarm.period,
                evaluation_periods=alarm.periods,
                treat_missing_data=alarm.missing,
                alarm_actions=[topic.arn],
                # Where no update succeeded yet, an alarm would tell of it at once.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[after]),
            ).arn
            for alarm in alarms(watched)
        ]
        self.topic_arn = topic.arn
        self.register_outputs({})
