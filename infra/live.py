"""The alias `live` of a function: it moves to a new version only after that version has passed a check."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.component import Component
from infra.function import Function

# A request for the newest rates, as the gateway sends it. The key `probe` makes the function wait for its
# role, and raise an error if it cannot read the table.
PROBE = {
    "probe": True,
    "httpMethod": "GET",
    "path": "/latest",
    "requestContext": {"stage": "v1", "requestId": "probe"},
}


class Live(Component):
    """One invocation of each new version with an event, and the alias that moves to the version after it.

    A version holds code and environment together, and the alias moves in one step. So no request meets new
    code with an old environment, and no version serves that could not answer the event: `pulumi up` fails,
    the alias stays, and the next `up` invokes again. `check` returns the version or raises RunError, like
    `answering`. `after` are other resources to wait for.
    """

    def __init__(
        self,
        name: str,
        *,
        function: Function,
        event: Mapping[str, Any],
        check: Callable[..., str] | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        super().__init__(name)
        invocation = aws.lambda_.Invocation(
            name,
            function_name=function.name,
            qualifier=function.version,  # another version replaces the invocation, and so invokes again
            input=json.dumps(event),
            lifecycle_scope="CREATE_ONLY",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*after]),
        )
        version = function.version
        if check:
            version = pulumi.Output.all(
                version=version, result=invocation.result, log_group=function.log_group
            ).apply(lambda found: check(name, **found))
        self.alias = aws.lambda_.Alias(
            name,
            name="live",
            function_name=function.name,
            function_version=version,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[invocation]),
        )
        self.result = invocation.result
        self.register_outputs({})


def answering(name: str, version: str, result: str | None, log_group: str) -> str:
    """Return the version. Raises RunError if its answer to the probe is none that a client should get."""
    try:
        answer = json.loads(result or "")
    except ValueError:  # of a mock: the results of Lambda are JSON
        return version
    response = answer if isinstance(answer, dict) else {}
    status, body = response.get("statusCode", result), str(response.get("body", ""))
    if status == 200 or (status == 503 and "no data yet" in body):
        return version
    raise pulumi.RunError(
        f"version {version} of {name} answers {status} {body[:200]}, so the version before it stays live. "
        f"The log group is {log_group}"
    )
