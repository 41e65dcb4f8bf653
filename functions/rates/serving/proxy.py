"""API Gateway's proxy integration: an event as a request, a response as a payload within Lambda's limit."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

VERSIONS = ("v1", "v2")
LARGEST_PAYLOAD = 5_500_000  # bytes of Lambda's response, whose limit is 6 MB
ENVELOPE = 1000  # bytes of a response without its body, at most

# A custom domain's base path is part of the path. It is repeated if the index's links are followed from a URL
# that ends in a slash.
_BRACKETS = re.compile(r"\[[0-9]*\]$")
_BASE_PATHS = {version: re.compile(f"^(?:/{version})+(?=/|$)") for version in VERSIONS}


class Request(NamedTuple):
    """A request, with its path below the version, and its headers by lower-case name.

    `parameters` has all values of each parameter, in their order; none if it was sent without a value. A name
    with brackets at its end (`symbols[]`, `symbols[0]`: lists of axios and PHP) stands for the name alone.
    """

    version: str  # one of VERSIONS
    method: str
    path: str
    parameters: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    id: str


class Response(NamedTuple):
    """A response, its body as text."""

    status: int
    headers: Mapping[str, str]
    body: str = ""

    def payload(self) -> dict[str, Any]:
        """Return the response as Lambda hands it to the gateway."""
        return {"statusCode": self.status, "headers": dict(self.headers), "body": self.body}


def request(event: Mapping[str, Any]) -> Request:
    """Return the request of a proxy event. Absent parts of the event are empty."""
    context = event.get("requestContext") or {}
    path = event.get("path") or "/"
    version = context.get("stage")
    if version not in VERSIONS:
        version = "v2" if _BASE_PATHS["v2"].match(path) else "v1"
    parameters: dict[str, list[str]] = {}
    for name, values in (event.get("multiValueQueryStringParameters") or {}).items():
        found = parameters.setdefault(_BRACKETS.sub("", name), [])
        found += [value for value in values or () if value is not None]
    path = _BASE_PATHS[version].sub("", path) or "/"
    if version == "v2" and re.fullmatch(".*[^/]/", path):
        path = path[:-1]  # Frankfurter v2 accepts one slash at the end; v1 does not
    return Request(
        version,
        event.get("httpMethod") or "GET",
        path,
        parameters,
        {name.lower(): value for name, value in (event.get("headers") or {}).items()},
        context.get("requestId", ""),
    )


def fits(body: str) -> bool:
    """Return True if a response with this body is within Lambda's limit.

    Lambda's response is JSON: quotes and line ends in the body take two bytes there. A body of that size has
    no other character that takes more than one.
    """
    size = len(body) + ENVELOPE
    if size > LARGEST_PAYLOAD // 2:
        size += sum(map(body.count, '"\r\n'))
    return size <= LARGEST_PAYLOAD
