"""The resource types that can be deployed locally: one function each, grouped by service."""

from local.resources import apigateway, cloudwatch, dynamodb, iam, lambda_, messaging, scheduler, wafv2  # noqa: F401
from local.resources.registry import create

__all__ = ["create"]
