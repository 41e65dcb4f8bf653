"""The configurations of the tests' own stacks. They do not depend on the stack files, which users change."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
PULUMI_YAML = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))
NAME = PULUMI_YAML["name"]
# The typed keys of the project, with type, default and description.
DECLARED: dict[str, dict[str, Any]] = {
    key: spec for key, spec in PULUMI_YAML["config"].items() if ":" not in key
}

STACKS = {
    "dev": {"logRetentionDays": "7"},
    "prod": {"protect": "true", "logRetentionDays": "365", "alarms": "true", "dashboard": "true"},
}
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123"
CUSTOM_DOMAIN = ("domainName=rates.example.com", f"certificateArn={CERTIFICATE}")


def defaults() -> dict[str, str]:
    """Return the default of each key as text, as the engine passes it."""
    return {
        key: spec["default"] if isinstance(spec["default"], str) else json.dumps(spec["default"])
        for key, spec in DECLARED.items()
    }


def configuration(stack: str, overrides: Iterable[str] = ()) -> dict[str, str]:
    """Return the configuration of a stack by full key; each override is `KEY=VALUE`."""
    changed = dict(override.split("=", 1) for override in overrides)
    values = {**defaults(), **STACKS[stack], **changed}
    return {"aws:region": "eu-central-1", **{f"{NAME}:{key}": value for key, value in values.items()}}
