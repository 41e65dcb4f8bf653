"""The kinds of resources that each setting adds, their names and their components."""

import pytest

from tests.infra.capture import REGION, captured
from tests.infra.stacks import CUSTOM_DOMAIN

ALARMS = {"cloudwatch.MetricAlarm", "sns.Topic", "sns.TopicPolicy"}
DOMAIN = {"apigateway.DomainName", "apigateway.BasePathMapping"}
FIREWALL = {"wafv2.WebAcl", "wafv2.WebAclAssociation"}


@pytest.mark.parametrize(
    ("overrides", "added"),
    [
        (["catchUp=false"], set()),
        (["alarms=true"], ALARMS),
        (["alarms=true", "alarmEmail=ops@example.com"], {*ALARMS, "sns.TopicSubscription"}),
        (["dashboard=true"], {"cloudwatch.Dashboard"}),
        (["accessLogs=true"], {"cloudwatch.LogGroup"}),
        (["tracing=true"], set()),
        (["protect=true"], set()),
        (["events=true"], {"sns.Topic"}),
        (["requestsPerAddress=500"], FIREWALL),
        (["allowedAddresses=203.0.113.0/24"], set()),
        (CUSTOM_DOMAIN, DOMAIN),
        ((*CUSTOM_DOMAIN, "defaultEndpoint=false"), DOMAIN),
        (["permissionsBoundary=arn:aws:iam::123456789012:policy/boundary"], set()),
    ],
    ids=lambda value: value[0].partition("=")[0] if isinstance(value, list | tuple) else "",
)
def test_a_setting_adds_only_its_own_kinds_of_resources(overrides: list[str], added: set[str]) -> None:
    dev, changed = captured("dev").resources, captured("dev", *overrides).resources
    assert {resource.kind for key, resource in changed.items() if key not in dev} == added
    removed = {"scheduler.Schedule catch-up"} if overrides == ["catchUp=false"] else set()
    assert dev.keys() - changed.keys() == removed


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
