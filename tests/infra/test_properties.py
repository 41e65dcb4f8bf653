"""The protection of the resources."""

import pytest

from tests.infra.capture import captured
from tests.infra.stacks import CUSTOM_DOMAIN


@pytest.mark.parametrize(
    ("stack", "overrides", "is_protected"),
    [
        ("dev", (), False),
        ("dev", ("protect=true",), True),
        ("prod", (), True),
        ("prod", ("protect=false",), False),
    ],
)
def test_one_setting_protects_what_the_api_needs(
    stack: str, overrides: tuple[str, ...], is_protected: bool
) -> None:
    program = captured(stack, *CUSTOM_DOMAIN, *overrides)
    protected = {key for key, resource in program.resources.items() if resource.is_protected}
    needed = {
        "dynamodb.Table rates",
        "apigateway.RestApi api",
        "apigateway.Stage api",
        "apigateway.Stage api-v2",
        "lambda.Function update-rates",
        "lambda.Function get-rates",
        "scheduler.Schedule daily",
    }
    assert protected == (needed if is_protected else set())
    assert program["dynamodb.Table rates"].inputs["deletionProtectionEnabled"] is is_protected
