"""The update that runs during a deployment and fills the table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pulumi
import pulumi_aws as aws

from infra import code
from infra.config import Settings
from infra.function import Function
from infra.table import Table

# The seeding reports Lambda's time; the program has the time of the deploying machine. If that machine uses
# NTP, the clocks differ by less than a second. The tolerance must be shorter than the time from a seeding to
# the program of the next `up`: the first `up` has to finish, and the next one starts with a preview.
CLOCK_TOLERANCE = timedelta(seconds=5)


class Seeding(pulumi.ComponentResource):
    """One invocation of the update function. It runs again if the code, the feed's URL or the table changes.

    An error of the update fails `pulumi up`. The update is idempotent, so another run costs nothing, and
    `pulumi destroy` has nothing to undo. `readers` are deployed before it, so that no old version of a
    function meets documents in a new format.
    """

    def __init__(
        self,
        name: str,
        *,
        function: Function,
        readers: Sequence[Function],
        table: Table,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Seeding", name, None, opts)
        started = datetime.now(UTC)
        invocation = aws.lambda_.Invocation(
            name,
            function_name=function.name,
            input=json.dumps({"seeding": True}),
            lifecycle_scope="CREATE_ONLY",
            triggers={"code": code.version(), "feed": settings.feed_url, "table": table.name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[function, *readers]),
        )
        if not pulumi.runtime.is_dry_run():
            invocation.result.apply(lambda result: _warn(warning(result, started)))
        self.result = invocation.result
        self.register_outputs({})


def warning(result: str, started: datetime) -> str | None:
    """Return a warning if this deployment ran the seeding and the seeding tolerated an error of the feed.

    `result` is the answer of the update function, `started` the start of the program. If this deployment did
    not run the seeding, Pulumi returns the result of an earlier one. None if there is nothing to warn of.
    """
    try:
        outcome = json.loads(result)
        error = outcome["feed_error"]
        is_earlier = datetime.fromisoformat(outcome["at"]) < started - CLOCK_TOLERANCE
    except (ValueError, KeyError, TypeError):  # not the answer of this code's update function
        return None
    if not error or is_earlier:
        return None
    return (
        f"The seeding could not read the feed: {error}. The API serves the rates that the table already has. "
        "The next scheduled update tries again."
    )


def _warn(message: str | None) -> None:
    if message:
        pulumi.log.warn(message)
