"""The limit of requests per client address."""

import json
from typing import Any

from infra import gateway
from tests.infra.capture import captured

LIMITED = ("dev", "requestsPerAddress=500")


def acl() -> dict[str, Any]:
    """Return the inputs of the web ACL."""
    return captured(*LIMITED)["wafv2.WebAcl firewall"].inputs


def test_a_blocked_request_gets_the_error_of_the_throttling() -> None:
    response = acl()["rules"][0]["action"]["block"]["customResponse"]
    [body] = acl()["customResponseBodies"]
    assert response["responseCode"] == 429
    assert response["customResponseBodyKey"] == body["key"]
    assert body["contentType"] == "APPLICATION_JSON"
    assert json.loads(body["content"]) == {"status": 429, "message": "too many requests"}
    assert gateway.ERRORS["THROTTLED"] == (429, "too many requests")
    headers = {header["name"]: header["value"] for header in response["responseHeaders"]}
    assert headers == gateway.ERROR_HEADERS
