"""SQS and SNS: queues, topics, their policies and who is subscribed."""

from __future__ import annotations

import json
from typing import Any

from local.aws import Aws
from local.inputs import Inputs
from local.resources.registry import Made, makes


@makes("aws:sqs/queue:Queue")
def queue(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("sqs")
    name = inputs.auto_name()
    attributes = inputs.given(
        MessageRetentionPeriod="messageRetentionSeconds",
        VisibilityTimeout="visibilityTimeoutSeconds",
        SqsManagedSseEnabled="sqsManagedSseEnabled",
        Policy="policy",
    )
    url = client.create_queue(QueueName=name, Attributes=_texts(attributes), tags=inputs.tags())["QueueUrl"]
    return url, {"name": name, "url": url, "arn": aws.arn("sqs", name)}


@makes("aws:sns/topic:Topic")
def topic(aws: Aws, inputs: Inputs) -> Made:
    name = inputs.auto_name()
    attributes = inputs.given(DisplayName="displayName", KmsMasterKeyId="kmsMasterKeyId", Policy="policy")
    arn = aws.client("sns").create_topic(Name=name, Attributes=_texts(attributes), Tags=inputs.tag_list())[
        "TopicArn"
    ]
    return arn, {"name": name, "arn": arn}


@makes("aws:sns/topicPolicy:TopicPolicy")
def topic_policy(aws: Aws, inputs: Inputs) -> Made:
    aws.client("sns").set_topic_attributes(
        TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=inputs["policy"]
    )
    return str(inputs["arn"]), {}


@makes("aws:sns/topicSubscription:TopicSubscription")
def topic_subscription(aws: Aws, inputs: Inputs) -> Made:
    arn = aws.client("sns").subscribe(
        TopicArn=inputs["topic"],
        Protocol=inputs["protocol"],
        Endpoint=inputs["endpoint"],
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return arn, {"arn": arn}


def _texts(attributes: dict[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
