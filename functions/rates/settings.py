"""The functions' settings: environment variables that the stack sets."""

import os
import re
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
    """Return the settings. Raises ValueError with the name of a variable that is missing or malformed."""

    def required(name: str) -> str:
        if name not in environment:
            raise ValueError(f"the environment variable {name} is not set")
        return environment[name]

    metrics, update_time = environment.get("METRICS", "false"), required("UPDATE_TIME")
    if metrics not in ("true", "false"):
        raise ValueError(f"METRICS is {metrics!r}, not 'true' or 'false'")
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", update_time):
        raise ValueError(f"UPDATE_TIME is {update_time!r}, not HH:MM")
    return Settings(
        table_name=required("TABLE_NAME"),
        feed_url=required("FEED_URL"),
        update_time=time.fromisoformat(update_time),
        stack=required("STACK"),
        code_version=required("CODE_VERSION"),
        metrics=metrics == "true",
        # The stack sets each of these for one of the two functions only.
        topic_arn=environment.get("TOPIC_ARN", ""),
        dynamodb_endpoint=environment.get("DYNAMODB_ENDPOINT", ""),
    )
