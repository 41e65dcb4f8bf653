"""The resources of a stack, and those that each setting adds or removes."""

from __future__ import annotations

import pytest

from infra import gateway
from tests.infra.capture import REGION, captured
from tests.infra.stacks import CUSTOM_DOMAIN

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
        "traffic",
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
    "lambda.Invocation update-rates",
    "lambda.Alias update-rates",
    "lambda.Invocation get-rates",
    "lambda.Alias get-rates",
    "scheduler.ScheduleGroup update-schedule",
    "iam.Role update-schedule",
    "iam.RolePolicy update-schedule",
    "scheduler.Schedule daily",
    "scheduler.Schedule catch-up",
    "lambda.FunctionEventInvokeConfig update-schedule",
    "apigateway.RestApi api",
    "apigateway.Resource api",
    "apigateway.RestApiPolicy api",
    "apigateway.Method api-root",
    "apigateway.Method api-proxy",
    "apigateway.Integration api-root",
    "apigateway.Integration api-proxy",
    *(
        f"apigateway.Response api-{kind.lower().replace('_', '-')}"
        for kind in (*gateway.ERRORS, *gateway.OTHER_ERRORS)
    ),
    "apigateway.Deployment api",
    "apigateway.Stage api",
    "apigateway.Stage api-v2",
    "apigateway.MethodSettings api",
    "apigateway.MethodSettings api-v2",
    "lambda.Permission api",
    "lambda.Permission api-v2",
}
DOMAIN = {
    "apigateway.DomainName api",
    "apigateway.BasePathMapping api",
    "apigateway.BasePathMapping api-v2",
}
FIREWALL = {
    "wafv2.WebAcl firewall",
    "wafv2.WebAclAssociation firewall-v1",
    "wafv2.WebAclAssociation firewall-v2",
}
OUTPUTS = {
    "api_host",
    "api_url",
    "api_v2_url",
    "table_name",
    "update_function_name",
    "get_function_name",
    "log_groups",
    "dead_letter_queue_url",
    "seed_result",
}
GROUPS = ["update-rates-1234567", "get-rates-1234567"]


def test_dev_has_only_the_service() -> None:
    assert set(captured("dev").resources) == DEV


def test_prod_has_alarms_and_a_dashboard_too() -> None:
    assert set(captured("prod").resources) == DEV | ALARMS | {"cloudwatch.Dashboard dashboard"}


@pytest.mark.parametrize(
    ("overrides", "added", "removed"),
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
        (["events=true"], {"sns.Topic publications"}, set()),
        (["requestsPerAddress=500"], FIREWALL, set()),
        (["allowedAddresses=203.0.113.0/24"], set(), set()),
        (CUSTOM_DOMAIN, DOMAIN, set()),
        ((*CUSTOM_DOMAIN, "defaultEndpoint=false"), DOMAIN, set()),
        (["permissionsBoundary=arn:aws:iam::123456789012:policy/boundary"], set(), set()),
    ],
    ids=lambda value: value[0].partition("=")[0] if isinstance(value, list | tuple) else "",
)
def test_a_setting_changes_only_its_own_resources(
    overrides: list[str], added: set[str], removed: set[str]
) -> None:
    assert set(captured("dev", *overrides).resources) == (DEV | added) - removed


@pytest.mark.parametrize(
    ("stack", "overrides", "added"),
    [
        ("dev", (), set()),
        ("prod", (), {"alarm_topic_arn", "dashboard_url"}),
        ("dev", ("events=true",), {"publications_topic_arn"}),
        ("dev", CUSTOM_DOMAIN, {"domain_target", "domain_zone_id"}),
    ],
)
def test_only_enabled_parts_have_outputs(stack: str, overrides: tuple[str, ...], added: set[str]) -> None:
    assert set(captured(stack, *overrides).outputs) == OUTPUTS | added


def test_the_outputs_name_the_resources() -> None:
    outputs = captured("prod", "events=true").outputs
    console = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}"
    assert outputs == {
        "api_host": "invokeUrl of api",
        "api_url": "invokeUrl of api",
        "api_v2_url": "invokeUrl of api-v2",
        "table_name": "rates-1234567",
        "update_function_name": "update-rates-1234567",
        "get_function_name": "get-rates-1234567",
        "log_groups": GROUPS,
        "dead_letter_queue_url": "url of dead-letters",
        "publications_topic_arn": "arn:sns.Topic:publications",
        "alarm_topic_arn": "arn:sns.Topic:alarms",
        "dashboard_url": f"{console}#dashboards/dashboard/exchange-rates-prod-{REGION}",
        "seed_result": "result of update-rates",
    }


def test_access_logs_are_among_the_log_groups() -> None:
    assert captured("dev", "accessLogs=true").outputs["log_groups"] == [*GROUPS, "api-access-1234567"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_only_names_that_contain_the_stack_are_fixed(stack: str) -> None:
    """Pulumi names all other resources, with random digits at the end, so stacks never collide.

    An alias belongs to its function.
    """
    overrides = ("alarms=true", "dashboard=true", "accessLogs=true", "events=true", "requestsPerAddress=500")
    named = {
        resource.key: value
        for resource in captured(stack, *overrides).resources.values()
        for key, value in resource.inputs.items()
        if resource.kind != "lambda.Alias"
        and key in ("name", "namePrefix", "dashboardName", "functionName", "queueName", "statementId")
        and not value.endswith("-1234567")  # a reference to another resource
    }
    assert named == {"cloudwatch.Dashboard dashboard": f"exchange-rates-{stack}-{REGION}"}


def test_every_resource_belongs_to_a_component() -> None:
    optional = ("accessLogs=true", "alarmEmail=ops@example.com", "events=true", "requestsPerAddress=500")
    program = captured("prod", *CUSTOM_DOMAIN, *optional)
    parents = {resource.parent for resource in program.resources.values()}
    assert parents == set(program.components)


def test_every_log_group_belongs_to_the_stack_and_has_its_retention() -> None:
    names = ("update-rates", "get-rates", "api-access")
    for days, stack in ((7, "dev"), (365, "prod")):
        program = captured(stack, "accessLogs=true")
        groups = {group.name: group.inputs for group in program.of("cloudwatch.LogGroup")}
        assert groups == {name: {"retentionInDays": days} for name in names}
        written_to = {
            *(function.inputs["loggingConfig"]["logGroup"] for function in program.of("lambda.Function")),
            *(
                stage.inputs["accessLogSettings"]["destinationArn"]
                for stage in program.of("apigateway.Stage")
            ),
        }
        assert written_to == {*GROUPS, "arn:cloudwatch.LogGroup:api-access"}
        for settings in program.of("apigateway.MethodSettings"):
            # Otherwise API Gateway creates a log group of its own.
            assert settings.inputs["settings"]["loggingLevel"] == "OFF"
