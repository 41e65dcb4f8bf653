"""When the rates are updated: each day at the update time, and again on weekdays in case the ECB is late."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.config import CATCH_UP_HOURS, Settings
from infra.dead_letters import DeadLetters
from infra.function import Function

# An update that could not be started within the hour is left to the next one; longer than the function's
# timeout.
MAXIMUM_EVENT_AGE_SECONDS = 3600
RETRIES = 3


def daily_expression(settings: Settings) -> str:
    """Each day at the update time."""
    return f"cron({settings.update_minute} {settings.update_hour} * * ? *)"


def catch_up_expression(settings: Settings) -> str:
    """Half past each of the hours after the update, on weekdays (with an update at 17:00: 18:30 to 22:30)."""
    first = settings.update_hour + 1
    return f"cron(30 {first}-{first + CATCH_UP_HOURS - 1} ? * MON-FRI *)"


class Schedule(pulumi.ComponentResource):
    """Makes: a schedule group, a role that may start the update and nothing else, its policy, one or two
    schedules, and what Lambda does with an update that fails: two more tries, then the dead letters."""

    def __init__(
        self,
        name: str,
        *,
        function: Function,
        dead_letters: DeadLetters,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Schedule", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.scheduler.ScheduleGroup(name, opts=child)
        role = aws.iam.Role(
            name, assume_role_policy=policies.trust("scheduler.amazonaws.com", group.arn), opts=child
        )
        policy = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=policies.document(
                policies.allow(("lambda:InvokeFunction",), function.arn),
                policies.allow(("sqs:SendMessage",), dead_letters.arn),
            ),
            opts=child,
        )
        expressions = {"daily": daily_expression(settings)}
        if settings.catch_up:
            expressions["catch-up"] = catch_up_expression(settings)
        for kind, expression in expressions.items():
            aws.scheduler.Schedule(
                kind,
                group_name=group.name,
                schedule_expression=expression,
                schedule_expression_timezone="UTC",
                flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
                target=aws.scheduler.ScheduleTargetArgs(
                    arn=function.arn,
                    role_arn=role.arn,
                    input="{}",
                    retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                        maximum_event_age_in_seconds=MAXIMUM_EVENT_AGE_SECONDS, maximum_retry_attempts=RETRIES
                    ),
                    dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(arn=dead_letters.arn),
                ),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )
        # Scheduler only hands the event over: what the function itself fails at ends here.
        aws.lambda_.FunctionEventInvokeConfig(
            name,
            function_name=function.name,
            maximum_event_age_in_seconds=MAXIMUM_EVENT_AGE_SECONDS,
            maximum_retry_attempts=2,
            destination_config=aws.lambda_.FunctionEventInvokeConfigDestinationConfigArgs(
                on_failure=aws.lambda_.FunctionEventInvokeConfigDestinationConfigOnFailureArgs(
                    destination=dead_letters.arn
                )
            ),
            opts=child,
        )
        self.register_outputs({})
