"""A subscriber of the publications topic gets a message for each new revision."""

import json
from typing import Any

from tests.e2e.processes import until
from tests.e2e.stack import LocalStack


class Subscriber:
    """An SQS queue that is subscribed to the topic."""

    def __init__(self, stack: LocalStack, name: str) -> None:
        self._sqs = stack.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        stack.client("sns").subscribe(
            TopicArn=stack.outputs["publications_topic_arn"],
            Protocol="sqs",
            Endpoint=attributes["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
        self.messages: list[dict[str, Any]] = []

    def receive(self) -> list[dict[str, Any]]:
        """Receive the waiting messages, and return all messages so far."""
        for message in self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
            "Messages", ()
        ):
            self.messages.append(json.loads(message["Body"]))
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self.messages


def test_update_that_publishes_sends_one_message(stale_stack: LocalStack) -> None:
    subscriber = Subscriber(stale_stack, "publications")
    unchanged = json.loads(stale_stack.commands.run("invoke", "update").stdout)
    assert (unchanged["date"], unchanged["years_written"]) == ("2026-10-23", [])

    stale_stack.feed_fault.unlink()
    for _ in range(2):
        assert stale_stack.commands.run("invoke", "update").returncode == 0
    until(lambda: bool(subscriber.receive()))
    key = {"TableName": stale_stack.outputs["table_name"], "Key": {"pk": {"S": "latest"}}}
    latest = stale_stack.client("dynamodb").get_item(**key)["Item"]
    [message] = subscriber.receive()
    assert (message["date"], message["previous_date"]) == ("2026-10-30", "2026-10-29")
    assert message["revision"] == int(latest["revision"]["N"])
    assert message["years"] == ["2026"]
