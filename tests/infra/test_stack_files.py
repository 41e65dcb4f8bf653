"""The tracked stack files are valid, also after users changed their values."""

import json

import pytest
import yaml

from infra import config
from tests.infra.stacks import NAME, PROJECT, defaults


@pytest.mark.parametrize("stack", ["dev", "prod", "local"])
def test_a_stack_file_is_valid(stack: str) -> None:
    content = yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
    own = {
        key.removeprefix(f"{NAME}:"): value
        for key, value in content["config"].items()
        if key.startswith(f"{NAME}:")
    }
    readable = {key: value for key, value in own.items() if not isinstance(value, dict)}  # others are secrets
    config.parse({**defaults(), **readable}.get, own)


def test_the_local_stack_calls_no_service_outside_this_machine() -> None:
    """Without the endpoint of one, `pulumi up` waits for the internet."""
    content = yaml.safe_load((PROJECT / "Pulumi.local.yaml").read_text(encoding="utf-8"))
    [endpoints] = content["config"]["aws:endpoints"]
    calls = json.loads((PROJECT / "tests" / "data" / "provider_calls.json").read_text(encoding="utf-8"))[
        "calls"
    ]
    services = {call.partition(".")[0].lower() for call in calls} - {"cloudwatchlogs"} | {"logs", "sts"}
    assert set(endpoints) == services
