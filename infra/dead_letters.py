"""The dead-letter queue for updates that failed all retries or could not be started."""

import pulumi_aws as aws

from infra.component import Component

RETENTION_SECONDS = 14 * 24 * 3600  # the longest period that SQS allows


class DeadLetters(Component):
    """One SQS queue, encrypted with SQS's own keys.

    It is a standard queue, because neither Lambda nor Scheduler delivers to a FIFO queue.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.queue = aws.sqs.Queue(
            name,
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=self._child,
        )
        self.register_outputs({})
