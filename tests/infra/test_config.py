"""The configuration is checked at the door, and an error names the key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
import yaml

from infra import config
from tests.infra.capture import PROJECT, captured

DECLARED = {
    key: spec
    for key, spec in yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())["config"].items()
    if ":" not in key
}
TYPES = {"string": str, "boolean": bool, "integer": int}


def parsed(**values: str | None) -> config.Settings:
    """The settings with Pulumi.yaml's defaults and these values."""

    def text(default: object) -> str:
        return str(default).lower() if isinstance(default, bool) else str(default)

    known: dict[str, str | None] = {key: text(spec["default"]) for key, spec in DECLARED.items()}
    return config.parse({**known, **values}.get)


def test_the_defaults_are_allowed() -> None:
    assert parsed() == config.Settings(
        update_time="17:00",
        catch_up=True,
        feed_url="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
        log_retention_days=30,
        throttle_rate=100,
        throttle_burst=200,
        protect=False,
        alarms=False,
        alarm_email="",
        dashboard=False,
        access_logs=False,
        tracing=False,
        domain_name="",
        certificate_arn="",
    )


def test_every_key_that_is_declared_is_read_and_the_other_way_round() -> None:
    read: list[str] = []

    def get(key: str) -> str:
        read.append(key)
        return str(DECLARED[key]["default"]).lower() if key != "feedUrl" else "https://feed.example/"

    config.parse(get)
    assert sorted(read) == sorted(DECLARED)


@pytest.mark.parametrize("key", DECLARED)
def test_every_key_has_a_type_a_default_of_it_and_a_description(key: str) -> None:
    spec = DECLARED[key]
    assert set(spec) == {"type", "default", "description"}
    assert type(spec["default"]) is TYPES[spec["type"]]
    assert spec["description"].endswith(".")


@pytest.mark.parametrize("stack", ["dev", "prod", "local"])
def test_a_stack_sets_nothing_that_is_not_declared(stack: str) -> None:
    values = yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text())["config"]
    assert {key.partition(":")[2] for key in values if key.startswith("exchange-rates:")} <= set(DECLARED)


BOOLEANS = [key for key, spec in DECLARED.items() if spec["type"] == "boolean"]
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123"
REFUSED = [
    ("updateTime", "5pm", "HH:MM in UTC"),
    ("updateTime", "24:00", "HH:MM in UTC"),
    ("updateTime", "17:60", "HH:MM in UTC"),
    ("updateTime", "17:00\n", "HH:MM in UTC"),
    ("updateTime", "19:00", "must be before 19:00 while catchUp is true"),
    ("feedUrl", "http://www.ecb.europa.eu/file.zip", "https"),
    ("feedUrl", "http://127.0.0.1.example/file.zip", "https"),
    ("feedUrl", "https://", "https"),
    ("feedUrl", "https://user:secret@feed.example/", "without a user name"),
    ("feedUrl", "ftp://feed.example/", "https"),
    ("logRetentionDays", "31", "1, 3, 5, 7, 14, 30"),
    ("logRetentionDays", "0", "1, 3, 5, 7, 14, 30"),
    ("throttleRate", "0", "1 to 10000"),
    ("throttleRate", "10001", "1 to 10000"),
    ("throttleRate", "1e3", "1 to 10000"),
    ("throttleBurst", "0", "1 to 5000"),
    ("throttleBurst", "5001", "1 to 5000"),
    *((key, value, "true or false") for key in BOOLEANS for value in ("yes", "True", "")),
    ("alarmEmail", "ops", "an e-mail address, or empty"),
    ("alarmEmail", "ops@example.com", "needs alarms: true"),
    ("domainName", "https://rates.example.com", "a domain name in lower case, or empty"),
    ("domainName", "Rates.example.com", "a domain name in lower case, or empty"),
    ("domainName", "rates.example.com", "certificateArn go together"),
    ("certificateArn", "0123", "the ARN of an ACM certificate, or empty"),
    ("certificateArn", CERTIFICATE, "certificateArn go together"),
]


@pytest.mark.parametrize(("key", "value", "allowed"), REFUSED)
def test_what_is_not_allowed_is_refused_by_name(key: str, value: str, allowed: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        parsed(**{key: value})
    assert key in str(refused.value)
    assert allowed in str(refused.value)


@pytest.mark.parametrize("key", DECLARED)
def test_a_key_that_is_not_set_is_refused_by_name(key: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"configuration: {key} must be .*; it is not set"):
        parsed(**{key: None})


def test_every_key_has_a_value_that_is_refused() -> None:
    assert {key for key, _, _ in REFUSED} == set(DECLARED)


@pytest.mark.parametrize(
    "values",
    [
        {"updateTime": "18:59"},
        {"updateTime": "23:59", "catchUp": "false"},
        {"updateTime": "00:00"},
        {"feedUrl": "http://127.0.0.1:8000/file.zip"},
        {"feedUrl": "http://localhost:8000/file.zip"},
        {"feedUrl": "http://[::1]:8000/file.zip"},
        {"logRetentionDays": "3653"},
        {"throttleRate": "10000", "throttleBurst": "5000"},
        {"throttleRate": "1", "throttleBurst": "1"},
        {"alarms": "true", "alarmEmail": "ops@example.com"},
        {"domainName": "rates.example.com", "certificateArn": CERTIFICATE},
    ],
)
def test_what_is_allowed_is_taken(values: dict[str, str]) -> None:
    parsed(**values)


@pytest.mark.parametrize("name", ["feature/x", "a.b", "", "x" * 25])
def test_a_stacks_name_that_would_not_fit_into_names_is_refused(name: str) -> None:
    with pytest.raises(pulumi.RunError, match=r"the stack's name is part of .* at most 24 letters"):
        config.load(pulumi.Config("exchange-rates"), name)


def test_names_with_the_longest_stack_name_stay_within_64_characters() -> None:
    """The limit of roles, functions, schedules and their groups; other services allow more."""
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    assert project["config"]["pulumi:autonaming"] == {
        "value": {"pattern": "${project}-${stack}-${name}-${hex(7)}"}
    }
    for key, resource in captured("prod").resources.items():
        if key.startswith(("iam.Role ", "lambda.Function ", "scheduler.")):
            assert len(f"{project['name']}-{'x' * 24}-{resource.name}-1234567") <= 64


def test_an_error_says_how_the_value_is_changed() -> None:
    with pytest.raises(pulumi.RunError, match=r"`pulumi config set protect <value>`"):
        parsed(protect="yes")


def test_prod_is_protected_watched_and_kept_longer_than_dev() -> None:
    settings = {
        stack: yaml.safe_load(Path(PROJECT / f"Pulumi.{stack}.yaml").read_text())["config"]
        for stack in ("dev", "prod")
    }
    for key in ("protect", "alarms", "dashboard"):
        assert settings["prod"][f"exchange-rates:{key}"] is True
        assert f"exchange-rates:{key}" not in settings["dev"]  # the default is off
    days = "exchange-rates:logRetentionDays"
    assert settings["prod"][days] > settings["dev"][days]


def test_every_taggable_resource_gets_the_projects_tags_in_one_place() -> None:
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    assert project["config"]["aws:defaultTags"] == {"value": {"tags": {"application": "exchange-rates"}}}
    for stack in ("dev", "prod", "local"):
        stack_file = yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text())
        assert "aws:defaultTags" not in stack_file["config"]
        assert not [key for key, resource in captured(stack).resources.items() if "tags" in resource.inputs]
