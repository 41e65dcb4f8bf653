"""The helpers of the engine tests, tried on stacks that need no `pulumi` command."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.e2e.stack import ROOT, Commands, LocalStack
from tests.engine import contents
from tests.engine.changes import CHANGES, ELSEWHERE, EVERYTHING_ON
from tests.engine.poller import Poller
from tests.infra.capture import captured


@pytest.mark.full
def test_list_shows_each_resource_of_a_stack_with_everything_on(tmp_path: Path) -> None:
    options = [word for setting in EVERYTHING_ON for word in ("--config", setting)]
    stack = LocalStack.up(Commands(tmp_path / "state"), *options)
    try:
        listed = contents.listed(stack.aws)
    finally:
        stack.down()
    registered = Counter(resource.kind for resource in captured("dev", *EVERYTHING_ON).resources.values())
    listed["scheduler.ScheduleGroup"].discard("default")  # the emulator's own
    assert {kind: len(names) for kind, names in listed.items() if kind in registered} == {
        kind: count for kind, count in registered.items() if kind not in contents.PARTS
    }
    assert set(contents.PARTS) < set(registered)


def test_poller_records_statuses_and_broken_connections(local_stack: LocalStack) -> None:
    with Poller([f"{local_stack.api_url}/latest", f"{local_stack.api_url}/nothing"]) as poller:
        poller.wait(4)
    assert set(poller.failures) == {"404"}
    with Poller(["http://127.0.0.1:9/"]) as poller:
        pass
    assert set(poller.failures) == {"ConnectionError"}


def test_each_configuration_key_is_changed_by_an_engine_test_or_exempt() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    assert {key for key in declared if ":" not in key} == {*CHANGES, *ELSEWHERE}
    assert all(key in values for key, values in CHANGES.items())
