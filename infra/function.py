"""A Lambda function with a role, a policy and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra import code, policies
from infra.config import Settings

RUNTIME = "python3.13"
MEMORY_MB = 1024  # what decides the CPU share, and so the time of a cold start


class Function(pulumi.ComponentResource):
    """Makes: a log group, a role, its policy and the function."""

    def __init__(
        self,
        name: str,
        *,
        handler: str,
        timeout_seconds: int,
        environment: Mapping[str, pulumi.Input[str]],
        statements: Sequence[Mapping[str, Any]],
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(name, retention_in_days=settings.log_retention_days, opts=child)
        role = aws.iam.Role(name, assume_role_policy=policies.trust("lambda.amazonaws.com"), opts=child)
        tracing = [policies.send_traces()] if settings.tracing else []
        policy = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=policies.document(policies.write_logs(log_group.arn), *statements, *tracing),
            opts=child,
        )
        function = aws.lambda_.Function(
            name,
            code=code.archive(),
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=handler,
            role=role.arn,
            memory_size=MEMORY_MB,
            timeout=timeout_seconds,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={**environment, "CODE_VERSION": code.version()}
            ),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="Text", log_group=log_group.name),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(
                mode="Active" if settings.tracing else "PassThrough"
            ),
            # Without its policy it could not work, without its group Lambda would make one that no stack
            # owns.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log_group, policy]),
        )
        self.name = function.name
        self.arn = function.arn
        self.invoke_arn = function.invoke_arn
        self.log_group = log_group.name
        self.register_outputs({})
