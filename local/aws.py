"""The emulated AWS as boto3 sees it: clients that cannot mean a real account."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.console import LocalError

ACCOUNT = "000000000000"
PARTITION = "aws"
# A call is made once: a seeding that takes its time must not be started a second time beside the first.
CONFIG = Config(connect_timeout=5, read_timeout=300, retries={"total_max_attempts": 1}, proxies={})


class Aws:
    """An emulated account in one region; `environment.isolate` is to be called before."""

    def __init__(self, endpoint: str, region: str) -> None:
        self.endpoint = endpoint
        self.region = region
        # MiniStack's root user, under AUTH=true too.
        self._session: Any = boto3.Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name=region
        )
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()  # clients may be shared by threads, sessions may not

    def client(self, service: str) -> Any:
        """The boto3 client of a service; made once."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, endpoint_url=self.endpoint, config=CONFIG
                )
            return self._clients[service]

    def invoke(self, function: str, event: str) -> str:
        """A function's answer to an event, both as JSON; `LocalError` with its own error if it fails."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=event.encode())
        payload = str(answer["Payload"].read().decode())
        if "FunctionError" in answer:
            error = json.loads(payload)
            said = f"{error.get('errorType')}: {error.get('errorMessage')}"
            raise LocalError(f"the function {function} failed: {said}")
        return payload

    def arn(self, service: str, resource: str, *, account: str = ACCOUNT) -> str:
        """The ARN of a resource in this region; some services leave the account out."""
        return f"arn:{PARTITION}:{service}:{self.region}:{account}:{resource}"


@contextmanager
def explained() -> Iterator[None]:
    """Turns what boto3 raises in the block into a `LocalError`."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"the emulated AWS: {error}") from error
