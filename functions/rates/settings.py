"""What the stack tells its functions, read from the environment once and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import time
from typing import NamedTuple


class Settings(NamedTuple):
    """The functions' settings."""

    table_name: str
    feed_url: str
    update_time: time  # UTC
    stack: str
    code_version: str


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; KeyError or ValueError where one is missing or malformed, as the stack sets them all."""
    return Settings(
        table_name=environment["TABLE_NAME"],
        feed_url=environment["FEED_URL"],
        update_time=time.fromisoformat(environment["UPDATE_TIME"]),
        stack=environment["STACK"],
        code_version=environment["CODE_VERSION"],
    )
