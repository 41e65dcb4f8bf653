"""A Lambda function with its own role, policy and log group."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra import code, policies
from infra.component import Component
from infra.config import Settings
from infra.role import Role

RUNTIME = "python3.13"
MEMORY_MB = 1024  # also determines the CPU share, and so the duration of a cold start


class Function(Component):
    """A log group, a role, its policy and a function with the archive of `functions/`.

    The function `update-rates` has the handler `update_rates.handler`, and so on. Each change publishes a
    version; `Live` decides which version is called.
    """

    def __init__(
        self,
        name: str,
        *,
        timeout_seconds: int,
        environment: Mapping[str, pulumi.Input[str]],
        statements: Sequence[Mapping[str, Any]],
        settings: Settings,
    ) -> None:
        super().__init__(name)
        log_group = aws.cloudwatch.LogGroup(
            name, retention_in_days=settings.log_retention_days, opts=self._child
        )
        logs = policies.allow(policies.LOG_ACTIONS, pulumi.Output.concat(log_group.arn, ":*"))
        # X-Ray has no resources.
        tracing = [policies.allow(policies.TRACE_ACTIONS, "*")] if settings.tracing else []
        role = Role(
            name,
            trust=policies.trust("lambda.amazonaws.com"),
            statements=[logs, *statements, *tracing],
            settings=settings,
            opts=self._child,
        )
        function = aws.lambda_.Function(
            name,
            code=code.archive(),
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=f"{name.replace('-', '_')}.handler",
            role=role.arn,
            memory_size=MEMORY_MB,
            timeout=timeout_seconds,
            publish=True,
            environment={"variables": {**environment, "CODE_VERSION": code.version()}},
            logging_config={"log_format": "Text", "log_group": log_group.name},
            tracing_config={"mode": "Active" if settings.tracing else "PassThrough"},
            # If the log group did not exist, Lambda would create one that `pulumi destroy` leaves behind.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[log_group, role.policy], protect=settings.protect
            ),
        )
        self.name = function.name
        self.version = function.version
        self.log_group = log_group.name
        self.register_outputs({})
