"""The functions' settings: environment variables that the stack sets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import time
from typing import NamedTuple


class Settings(NamedTuple):
    """The settings of both functions."""

    table_name: str
    feed_url: str
    update_time: time  # UTC
    stack: str
    code_version: str
    metrics: bool  # False if neither alarms nor the dashboard read the metrics
    topic_arn: str  # "" if events are disabled, and in the get function
    dynamodb_endpoint: str  # "" in the update function


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings. Raises KeyError if one is missing, ValueError if one is malformed."""
    metrics = environment["METRICS"]
    if metrics not in ("true", "false"):
        raise ValueError(f"METRICS is {metrics!r}, not 'true' or 'false'")
    return Settings(
        table_name=environment["TABLE_NAME"],
        feed_url=environment["FEED_URL"],
        update_time=time.fromisoformat(environment["UPDATE_TIME"]),
        stack=environment["STACK"],
        code_version=environment["CODE_VERSION"],
        metrics=metrics == "true",
        # The stack sets each of these for one of the two functions only.
        topic_arn=environment.get("TOPIC_ARN", ""),
        dynamodb_endpoint=environment.get("DYNAMODB_ENDPOINT", ""),
    )
