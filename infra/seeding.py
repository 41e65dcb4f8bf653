"""Fills the table while the stack is deployed, so that the API has data as soon as it has a URL."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from infra import code
from infra.config import Settings
from infra.function import Function
from infra.table import Table


class Seeding(pulumi.ComponentResource):
    """Makes: one invocation of the update function, again whenever the code, the feed or the table
    changes.

    It fails `pulumi up` when the update fails. The update is the daily one: it writes what is missing, so
    running it again costs nothing, and there is nothing to undo on destroy.
    """

    def __init__(
        self,
        name: str,
        *,
        function: Function,
        table: Table,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Seeding", name, None, opts)
        invocation = aws.lambda_.Invocation(
            name,
            function_name=function.name,
            input=json.dumps({"seeding": True}),
            lifecycle_scope="CREATE_ONLY",
            triggers={"code": code.version(), "feed": settings.feed_url, "table": table.name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[function]),
        )
        self.result = invocation.result
        self.register_outputs({})
