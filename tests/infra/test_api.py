"""The REST API in front of the get function."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from infra import gateway
from rates.serving import service
from tests.infra.capture import Program, Resource, capture, captured
from tests.infra.stacks import CUSTOM_DOMAIN

DEPLOYMENT = "apigateway.Deployment api"
EVERYTHING = "executionArn of api/*"
REFERENCES = {"restApi", "restApiId", "resourceId", "parentId", "uri"}
STAGES = {"v1": "apigateway.Stage api", "v2": "apigateway.Stage api-v2"}


def own(resource: Resource) -> dict[str, Any]:
    """Return the inputs that do not refer to other resources."""
    return {key: value for key, value in resource.inputs.items() if key not in REFERENCES}


def camel(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments as Pulumi registers them: in camel case, and without None."""

    def renamed(name: str) -> str:
        first, *others = name.split("_")
        return first + "".join(word.title() for word in others)

    return {renamed(name): value for name, value in arguments.items() if value is not None}


@pytest.mark.parametrize("stage", STAGES.values())
def test_access_logs_are_json_lines_without_query_or_user(stage: str) -> None:
    settings = captured("dev", "accessLogs=true")[stage].inputs["accessLogSettings"]
    assert settings["destinationArn"] == "arn:cloudwatch.LogGroup:api-access"
    line = json.loads(settings["format"])
    assert {"request_id", "time", "method", "stage", "path", "status", "latency_ms"} <= set(line)
    assert all(value.startswith("$context.") for value in line.values())
    assert "user" not in settings["format"].lower()


def errors(program: Program) -> dict[str, dict[str, Any]]:
    """Return the error responses of the gateway by type."""
    return {error.inputs["responseType"]: error.inputs for error in program.of("apigateway.Response")}


def test_errors_of_the_gateway_have_the_headers_of_the_function() -> None:
    prefix = "gatewayresponse.header."
    for kind, error in errors(captured("dev")).items():
        headers = {
            name.removeprefix(prefix): value.strip("'") for name, value in error["responseParameters"].items()
        }
        retry = {"THROTTLED": {"Retry-After": "1"}, "DEFAULT_5XX": {"Retry-After": "5"}}.get(kind, {})
        assert headers == {**service.CORS, "Cache-Control": "no-store", **retry}


@pytest.mark.parametrize("overrides", [(), (*CUSTOM_DOMAIN, "defaultEndpoint=false")])
def test_the_trigger_describes_everything_that_is_deployed(
    monkeypatch: pytest.MonkeyPatch, overrides: tuple[str, ...]
) -> None:
    described: list[gateway.Content] = []

    def fingerprint(content: gateway.Content) -> str:
        described.append(content)
        return "recorded"

    monkeypatch.setattr(gateway.Content, "fingerprint", fingerprint)
    program = capture("dev", *overrides)
    [content] = described
    assert program[DEPLOYMENT].inputs["triggers"]["content"] == "recorded"
    assert own(program["apigateway.RestApi api"]) == camel(content.api)
    assert program["apigateway.RestApiPolicy api"].policy() == [{**content.policy, "Resource": EVERYTHING}]
    parts = [resource.inputs["pathPart"] for resource in program.of("apigateway.Resource")]
    assert parts == [part for part in content.routes.values() if part is not None]
    for method in program.of("apigateway.Method"):
        assert own(method) == camel(content.method)
    for integration in program.of("apigateway.Integration"):
        assert own(integration) == camel(
            {**content.integration, "http_method": content.method["http_method"]}
        )
    assert errors(program) == {
        error["response_type"]: {"restApiId": "api-id", **camel(error)} for error in content.errors
    }


EMPTY = gateway.Content(api={}, policy={}, routes={}, method={}, integration={}, errors=[])


@pytest.mark.parametrize("part", asdict(EMPTY))
def test_a_change_of_any_part_changes_the_trigger(part: str) -> None:
    changed: Any = [{"a": "b"}] if part == "errors" else {"a": "b"}
    assert replace(EMPTY, **{part: changed}).fingerprint() != EMPTY.fingerprint()


def test_a_disabled_default_endpoint_makes_a_new_deployment() -> None:
    domain = captured("dev", *CUSTOM_DOMAIN)[DEPLOYMENT].inputs["triggers"]
    disabled = captured("dev", *CUSTOM_DOMAIN, "defaultEndpoint=false")
    assert disabled["apigateway.RestApi api"].inputs["disableExecuteApiEndpoint"] is True
    assert disabled[DEPLOYMENT].inputs["triggers"] != domain


def test_settings_outside_the_snapshot_make_no_new_deployment() -> None:
    changed = captured("prod", "accessLogs=true", "throttleRate=7", "tracing=true")
    assert captured("dev")[DEPLOYMENT].inputs == changed[DEPLOYMENT].inputs


ALLOWED = "allowedAddresses=203.0.113.0/24, 2001:db8::/32"


def test_only_allowed_addresses_may_call_the_api() -> None:
    [statement] = captured("dev", ALLOWED)["apigateway.RestApiPolicy api"].policy()
    assert statement == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}},
        "Resource": EVERYTHING,
    }
    [everybody] = captured("dev")["apigateway.RestApiPolicy api"].policy()
    assert everybody == {key: value for key, value in statement.items() if key != "Condition"}
    assert gateway.ERRORS["ACCESS_DENIED"] == (403, "forbidden")


def test_changed_addresses_are_deployed_after_the_policy() -> None:
    program = captured("dev", ALLOWED)
    assert program[DEPLOYMENT].inputs["triggers"] != captured("dev")[DEPLOYMENT].inputs["triggers"]
    assert program.comes_after(DEPLOYMENT, "apigateway.RestApiPolicy api")
