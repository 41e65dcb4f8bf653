"""The SNS topic that announces each new revision of the history."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


class Publications(pulumi.ComponentResource):
    """One SNS topic.

    The topic is not encrypted at rest. Its messages contain only what the public API answers, so a KMS key
    would protect nothing. It would add a service that can fail between an update and its subscribers.
    """

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("exchange-rates:infra:Publications", name, None, opts)
        topic = aws.sns.Topic(name, opts=pulumi.ResourceOptions(parent=self))
        self.arn = topic.arn
        self.register_outputs({})
