"""Which resources a stack is made of, and what its configuration adds or takes away."""

from __future__ import annotations

import pytest

from tests.infra.capture import REGION, captured

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123"
DOMAIN = ("domainName=rates.example.com", f"certificateArn={CERTIFICATE}")
ALARMS = {
    f"cloudwatch.MetricAlarm {name}"
    for name in (
        "update-failed",
        "no-success-in-26-h",
        "data-stale",
        "dead-letters",
        "get-errors",
        "get-p99",
        "throttles",
        "api-5xx",
    )
} | {"sns.Topic alarms", "sns.TopicPolicy alarms"}
DEV = {
    "dynamodb.Table rates",
    "sqs.Queue dead-letters",
    "cloudwatch.LogGroup update-rates",
    "iam.Role update-rates",
    "iam.RolePolicy update-rates",
    "lambda.Function update-rates",
    "cloudwatch.LogGroup get-rates",
    "iam.Role get-rates",
    "iam.RolePolicy get-rates",
    "lambda.Function get-rates",
    "lambda.Invocation seed",
    "scheduler.ScheduleGroup update-schedule",
    "iam.Role update-schedule",
    "iam.RolePolicy update-schedule",
    "scheduler.Schedule daily",
    "scheduler.Schedule catch-up",
    "lambda.FunctionEventInvokeConfig update-schedule",
    "apigateway.RestApi api",
    "apigateway.Resource api",
    "apigateway.Method api-root",
    "apigateway.Method api-proxy",
    "apigateway.Integration api-root",
    "apigateway.Integration api-proxy",
    "apigateway.Response api-missing-authentication-token",
    "apigateway.Response api-throttled",
    "apigateway.Response api-request-too-large",
    "apigateway.Response api-integration-timeout",
    "apigateway.Response api-default-4xx",
    "apigateway.Response api-default-5xx",
    "apigateway.Deployment api",
    "apigateway.Stage api",
    "apigateway.MethodSettings api",
    "lambda.Permission api",
}
OUTPUTS = {
    "api_url",
    "table_name",
    "update_function_name",
    "get_function_name",
    "log_groups",
    "dead_letter_queue_url",
    "seed_result",
}
GROUPS = ["update-rates-1234567", "get-rates-1234567"]


def test_dev_is_made_of_the_service_alone() -> None:
    assert set(captured("dev").resources) == DEV


def test_prod_has_alarms_and_a_dashboard_besides() -> None:
    assert set(captured("prod").resources) == DEV | ALARMS | {"cloudwatch.Dashboard dashboard"}


@pytest.mark.parametrize(
    ("overrides", "added", "taken_away"),
    [
        (["catchUp=false"], set(), {"scheduler.Schedule catch-up"}),
        (["alarms=true"], ALARMS, set()),
        (
            ["alarms=true", "alarmEmail=ops@example.com"],
            ALARMS | {"sns.TopicSubscription alarms"},
            set(),
        ),
        (["dashboard=true"], {"cloudwatch.Dashboard dashboard"}, set()),
        (["accessLogs=true"], {"cloudwatch.LogGroup api-access"}, set()),
        (["tracing=true"], set(), set()),
        (["protect=true"], set(), set()),
        (DOMAIN, {"apigateway.DomainName api", "apigateway.BasePathMapping api"}, set()),
    ],
    ids=lambda value: value[0].partition("=")[0] if isinstance(value, list | tuple) else "",
)
def test_a_switch_makes_its_own_resources_and_no_others(
    overrides: list[str], added: set[str], taken_away: set[str]
) -> None:
    assert set(captured("dev", *overrides).resources) == (DEV | added) - taken_away


def test_what_does_not_exist_has_no_output() -> None:
    assert set(captured("dev").outputs) == OUTPUTS
    assert set(captured("prod").outputs) == OUTPUTS | {"alarm_topic_arn", "dashboard_url"}
    assert set(captured("dev", *DOMAIN).outputs) == OUTPUTS | {"domain_target"}


def test_the_outputs_say_where_things_are() -> None:
    outputs = captured("prod").outputs
    console = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}"
    assert outputs == {
        "api_url": "invokeUrl of api",
        "table_name": "rates-1234567",
        "update_function_name": "update-rates-1234567",
        "get_function_name": "get-rates-1234567",
        "log_groups": GROUPS,
        "dead_letter_queue_url": "url of dead-letters",
        "alarm_topic_arn": "arn:sns.Topic:alarms",
        "dashboard_url": f"{console}#dashboards/dashboard/exchange-rates-prod-{REGION}",
        "seed_result": "result of seed",
    }


