"""The content of the REST API, which one API Gateway deployment freezes.

`content` describes it once. The resources are created from this description, and a hash of it triggers a new
deployment. A setting that is missing here would not reach the clients.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from infra.config import Settings

VERSIONS = ("v1", "v2")  # the stages; a base URL ends with its version, like Frankfurter's
COMPRESS_FROM_BYTES = 1024
# TLS 1.2 and 1.3, one of AWS's policies for Regional APIs; the default would accept TLS 1.0. It requires an
# access mode: BASIC refuses nothing more, STRICT also refuses a Host header that differs from the TLS name.
SECURITY_POLICY, ACCESS_MODE = "SecurityPolicy_TLS13_1_2_2021_06", "BASIC"

# The same headers as on the function's own errors.
ERROR_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, Revision",
    "Cache-Control": "no-store",
}
# The errors of the gateway itself: status and message by response type. Each type that API Gateway documents
# with a status other than 400 or 500 has its own entry, except those for authorizers and API keys.
ERRORS = {
    "ACCESS_DENIED": (403, "forbidden"),
    "EXPIRED_TOKEN": (403, "forbidden"),
    "INTEGRATION_FAILURE": (504, "no answer"),
    "INTEGRATION_TIMEOUT": (504, "timeout"),
    "INVALID_SIGNATURE": (403, "forbidden"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "not found"),  # API Gateway's name for an unknown path or method
    "REQUEST_TOO_LARGE": (413, "request too large"),
    "RESOURCE_NOT_FOUND": (404, "not found"),
    "THROTTLED": (429, "too many requests"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "unsupported media type"),
    "WAF_FILTERED": (403, "forbidden"),  # a custom response of a web ACL takes precedence
}
# All other types keep their own HTTP status, e.g. the 502 of a function that crashed. A template cannot
# insert that status, so the body has the generic status of the class (RFC 9110, section 15).
OTHER_ERRORS = {
    "DEFAULT_4XX": (400, "bad request"),
    "DEFAULT_5XX": (500, "internal server error"),
}
# Seconds. The throttle refills within one; a 503 of the gateway is one of DEFAULT_5XX.
RETRY_AFTER = {"THROTTLED": {"Retry-After": "1"}, "DEFAULT_5XX": {"Retry-After": "5"}}


@dataclass(frozen=True)
class Content:
    """The arguments of the resources, without references to other resources."""

    api: dict[str, Any]
    policy: dict[str, Any]
    routes: dict[str, str | None]  # path parts below the root
    method: dict[str, Any]
    integration: dict[str, Any]
    errors: list[dict[str, Any]]

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that change whenever the content changes."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def content(settings: Settings) -> Content:
    """Return the content of the API with these settings."""
    return Content(
        api={
            "endpoint_configuration": {"types": "REGIONAL"},
            "minimum_compression_size": str(COMPRESS_FROM_BYTES),
            "disable_execute_api_endpoint": not settings.default_endpoint,
            "security_policy": SECURITY_POLICY,
            "endpoint_access_mode": ACCESS_MODE,
        },
        policy=_policy(settings.allowed_addresses),
        # The function routes the requests, so these two cover every path.
        routes={"root": None, "proxy": "{proxy+}"},
        method={"http_method": "ANY", "authorization": "NONE"},  # the data is public
        integration={"type": "AWS_PROXY", "integration_http_method": "POST"},
        errors=[_error(kind, *error) for kind, error in (ERRORS | OTHER_ERRORS).items()],
    )


def _policy(addresses: Sequence[str]) -> dict[str, Any]:
    """Return the statement of the resource policy, without its resource.

    If everybody is admitted, there is a policy too: Pulumi would delete one only after the deployment that
    still contains it.
    """
    condition = {"Condition": {"IpAddress": {"aws:SourceIp": list(addresses)}}} if addresses else {}
    return {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", **condition}


def versioned(name: str, version: str) -> str:
    """Return the logical name of a resource of which each version has one.

    v1 has the plain name, as before v2 existed. With another name, Pulumi would create a second stage `v1`
    before it deletes the first, and API Gateway refuses that.
    """
    return name if version == VERSIONS[0] else f"{name}-{version}"


def error_body(status: int, message: str) -> str:
    """Return the JSON body of an error, as v1 and v2 have it."""
    return json.dumps({"status": status, "message": message})


def _error(kind: str, status: int, message: str) -> dict[str, Any]:
    return {
        "response_type": kind,
        "status_code": str(status) if kind in ERRORS else None,
        "response_parameters": {
            f"gatewayresponse.header.{name}": f"'{value}'"
            for name, value in {**ERROR_HEADERS, **RETRY_AFTER.get(kind, {})}.items()
        },
        "response_templates": {"application/json": error_body(status, message)},
    }
