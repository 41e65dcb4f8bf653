"""The least that a function can do: log a line and answer. What every other figure is held against."""

from __future__ import annotations

from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """An empty 200."""
    print("{}", flush=True)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
