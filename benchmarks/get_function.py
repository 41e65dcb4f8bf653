"""The get function in this process, as Lambda has it, on a table in memory."""

from __future__ import annotations

import importlib
import io
import json
import os
from contextlib import redirect_stdout
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks import environment
from benchmarks.memory_table import MemoryTable
from rates.serving.reader import Reader
from rates.storage.store import Store

Event = dict[str, Any]


class GetFunction:
    """An instance of the function. It prints its log lines to stdout, as it should."""

    def __init__(self, table: MemoryTable) -> None:
        os.environ.update(environment.FUNCTION)
        self._module = importlib.import_module("get_rates")
        self._store = Store(table, environment.TABLE)
        self.restart()

    def restart(self) -> None:
        """Forget what was read, as a new instance has read nothing."""
        self._module.READER = Reader(self._store)  # type: ignore[attr-defined]

    def call(self, event: Event) -> dict[str, Any]:
        """The answer to a proxy event; RuntimeError where it is not a 200."""
        payload: dict[str, Any] = self._module.handler(event, None)
        if payload["statusCode"] != 200:
            raise RuntimeError(f"{event['path']} is answered with {payload}")
        return payload

    def sizes(self, event: Event) -> tuple[int, int]:
        """The bytes of the answer, headers and body, and of what is logged."""
        with redirect_stdout(io.StringIO()) as log:
            payload = self.call(event)
        head = sum(len(f"{name}: {value}\r\n") for name, value in payload["headers"].items())
        return head + len(payload["body"].encode()), len(log.getvalue().encode())


def proxy_event(url: str) -> Event:
    """A REST API's event for a path with its query, as large as the ones that come through the gateway."""
    target = urlsplit(url)
    parameters = parse_qs(target.query)
    event = json.loads(_EVENT)
    return {
        **event,
        "path": target.path,
        "queryStringParameters": {name: known[-1] for name, known in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
    }


_EVENT = """
{
  "resource": "/{proxy+}",
  "httpMethod": "GET",
  "headers": {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
    "User-Agent": "curl/8.5.0",
    "X-Amzn-Trace-Id": "Root=1-67213d3a-0f0c4d8e5b6a79881122aabb",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https"
  },
  "requestContext": {
    "requestId": "5a2f6f1e-6f0b-4a53-9a0e-3f1f2f7f8c11",
    "stage": "v1",
    "httpMethod": "GET",
    "identity": {"sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"}
  },
  "body": null,
  "isBase64Encoded": false
}
"""
