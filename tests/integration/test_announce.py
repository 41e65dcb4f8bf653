"""Subscribers get each revision at least once, through a topic of moto's and a queue."""

import json
from functools import partial
from typing import Any

import boto3
import pytest

from rates.storage.store import Store
from rates.updating.announce import announce
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import (
    Killed,
    after_each_call,
    before_each_call,
    change,
    delete,
    only,
)
from tests.integration.publishing import publish

NEXT_DAY = (*HISTORY, NEXT)
CORRECTED = corrected(NEXT_DAY, "2023-12-29", USD="1.106")


class Topic:
    """A topic with a queue that receives its messages, and `announce` with clients of its own."""

    def __init__(self) -> None:
        self.client, self._sqs = boto3.client("sns"), boto3.client("sqs")
        self._url = self._sqs.create_queue(QueueName="subscriber")["QueueUrl"]
        queue = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        self.arn = self.client.create_topic(Name="publications")["TopicArn"]
        self.client.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=queue["Attributes"]["QueueArn"])
        self.table = boto3.client("dynamodb")
        self.announce = partial(announce, Store(self.table, TABLE), self.client, self.arn)

    def received(self) -> list[Any]:
        """Return the messages since the last call, with their attributes."""
        bodies = []
        while messages := self._sqs.receive_message(QueueUrl=self._url).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def messages(self) -> list[Any]:
        """Return the messages since the last call."""
        return [json.loads(body["Message"]) for body in self.received()]

    def revisions(self) -> list[int]:
        """Return the revisions of the messages since the last call."""
        return [message["revision"] for message in self.messages()]


@pytest.fixture
def topic(table: Any) -> Topic:  # noqa: ARG001 (moto is on)
    """Return a topic with a subscriber."""
    return Topic()


def test_a_message_describes_the_revision(store: Store, topic: Topic) -> None:
    publish(store, HISTORY, events=True)
    topic.announce()
    publish(store, CORRECTED, events=True)
    topic.received()
    topic.announce()
    (body,) = topic.received()
    assert json.loads(body["Message"]) == {
        "revision": 2,
        "date": "2025-01-06",
        "previous_date": "2025-01-03",
        "updated_at": "2025-01-06T17:00:01Z",
        "years": ["2023", "2025"],
        "corrections": {
            "count": 1,
            "first": [{"date": "2023-12-29", "currency": "USD", "was": "1.105", "now": "1.106"}],
        },
        "reformatted": 0,
    }
    assert body["MessageAttributes"] == {
        "date": {"Type": "String", "Value": "2025-01-06"},
        "revision": {"Type": "Number", "Value": "2"},
    }


@pytest.mark.fault("An update is killed between publishing and announcing")
@pytest.mark.parametrize(
    ("operation", "moment", "repeats"),
    [("PutItem", before_each_call, True), ("GetItem", after_each_call, False)],
    ids=["after the message", "before the message"],
)
def test_a_crash_repeats_or_delays_a_message(
    store: Store, topic: Topic, operation: str, moment: Any, repeats: bool
) -> None:
    publish(store, HISTORY)
    is_killed = [True]

    def kill(**_: Any) -> None:
        if is_killed:
            is_killed.clear()
            raise Killed

    moment(topic.table, only(operation, kill))
    with pytest.raises(Killed):
        topic.announce()
    assert topic.revisions() == ([1] if repeats else [])
    topic.announce()
    assert topic.revisions() == [1]
    topic.announce()
    assert topic.revisions() == []


def test_at_most_twenty_corrections_are_listed(store: Store, topic: Topic) -> None:
    codes = [f"A{first}{second}" for first in "ABCDE" for second in "ABCDE"]
    old = [one._replace(rates=dict.fromkeys(codes, "1.5")) for one in HISTORY[:1]]
    new = [one._replace(rates=dict.fromkeys(codes, "1.6")) for one in HISTORY[:1]]
    for history in (old, new, old):
        publish(store, history, events=True)
    topic.announce()
    (message,) = topic.messages()
    assert message["corrections"]["count"] == 50
    assert [one["was"] for one in message["corrections"]["first"]] == ["1.5"] * 20


@pytest.mark.fault("The latest item is lost while events are enabled")
@pytest.mark.parametrize("loss", ["missing", "damaged", "no revision"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_rebuilt_latest_item_is_announced(
    store: Store, topic: Topic, table: Any, loss: str, is_kept: bool
) -> None:
    """Version 2.0 kept no revisions."""
    for history in (HISTORY, NEXT_DAY, CORRECTED):
        publish(store, history, events=True)
    topic.announce()
    for revision in [] if is_kept else store.revisions():
        delete(table, f"revision#{revision}")
    if loss == "missing":
        delete(table, "latest")
    else:
        change(table, "latest", **({"digest": None} if loss == "damaged" else {"revision": None}))
        topic.announce()
    topic.received()
    publish(store, HISTORY, events=True)
    topic.announce()
    assert topic.revisions() == [4]