def test_access_logs_are_among_the_log_groups() -> None:
    assert captured("dev", "accessLogs=true").outputs["log_groups"] == [*GROUPS, "api-access-1234567"]


def test_the_url_follows_the_domain_and_the_dns_target_is_put_out() -> None:
    program = captured("dev", *DOMAIN)
    assert program.outputs["api_url"] == "https://rates.example.com/v1"
    assert program.outputs["domain_target"] == "regionalDomainName of api"
    assert program["apigateway.DomainName api"].inputs == {
        "domainName": "rates.example.com",
        "regionalCertificateArn": CERTIFICATE,
        "endpointConfiguration": {"types": "REGIONAL"},
        "securityPolicy": "TLS_1_2",
    }
    assert program["apigateway.BasePathMapping api"].inputs == {
        "restApi": "api-id",
        "stageName": "v1",
        "domainName": "rates.example.com",
        "basePath": "v1",
    }


@pytest.mark.parametrize("stack", ["dev", "prod", "local"])
def test_only_names_that_tell_the_stack_are_fixed(stack: str) -> None:
    """All others are Pulumi's, which end in random digits: stacks and their deployments never collide."""
    named = {
        resource.key: value
        for resource in captured(stack, "alarms=true", "dashboard=true", "accessLogs=true").resources.values()
        for key, value in resource.inputs.items()
        if key in ("name", "namePrefix", "dashboardName", "functionName", "queueName", "statementId")
        and not value.endswith("-1234567")  # another resource's
    }
    assert named == {"cloudwatch.Dashboard dashboard": f"exchange-rates-{stack}-{REGION}"}


def test_every_resource_belongs_to_a_component() -> None:
    program = captured("prod", *DOMAIN, "accessLogs=true", "alarmEmail=ops@example.com")
    parents = {resource.parent for resource in program.resources.values()}
    assert parents == set(program.components)


def test_every_log_group_belongs_to_the_stack_and_is_kept_as_long_as_it_says() -> None:
    names = ("update-rates", "get-rates", "api-access")
    for days, stack in ((7, "dev"), (365, "prod")):
        program = captured(stack, "accessLogs=true")
        groups = {group.name: group.inputs for group in program.of("cloudwatch.LogGroup")}
        assert groups == {name: {"retentionInDays": days} for name in names}
        written_to = {
            *(function.inputs["loggingConfig"]["logGroup"] for function in program.of("lambda.Function")),
            program["apigateway.Stage api"].inputs["accessLogSettings"]["destinationArn"],
        }
        assert written_to == {*GROUPS, "arn:cloudwatch.LogGroup:api-access"}
        settings = program["apigateway.MethodSettings api"].inputs["settings"]
        assert settings["loggingLevel"] == "OFF"  # the gateway would make a group of its own


def test_protection_follows_one_flag() -> None:
    for program, expected in (
        (captured("dev"), set()),
        (captured("dev", "protect=true"), {"dynamodb.Table rates", "apigateway.RestApi api"}),
        (captured("prod"), {"dynamodb.Table rates", "apigateway.RestApi api"}),
        (captured("prod", "protect=false"), set()),
    ):
        assert {key for key, resource in program.resources.items() if resource.is_protected} == expected
        assert program["dynamodb.Table rates"].inputs["deletionProtectionEnabled"] is bool(expected)


def test_the_table_is_on_demand_encrypted_restorable_and_lets_superseded_documents_go() -> None:
    assert captured("dev")["dynamodb.Table rates"].inputs == {
        "billingMode": "PAY_PER_REQUEST",
        "hashKey": "pk",
        "attributes": [{"name": "pk", "type": "S"}],
        "ttl": {"attributeName": "expires_at", "enabled": True},
        "pointInTimeRecovery": {"enabled": True},
        "serverSideEncryption": {"enabled": True},
        "deletionProtectionEnabled": False,
    }


def test_the_dead_letters_are_a_standard_encrypted_queue_of_14_days() -> None:
    assert captured("dev")["sqs.Queue dead-letters"].inputs == {
        "messageRetentionSeconds": 14 * 86_400,
        "sqsManagedSseEnabled": True,
    }


def test_tracing_reaches_both_functions_and_the_stage() -> None:
    for program, mode in ((captured("dev"), "PassThrough"), (captured("dev", "tracing=true"), "Active")):
        functions = program.of("lambda.Function")
        assert [function.inputs["tracingConfig"] for function in functions] == [{"mode": mode}] * 2
        assert program["apigateway.Stage api"].inputs["xrayTracingEnabled"] is (mode == "Active")
