"""The queue in which updates end that could not be delivered or that failed for good."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

RETENTION_SECONDS = 14 * 24 * 3600  # the longest that SQS offers


class DeadLetters(pulumi.ComponentResource):
    """Makes: one standard queue, encrypted with SQS's own keys (a FIFO queue cannot take Lambda's or
    Scheduler's)."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("exchange-rates:infra:DeadLetters", name, None, opts)
        queue = aws.sqs.Queue(
            name,
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = queue.name
        self.arn = queue.arn
        self.url = queue.url
        self.register_outputs({})
