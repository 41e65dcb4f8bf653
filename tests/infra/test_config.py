"""The configuration is validated before anything is created, with one line for each error."""

import json

import pulumi
import pytest

from infra import config
from tests.infra.capture import captured, run
from tests.infra.stacks import CERTIFICATE, DECLARED, NAME, PULUMI_YAML, configuration, defaults

TYPES = {"string": str, "boolean": bool, "integer": int}


def parsed(**values: str | None) -> config.Settings:
    """Return the settings for Pulumi.yaml's defaults and these values."""
    return config.parse({**defaults(), **values}.get)


def refusal(**values: str | None) -> str:
    """Return the error for these values."""
    with pytest.raises(pulumi.RunError) as refused:
        parsed(**values)
    return str(refused.value)


def test_the_program_reads_exactly_the_declared_keys() -> None:
    read: list[str] = []

    def get(key: str) -> str:
        read.append(key)
        return defaults()[key]

    config.parse(get)
    assert read == list(DECLARED)


@pytest.mark.parametrize("key", DECLARED)
def test_a_key_has_a_type_a_default_of_it_and_a_description(key: str) -> None:
    spec = DECLARED[key]
    assert set(spec) == {"type", "default", "description"}
    assert type(spec["default"]) is TYPES[spec["type"]]
    assert spec["description"].endswith(".")


BOOLEANS = [key for key, spec in DECLARED.items() if spec["type"] == "boolean"]
FEED = "an https URL without a user name, or an http URL of a loopback address"
REFUSED = [
    ("updateTime", "5pm", "HH:MM in UTC"),
    ("updateTime", "24:00", "HH:MM in UTC"),
    ("updateTime", "17:60", "HH:MM in UTC"),
    ("updateTime", "17:00\n", "HH:MM in UTC"),
    ("updateTime", "990", "HH:MM in UTC"),
    ("updateTime", "15:29", "15:30 or later, because the ECB publishes at about 16:00 Frankfurt time"),
    ("updateTime", "19:00", "18:59 or earlier while catchUp is true"),
    ("feedUrl", "", FEED),
    ("feedUrl", "http://www.ecb.europa.eu/file.zip", FEED),
    ("feedUrl", "http://127.0.0.1.example/file.zip", FEED),
    ("feedUrl", "http://[::1", FEED),
    ("feedUrl", "https://feed.example:99999/", FEED),
    ("feedUrl", "https://", FEED),
    ("feedUrl", "https://feed.example/a file.zip", FEED),
    ("feedUrl", "https://user:secret@feed.example/", FEED),
    ("feedUrl", "ftp://127.0.0.1/", FEED),
    ("logRetentionDays", "31", "one of 1, 3, 5, 7, 14, 30,"),
    ("logRetentionDays", "0", "one of 1, 3, 5, 7, 14, 30,"),
    ("throttleRate", "0", "1 to 10000"),
    ("throttleRate", "10001", "1 to 10000"),
    ("throttleRate", "1e3", "1 to 10000"),
    ("throttleBurst", "0", "1 to 5000"),
    ("throttleBurst", "5001", "1 to 5000"),
    ("requestsPerAddress", "9", "0, or an integer from 10 to 2000000"),
    ("requestsPerAddress", "2000001", "0, or an integer from 10 to 2000000"),
    ("requestsPerAddress", "-1", "0, or an integer from 10 to 2000000"),
    ("trafficAlarmGigabytes", "0", "1 to 100000"),
    ("allowedAddresses", "203.0.113.1/24", "203.0.113.1/24 has host bits set"),
    ("allowedAddresses", "203.0.113.1", "a single address ends with /32 or /128"),
    ("allowedAddresses", "203.0.113.0/24,", "CIDR blocks separated by commas"),
    ("allowedAddresses", "office", "CIDR blocks separated by commas"),
    *((key, value, "true or false") for key in BOOLEANS for value in ("yes", "True", "")),
    ("alarmEmail", "ops", "an e-mail address or empty"),
    ("alarmEmail", "ops@example.com", "it needs alarms. Run `pulumi config set alarms true`."),
    ("runbookUrl", "docs/operations.md", "a URL without a fragment, or empty"),
    ("runbookUrl", "https://example.com/runbook#top", "a URL without a fragment, or empty"),
    ("domainName", "https://rates.example.com", "a domain name in lower case, or empty"),
    ("domainName", "Rates.example.com", "a domain name in lower case, or empty"),
    ("domainName", "rates.example.com", "Run `pulumi config set certificateArn <ARN>`."),
    ("certificateArn", "0123", "the ARN of an ACM certificate, or empty"),
    ("certificateArn", CERTIFICATE, "Run `pulumi config set domainName <name>`."),
    ("defaultEndpoint", "false", "Run `pulumi config set domainName <name>`."),
    ("permissionsBoundary", "boundary", "the ARN of an IAM policy, or empty"),
]


