"""The SNS topic that announces each new revision of the history."""

import pulumi_aws as aws

from infra.component import Component


class Publications(Component):
    """One SNS topic.

    The topic is not encrypted at rest. Its messages contain only what the public API answers, so a KMS key
    would protect nothing. It would add a service that can fail between an update and its subscribers.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.topic = aws.sns.Topic(name, opts=self._child)
        self.register_outputs({})
