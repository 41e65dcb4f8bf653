"""The REST API in front of the function."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra import api
from rates.serving import service
from tests.infra.capture import capture, captured

KEY = "apigateway.Deployment api"


def test_every_path_and_method_is_the_functions() -> None:
    program = captured("dev")
    assert program["apigateway.Resource api"].inputs == {
        "restApi": "api-id",
        "parentId": "rootResourceId of api",
        "pathPart": "{proxy+}",
    }
    for route, resource in (("root", "rootResourceId of api"), ("proxy", "api-id")):
        assert program[f"apigateway.Method api-{route}"].inputs == {
            "restApi": "api-id",
            "resourceId": resource,
            "httpMethod": "ANY",
            "authorization": "NONE",
        }
        assert program[f"apigateway.Integration api-{route}"].inputs == {
            "restApi": "api-id",
            "resourceId": resource,
            "httpMethod": "ANY",
            "type": "AWS_PROXY",
            "integrationHttpMethod": "POST",
            "uri": "invokeArn of get-rates",
        }


def test_the_api_is_regional_and_compresses() -> None:
    assert captured("dev")["apigateway.RestApi api"].inputs == {
        "endpointConfiguration": {"types": "REGIONAL"},
        "minimumCompressionSize": "1024",
    }


def test_the_stage_is_v1_and_serves_the_deployment() -> None:
    assert captured("dev")["apigateway.Stage api"].inputs == {
        "restApi": "api-id",
        "deployment": "api-id",
        "stageName": "v1",
        "xrayTracingEnabled": False,
    }


def test_the_stage_throttles_as_configured() -> None:
    program = captured("dev", "throttleRate=7", "throttleBurst=9")
    assert program["apigateway.MethodSettings api"].inputs == {
        "restApi": "api-id",
        "stageName": "v1",
        "methodPath": "*/*",
        "settings": {"throttlingRateLimit": 7, "throttlingBurstLimit": 9, "loggingLevel": "OFF"},
    }


def test_access_logs_are_json_lines_without_query_or_user() -> None:
    settings = captured("dev", "accessLogs=true")["apigateway.Stage api"].inputs["accessLogSettings"]
    assert settings["destinationArn"] == "arn:cloudwatch.LogGroup:api-access"
    line = json.loads(settings["format"])
    assert {"request_id", "time", "method", "path", "status", "latency_ms"} <= set(line)
    assert all(value.startswith("$context.") for value in line.values())


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", "404", "not found"),
        ("THROTTLED", "429", "too many requests"),
        ("REQUEST_TOO_LARGE", "413", "request too large"),
        ("INTEGRATION_TIMEOUT", "504", "timeout"),
        ("DEFAULT_5XX", "500", "internal server error"),
        ("DEFAULT_4XX", None, "bad request"),
    ],
)
def test_the_gateway_itself_answers_in_the_apis_shape(kind: str, status: str | None, message: str) -> None:
    [response] = [
        response.inputs
        for response in captured("dev").of("apigateway.Response")
        if response.inputs["responseType"] == kind
    ]
    assert response.get("statusCode") == status
    [(media_type, template)] = response["responseTemplates"].items()
    assert media_type == "application/json"
    assert json.loads(template) == {"message": message}


def test_the_gateways_own_answers_have_the_headers_of_the_functions_errors() -> None:
    prefix = "gatewayresponse.header."
    for response in captured("dev").of("apigateway.Response"):
        headers = {
            name.removeprefix(prefix): value.strip("'")
            for name, value in response.inputs["responseParameters"].items()
        }
        assert headers == {**service.CORS, "Cache-Control": "no-store"}


def test_the_gateway_has_an_answer_of_the_apis_shape_for_everything() -> None:
    kinds = {response.inputs["responseType"] for response in captured("dev").of("apigateway.Response")}
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "THROTTLED"} <= kinds


CHANGES: list[tuple[str, Any]] = [
    ("GATEWAY_RESPONSES", {**api.GATEWAY_RESPONSES, "THROTTLED": ("429", "slow down")}),
    ("GATEWAY_RESPONSES", {**api.GATEWAY_RESPONSES, "THROTTLED": ("503", "too many requests")}),
    ("RESPONSE_HEADERS", {**api.RESPONSE_HEADERS, "gatewayresponse.header.Vary": "'Accept'"}),
    ("METHOD", "GET"),
    ("AUTHORIZATION", "AWS_IAM"),
    ("INTEGRATION", "AWS"),
    ("COMPRESS_FROM_BYTES", 0),
]


@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_whatever_a_deployment_takes_in_makes_a_new_one_when_it_changes(
    monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    monkeypatch.setattr(api, name, value)
    changed = capture("dev")
    assert changed[KEY].inputs["triggers"] != captured("dev")[KEY].inputs["triggers"]
    assert changed.resources != captured("dev").resources


def test_another_function_makes_a_new_deployment() -> None:
    assert captured("dev")[KEY].inputs["triggers"]["function"] == "invokeArn of get-rates"


def test_nothing_else_makes_a_new_deployment() -> None:
    assert captured("dev")[KEY].inputs == captured("prod", "accessLogs=true")[KEY].inputs
