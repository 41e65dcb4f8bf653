"""The exchange-rate service as one stack.

    ECB feed -> update function -> table -> get function -> REST API (v1, v2) -> clients

The update runs daily on a schedule, and during a deployment. A new version of a function is checked before it
goes live: first the get function, so that it can read what the seeding of a new update function writes.
"""

import pulumi

from infra import config, policies, seeding
from infra.alarms import Alarms
from infra.api import Api
from infra.dashboard import Dashboard
from infra.dead_letters import DeadLetters
from infra.firewall import Firewall
from infra.function import Function
from infra.live import PROBE, Live, answering
from infra.metrics import Watched
from infra.publications import Publications
from infra.schedule import Schedule
from infra.table import Table

settings = config.load(pulumi.get_stack())

table = Table("rates", protect=settings.protect)
dead_letters = DeadLetters("dead-letters")
publications = Publications("publications") if settings.events else None
environment: dict[str, pulumi.Input[str]] = {
    "TABLE_NAME": table.name,
    "FEED_URL": settings.feed_url,  # the get function of version 2.0 needs it during an upgrade
    "UPDATE_TIME": settings.update_time,
    "STACK": pulumi.get_stack(),
    "METRICS": str(settings.metrics).lower(),
}
update_function = Function(
    "update-rates",
    timeout_seconds=120,
    environment={**environment, "TOPIC_ARN": publications.topic.arn if publications else ""},
    statements=[
        policies.allow(policies.UPDATE_ACTIONS, table.arn),
        policies.allow(("sqs:SendMessage",), dead_letters.queue.arn),
        *([policies.allow(("sns:Publish",), publications.topic.arn)] if publications else []),
    ],
    settings=settings,
)
get_function = Function(
    "get-rates",
    timeout_seconds=10,
    environment={**environment, "DYNAMODB_ENDPOINT": table.endpoint},
    statements=[policies.allow(policies.READ_ACTIONS, table.arn)],
    settings=settings,
)
live_get = Live("get-rates", function=get_function, event=PROBE, check=answering)
live_update = Live("update-rates", function=update_function, event=seeding.EVENT, after=[live_get.alias])
Schedule("update-schedule", function=live_update, dead_letters=dead_letters, settings=settings)
api = Api("api", function=live_get, settings=settings)
if settings.requests_per_address:
    Firewall("firewall", stages=api.stages, settings=settings)

watched = Watched(table, update_function, get_function, dead_letters, api)
alarms = Alarms("alarms", watched=watched, after=live_update, settings=settings) if settings.alarms else None
dashboard = Dashboard("dashboard", watched=watched, alarms=alarms) if settings.dashboard else None

outputs = {
    **api.outputs,
    "table_name": table.name,
    "update_function_name": update_function.name,
    "get_function_name": get_function.name,
    "log_groups": [update_function.log_group, get_function.log_group, *api.log_groups],
    "dead_letter_queue_url": dead_letters.queue.url,
    "publications_topic_arn": publications and publications.topic.arn,
    "alarm_topic_arn": alarms and alarms.topic_arn,
    "dashboard_url": dashboard and dashboard.url,
    "seed_result": seeding.reported(live_update.result),
}
for name, output in outputs.items():
    if output is not None:  # an optional part of this stack that is disabled
        pulumi.export(name, output)
