"""The usual serverless design: an item a currency, and a request that scans the whole table."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Every rate in the table."""
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    items = table.scan()["Items"]
    body = {
        "base": "EUR",
        "date": max(item["date"] for item in items),
        "rates": {item["currency"]: float(item["rate"]) for item in items},
    }
    print(json.dumps({"currencies": len(items)}), flush=True)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
    }
