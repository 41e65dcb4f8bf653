"""Tell the subscribers of an SNS topic of each new revision, at least once.

The item `announced` in the table has the revision of the last message. It is written after the message: a
crash between the two repeats the message at the next update, and never loses it.
"""

import json
from typing import Any

from rates.storage.documents import Latest, UnreadableDocumentError
from rates.storage.store import Store


def announce(store: Store, client: Any, topic_arn: str) -> None:
    """Publish a message through an SNS client if the current revision is higher than the announced one.

    Does nothing if the latest item is damaged: an update replaces it first. Errors of SNS and DynamoDB are
    botocore's own exceptions.
    """
    try:
        latest = store.latest(consistent=True)
    except UnreadableDocumentError:
        return
    if latest is None or latest.revision <= store.announced():
        return
    client.publish(
        TopicArn=topic_arn,
        Message=json.dumps(_message(latest)),
        MessageAttributes={
            "date": {"DataType": "String", "StringValue": latest.publication.date},
            "revision": {"DataType": "Number", "StringValue": str(latest.revision)},
        },
    )
    store.put_announced(latest.revision)


def _message(latest: Latest) -> dict[str, Any]:
    changes = latest.changes
    return {
        "revision": latest.revision,
        "date": latest.publication.date,
        "previous_date": latest.previous.date if latest.previous else None,
        "updated_at": latest.updated_at,
        "years": changes.years,
        "corrections": {
            "count": changes.corrections,
            "first": [correction._asdict() for correction in changes.first_corrections],
        },
        "reformatted": changes.reformatted,
    }
