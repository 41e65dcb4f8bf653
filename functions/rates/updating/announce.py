"""Tell the subscribers of an SNS topic of each new revision, at least once.

The item `announced` in the table has the revision of the last message. It is written after the message: a
crash between the two repeats the message at the next update, and never loses it.
"""

from __future__ import annotations

import json
from typing import Any

from rates.storage.documents import Latest, UnreadableDocumentError
from rates.storage.store import Store


class Announcer:
    """One topic, through an SNS client. Errors of SNS and DynamoDB are botocore's own exceptions."""

    def __init__(self, store: Store, client: Any, topic_arn: str) -> None:
        self._store = store
        self._client = client
        self._topic_arn = topic_arn

    def announce(self) -> None:
        """Publish a message if the current revision is higher than the announced one.

        Does nothing if the latest item is damaged: an update replaces it first.
        """
        try:
            latest = self._store.latest(consistent=True)
        except UnreadableDocumentError:
            return
        if latest is None or latest.revision <= self._store.announced():
            return
        self._client.publish(
            TopicArn=self._topic_arn,
            Message=json.dumps(_message(latest)),
            MessageAttributes={
                "date": {"DataType": "String", "StringValue": latest.publication.date},
                "revision": {"DataType": "Number", "StringValue": str(latest.revision)},
            },
        )
        self._store.put_announced(latest.revision)


def _message(latest: Latest) -> dict[str, Any]:
    years, count, first_corrections, rewritten = latest.changes
    return {
        "revision": latest.revision,
        "date": latest.publication.date,
        "previous_date": latest.previous.date if latest.previous else None,
        "updated_at": latest.updated_at,
        "years": years,
        "corrections": {"count": count, "first": [correction._asdict() for correction in first_corrections]},
        "rewritten": rewritten,
    }
