"""SQS and SNS: queues, topics, topic policies and subscriptions."""

import json

from local.aws import Aws
from local.inputs import Inputs, Outputs, pascal


def queue(aws: Aws, inputs: Inputs) -> Outputs:
    name = inputs.auto_name()
    attributes = {
        "MessageRetentionPeriod": json.dumps(inputs["messageRetentionSeconds"]),
        "SqsManagedSseEnabled": json.dumps(inputs["sqsManagedSseEnabled"]),
    }
    created = aws.client("sqs").create_queue(QueueName=name, Attributes=attributes, tags=inputs.tags)
    return {"name": name, "url": created["QueueUrl"], "arn": aws.arn("sqs", name)}


def topic(aws: Aws, inputs: Inputs) -> Outputs:
    name = inputs.auto_name()
    arn = aws.client("sns").create_topic(Name=name, Tags=inputs.tag_list())["TopicArn"]
    return {"name": name, "arn": arn}


def topic_policy(aws: Aws, inputs: Inputs) -> None:
    aws.client("sns").set_topic_attributes(
        TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=inputs["policy"]
    )


def topic_subscription(aws: Aws, inputs: Inputs) -> None:
    aws.client("sns").subscribe(TopicArn=inputs["topic"], **pascal(inputs.rest()))