@pytest.mark.parametrize(("key", "value", "allowed"), REFUSED)
def test_an_invalid_value_is_refused_in_one_line(key: str, value: str, allowed: str) -> None:
    error = refusal(**{key: value})
    assert error.startswith(f"configuration: {key} is {value!r}; it ")
    assert allowed in error
    assert "Run `pulumi config set " in error
    assert "\n" not in error


@pytest.mark.parametrize("key", DECLARED)
def test_a_key_that_is_not_set_is_refused(key: str) -> None:
    assert refusal(**{key: None}).startswith(f"configuration: {key} is not set; it must be ")


def test_every_key_has_a_value_that_is_refused() -> None:
    assert {key for key, _, _ in REFUSED} == set(DECLARED)


@pytest.mark.parametrize(
    "values",
    [
        {"updateTime": "15:30"},
        {"updateTime": "18:59"},
        {"updateTime": "23:59", "catchUp": "false"},
        {"feedUrl": "http://127.0.0.1:8000/file.zip"},
        {"feedUrl": "http://localhost:8000/file.zip"},
        {"feedUrl": "http://[::1]:8000/file.zip"},
        {"logRetentionDays": "3653"},
        {"throttleRate": "10000", "throttleBurst": "5000"},
        {"throttleRate": "1", "throttleBurst": "1"},
        {"requestsPerAddress": "10"},
        {"allowedAddresses": "203.0.113.7/32, 2001:db8::/32"},
        {"requestsPerAddress": "2000000"},
        {"alarms": "true", "alarmEmail": "ops@example.com"},
        {"runbookUrl": "https://github.com/example/rates/blob/main/docs/operations.md"},
        {"domainName": "rates.example.com", "certificateArn": CERTIFICATE, "defaultEndpoint": "false"},
        {"permissionsBoundary": "arn:aws:iam::123456789012:policy/boundary"},
        {"permissionsBoundary": "arn:aws-cn:iam::aws:policy/PowerUserAccess"},
    ],
)
def test_a_valid_value_is_accepted(values: dict[str, str]) -> None:
    parsed(**values)


def test_an_unknown_key_is_refused_with_a_near_key() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        run("dev", {**configuration("dev"), f"{NAME}:thottleRate": "5"})
    assert str(refused.value) == (
        "configuration: thottleRate is '5'; this program has no such key (did you mean throttleRate?). "
        "Run `pulumi config rm thottleRate`."
    )


def test_an_unknown_key_from_the_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine passes the configuration to the program in this environment variable."""
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({f"{NAME}:alarmMail": "ops@example.com"}))
    with pytest.raises(pulumi.RunError, match=r"alarmMail is 'ops@example.com'.*did you mean alarmEmail"):
        run("dev", configuration("dev"))


def test_no_key_is_guessed_if_none_is_near() -> None:
    with pytest.raises(pulumi.RunError, match=r"this program has no such key\. Run"):
        run("dev", {**configuration("dev"), f"{NAME}:xyz": "5"})


def test_keys_of_other_namespaces_are_ignored() -> None:
    run("dev", {**configuration("dev"), "aws:profile": "somebody", "other:thottleRate": "5"})


def test_an_error_ends_the_run_before_any_resource() -> None:
    with pytest.raises(pulumi.RunError, match="protect is 'yes'"):
        captured("dev", "protect=yes")


@pytest.mark.parametrize("name", ["feature/x", "a.b", "", "x" * 25])
def test_a_stack_name_that_does_not_fit_is_refused(name: str) -> None:
    with pytest.raises(pulumi.RunError, match=r"the stack's name is .* 1 to 24 letters.*pulumi stack rename"):
        config.load(name)


def test_names_with_the_longest_stack_name_have_64_characters() -> None:
    """Roles, functions, schedules and their groups have this limit; other services allow longer names."""
    assert PULUMI_YAML["config"]["pulumi:autonaming"] == {
        "value": {"pattern": "${project}-${stack}-${name}-${hex(7)}"}
    }
    for key, resource in captured("prod").resources.items():
        if key.startswith(("iam.Role ", "lambda.Function ", "scheduler.")):
            assert len(f"{NAME}-{'x' * 24}-{resource.name}-1234567") <= 64


def test_all_tags_are_set_in_one_place() -> None:
    assert PULUMI_YAML["config"]["aws:defaultTags"] == {"value": {"tags": {"application": "exchange-rates"}}}
    for resource in captured("prod", "events=true", "requestsPerAddress=10").resources.values():
        assert "tags" not in resource.inputs
