"""The limit of requests per client address."""

from __future__ import annotations

import json
from typing import Any

from infra import gateway
from tests.infra.capture import arn, captured

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


def test_the_metrics_are_named_after_the_stack() -> None:
    """All web ACLs of a region share one namespace."""
    names = [acl()["visibilityConfig"]["metricName"], acl()["rules"][0]["visibilityConfig"]["metricName"]]
    assert names == ["exchange-rates-dev", "exchange-rates-dev-requests-per-address"]


def test_the_limit_holds_for_each_stage() -> None:
    associations = [association.inputs for association in captured(*LIMITED).of("wafv2.WebAclAssociation")]
    assert {association["resourceArn"] for association in associations} == {
        arn(stage.key) for stage in captured(*LIMITED).of("apigateway.Stage")
    }
    assert {association["webAclArn"] for association in associations} == {arn("wafv2.WebAcl firewall")}


def test_there_is_no_web_acl_without_a_limit() -> None:
    assert not [key for key in captured("prod").resources if key.startswith("wafv2.")]
