"""The schedules of the update: daily at the update time, and the catch-up runs after it on weekdays."""

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.component import Component
from infra.config import CATCH_UP_HOURS, Settings
from infra.dead_letters import DeadLetters
from infra.live import Live
from infra.role import Role

# Longer than the function's timeout. A run that cannot start within an hour is left to the next one.
MAXIMUM_EVENT_AGE_SECONDS = 3600
START_RETRIES = 3  # by Scheduler, if Lambda does not accept the event
RUN_RETRIES = 2  # by Lambda, if the function raises an error


class Schedule(Component):
    """A schedule group, a role that may only start the update, its policy, one or two schedules, and the
    retries of a failed update with the dead-letter queue as their destination."""

    def __init__(self, name: str, *, function: Live, dead_letters: DeadLetters, settings: Settings) -> None:
        super().__init__(name)
        group = aws.scheduler.ScheduleGroup(name, opts=self._child)
        role = Role(
            name,
            trust=policies.trust("scheduler.amazonaws.com", group.arn),
            statements=[
                policies.allow(("lambda:InvokeFunction",), function.alias.arn),
                policies.allow(("sqs:SendMessage",), dead_letters.queue.arn),
            ],
            settings=settings,
            opts=self._child,
        )
        target: aws.scheduler.ScheduleTargetArgsDict = {
            "arn": function.alias.arn,
            "role_arn": role.arn,
            "input": "{}",
            "retry_policy": {
                "maximum_event_age_in_seconds": MAXIMUM_EVENT_AGE_SECONDS,
                "maximum_retry_attempts": START_RETRIES,
            },
            "dead_letter_config": {"arn": dead_letters.queue.arn},
        }
        hour, minute = map(int, settings.update_time.split(":"))
        expressions = {"daily": f"cron({minute} {hour} * * ? *)"}
        if settings.catch_up:  # if the update is at 17:00, at half past each hour from 18:30 to 22:30
            expressions["catch-up"] = f"cron(30 {hour + 1}-{hour + CATCH_UP_HOURS} ? * MON-FRI *)"
        for kind, expression in expressions.items():
            aws.scheduler.Schedule(
                kind,
                group_name=group.name,
                schedule_expression=expression,
                schedule_expression_timezone="UTC",
                flexible_time_window={"mode": "OFF"},
                target=target,
                # The catch-up schedule stays unprotected: `catchUp: false` must be able to remove it.
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=[role.policy], protect=settings.protect and kind == "daily"
                ),
            )
        # Scheduler calls Lambda asynchronously, so its own dead-letter queue receives delivery failures only.
        # This configuration handles the errors of the function.
        aws.lambda_.FunctionEventInvokeConfig(
            name,
            function_name=function.alias.function_name,
            qualifier=function.alias.name,
            maximum_event_age_in_seconds=MAXIMUM_EVENT_AGE_SECONDS,
            maximum_retry_attempts=RUN_RETRIES,
            destination_config={"on_failure": {"destination": dead_letters.queue.arn}},
            opts=self._child,
        )
        self.register_outputs({})
