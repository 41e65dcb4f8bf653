"""The alarms with their thresholds, and the SNS topic that they notify.

docs/operations.md has a section for each alarm, with its name as the heading.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.component import Component
from infra.config import Settings
from infra.metrics import Metric, Watched

RUNBOOK = "docs/operations.md"
HOUR = 3600  # seconds
BYTES_PER_GIGABYTE = 1_000_000_000


class Alarm(NamedTuple):
    """One alarm: its condition, and the text for the person who must act."""

    name: str
    measured: Metric | Mapping[str, Metric]  # by their names in the expression
    threshold: float
    description: str
    statistic: str = "Sum"
    # How CloudWatch treats a period without data: no requests or no updates, no errors.
    missing: str = "notBreaching"
    comparison: str = "GreaterThanOrEqualToThreshold"
    period: int = 300  # seconds; CloudWatch allows a range of more than a day only with periods of an hour
    periods: int = 1  # consecutive periods in which the condition must hold
    expression: str = ""  # metric math
    warm_up_minutes: int = 0  # after the creation, without evaluation; at most two days


def definitions(watched: Watched, traffic_gigabytes: int) -> list[Alarm]:
    """Return all alarms. `traffic_gigabytes` is the limit of `traffic` in one hour."""
    return [
        Alarm(
            "update-failed",
            watched.update("Errors"),
            threshold=1,
            description="An update raised an error. Lambda retries it twice. Read the log of the update "
            "function, correct the cause, and run the update again.",
        ),
        Alarm(
            "no-success-in-26-h",  # a day plus two hours for retries
            # Counted by Lambda itself. A metric from the log could get lost, because the role of a first run
            # may not have the right to write the log yet.
            {"runs": watched.update("Invocations"), "errors": watched.update("Errors")},
            threshold=1,
            expression="FILL(runs - errors, 0)",
            comparison="LessThanThreshold",
            period=HOUR,
            periods=26,
            missing="breaching",  # no runs at all
            warm_up_minutes=27 * 60,  # the hours before the stack existed have no success
            description="No update succeeded for 26 hours. Check if the schedules are enabled, look for "
            "messages in the dead-letter queue, and read the log of the update function.",
        ),
        Alarm(
            "data-stale",
            watched.own("DataStale"),
            threshold=1,
            statistic="Maximum",
            period=HOUR,
            periods=2,  # gives the first catch-up run a chance
            missing="ignore",  # without requests and updates, the last state stays true
            description="A publication is overdue. Check if the ECB has published it. If it has, run the "
            "update and read its log.",
        ),
        Alarm(
            "dead-letters",
            watched.dead_letters("ApproximateNumberOfMessagesVisible"),
            threshold=1,
            statistic="Maximum",
            missing="notBreaching",  # SQS reports nothing for an empty queue that nobody uses
            description="An update failed all retries, or could not be started. Read the message for the "
            "reason, correct the cause, run the update again, and purge the queue.",
        ),
        Alarm(
            "get-errors",
            watched.get("Errors"),
            threshold=1,
            description="The get function failed without an answer: it ran out of time or memory, or could "
            "not start. Read its log.",
        ),
        Alarm(
            "get-p99",
            watched.get("Duration"),
            threshold=3000,  # milliseconds, of a timeout of 10 seconds
            statistic="p99",
            periods=3,  # with few requests, a single slow one is the 99th percentile
            description="One request in a hundred takes 3 seconds or more. Look at the dashboard for the "
            "cause: more requests, fewer cache hits, or a slower DynamoDB.",
        ),
        Alarm(
            "throttles",
            watched.get("Throttles"),
            threshold=1,
            description="Lambda throttled requests, because the account's concurrency is used up. Clients "
            "got 5xx. Find the function that uses it, then raise the quota or lower throttleRate.",
        ),
        Alarm(
            "api-5xx",
            watched.api("5XXError"),
            threshold=5,  # a client's retry handles a single error
            description="The API answered with 5xx. Look for the field `fault` in the log of the get "
            "function. If there is none, the gateway could not call the function.",
        ),
        Alarm(
            "traffic",
            watched.own("AnswerBytes"),
            threshold=traffic_gigabytes * BYTES_PER_GIGABYTE,
            comparison="GreaterThanThreshold",
            period=HOUR,
            description=f"The API answered more than {traffic_gigabytes} GB (before compression) in an hour. "
            "Find the client in the log, then lower throttleRate or set requestsPerAddress.",
        ),
    ]


class Alarms(Component):
    """An SNS topic with its policy, an e-mail subscription if there is an address, and the alarms.

    Each alarm notifies the topic when it starts and when it ends.
    """

    def __init__(self, name: str, *, watched: Watched, after: pulumi.Resource, settings: Settings) -> None:
        super().__init__(name)
        # Not encrypted: the policy of the key `alias/aws/sns` does not admit CloudWatch, so each notification
        # would be lost without an error. The texts of the alarms are not secret.
        topic = aws.sns.Topic(name, opts=self._child)
        aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=policies.document(policies.publish_alarms(topic.arn)),
            opts=self._child,
        )
        if settings.alarm_email:
            aws.sns.TopicSubscription(
                name, topic=topic.arn, protocol="email", endpoint=settings.alarm_email, opts=self._child
            )
        else:
            topic.arn.apply(
                lambda arn: pulumi.log.warn(
                    "Nobody receives the alarms: alarmEmail is not set. Run `pulumi config set alarmEmail "
                    f"<address>`, or `aws sns subscribe --topic-arn {arn} --protocol ...`."
                )
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
                warm_up_configuration={
                    "warm_up_period_duration_in_minutes": alarm.warm_up_minutes,
                    "only_start_evaluating_after_warm_up_period_ends": True,
                }
                if alarm.warm_up_minutes
                else None,
                opts=after_seeding,
                **_measured(alarm),
            ).arn
            for alarm in definitions(watched, settings.traffic_alarm_gigabytes)
        ]
        self.topic_arn = topic.arn
        self.register_outputs({})


def _measured(alarm: Alarm) -> dict[str, Any]:
    """Return the arguments of the alarm that say what it measures."""
    if isinstance(alarm.measured, Metric):
        statistic = "extended_statistic" if alarm.statistic.startswith("p") else "statistic"
        return {**alarm.measured._asdict(), statistic: alarm.statistic, "period": alarm.period}
    of_each = {"stat": alarm.statistic, "period": alarm.period}
    queries = [
        {"id": name, "metric": {**metric._asdict(), **of_each}} for name, metric in alarm.measured.items()
    ]
    result = {"id": "result", "expression": alarm.expression, "label": alarm.name, "return_data": True}
    return {"metric_queries": [*queries, result]}
