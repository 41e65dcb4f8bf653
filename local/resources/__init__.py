"""The resource types that can be created locally: one function for each, in one module per service."""

from local.resources import (  # noqa: F401
    apigateway,
    cloudwatch,
    dynamodb,
    iam,
    lambda_,
    messaging,
    scheduler,
    wafv2,
)
from local.resources.registry import create

__all__ = ["create"]
