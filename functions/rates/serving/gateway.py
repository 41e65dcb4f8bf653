"""API Gateway's side: a REST API's proxy event as a request, and a response as its payload."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

# The stage's name is in the path where a custom domain maps it, and once more where the index's links are
# followed from a URL that ends in a slash.
_STAGES = re.compile(r"^(/v1)+(?=/|$)")


class Request(NamedTuple):
    """A request: its path without the stage, the last value of each parameter, headers by lower-case name."""

    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    id: str


class Response(NamedTuple):
    """A response, its body as text."""

    status: int
    headers: Mapping[str, str]
    body: str = ""

    def payload(self) -> dict[str, Any]:
        """What Lambda hands to the gateway."""
        return {"statusCode": self.status, "headers": dict(self.headers), "body": self.body}


def request(event: Mapping[str, Any]) -> Request:
    """The request in a proxy event; what is absent there is empty here."""
    parameters = event.get("multiValueQueryStringParameters") or {}
    return Request(
        event.get("httpMethod") or "GET",
        _STAGES.sub("", event.get("path") or "/") or "/",
        {name: values[-1] for name, values in parameters.items() if values},
        {name.lower(): value for name, value in (event.get("headers") or {}).items()},
        (event.get("requestContext") or {}).get("requestId", ""),
    )
