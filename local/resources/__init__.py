"""The resource types that can be created locally: one function for each, in the module of its service.

The function has the name of the type: `rest_api` in apigateway.py creates `aws:apigateway/restApi:RestApi`.
It returns the outputs that the program reads, or nothing.
"""

import re
from collections.abc import Mapping
from typing import Any

from local.aws import Aws
from local.console import LocalError
from local.inputs import Inputs, Outputs
from local.program import kind
from local.resources import apigateway, cloudwatch, dynamodb, iam, lambda_, messaging, scheduler, wafv2

MODULES = {
    "apigateway": apigateway,
    "cloudwatch": cloudwatch,
    "dynamodb": dynamodb,
    "iam": iam,
    "lambda": lambda_,
    "scheduler": scheduler,
    "sns": messaging,
    "sqs": messaging,
    "wafv2": wafv2,
}


def create(aws: Aws, token: str, name: str, values: Mapping[str, Any], tags: Mapping[str, str]) -> Outputs:
    """Create a resource from its inputs and the stack's default tags.

    Raises `LocalError` if the type is not supported or an input would be dropped without a reason.
    """
    service, _, type_name = kind(token).partition(".")
    maker = re.sub(r"\B[A-Z]", r"_\g<0>", type_name).lower()
    make = getattr(MODULES.get(service), maker, None)
    if make is None:
        raise LocalError(
            "this type of resource is not supported yet. Add a function for it to the module of the service"
            f" {service!r} in local/resources/ (add a new module to local/resources/__init__.py)"
        )
    inputs = Inputs(name, values, tags)
    outputs: Outputs | None = make(aws, inputs)
    if dropped := inputs.unread():
        file = f"{make.__module__.replace('.', '/')}.py"
        raise LocalError(
            f"{', '.join(sorted(dropped))}: neither applied nor ignored. Apply it in {maker}() in {file},"
            " or ignore it there, with the reason"
        )
    return outputs or {}
