"""The exchange-rate service as one stack.

    ECB feed -> update function -> table -> get function -> REST API -> clients

The update runs each day on a schedule and once while the stack is deployed.
"""

from __future__ import annotations

import pulumi

from infra import config, policies
from infra.api import Api
from infra.dead_letters import DeadLetters
from infra.function import Function
from infra.schedule import Schedule
from infra.seeding import Seeding
from infra.table import Table

settings = config.load(pulumi.Config())

table = Table("rates", protect=settings.protect)
dead_letters = DeadLetters("dead-letters")
environment: dict[str, pulumi.Input[str]] = {
    "TABLE_NAME": table.name,
    "FEED_URL": settings.feed_url,
    "UPDATE_TIME": settings.update_time,
    "STACK": pulumi.get_stack(),
}
update_function = Function(
    "update-rates",
    handler="update_rates.handler",
    timeout_seconds=120,
    environment=environment,
    statements=[
        policies.allow(policies.UPDATE_ACTIONS, table.arn),
        policies.allow(("sqs:SendMessage",), dead_letters.arn),
    ],
    settings=settings,
)
get_function = Function(
    "get-rates",
    handler="get_rates.handler",
    timeout_seconds=10,
    environment=environment,
    statements=[policies.allow(policies.READ_ACTIONS, table.arn)],
    settings=settings,
)
seeding = Seeding("seed", function=update_function, settings=settings)
Schedule("update-schedule", function=update_function, dead_letters=dead_letters, settings=settings)
api = Api("exchange-rates", function=get_function, settings=settings)

pulumi.export("api_url", api.url)
pulumi.export("table_name", table.name)
pulumi.export("update_function_name", update_function.name)
pulumi.export("get_function_name", get_function.name)
pulumi.export("dead_letter_queue_url", dead_letters.url)
pulumi.export("seed_result", seeding.result)
