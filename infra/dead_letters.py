"""The dead-letter queue for updates that failed all retries or could not be started."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

RETENTION_SECONDS = 14 * 24 * 3600  # the longest period that SQS allows


class DeadLetters(pulumi.ComponentResource):
    """One SQS queue, encrypted with SQS's own keys.

    It is a standard queue, because neither Lambda nor Scheduler delivers to a FIFO queue.
    """

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
