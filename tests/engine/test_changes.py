"""Changes of a live stack by a real `pulumi` command, while a client polls the API."""

import json
import re

import pytest
import requests

from tests.engine.changes import CHANGES
from tests.engine.poller import Poller
from tests.engine.stack import EngineStack
from tests.infra.capture import captured

pytestmark = pytest.mark.engine

ENOUGH = 20  # answers after a change


def test_each_output_is_exported(stack: EngineStack) -> None:
    stack.up()
    assert set(stack.outputs()) == set(captured("dev").outputs)


def test_each_stage_answers_from_the_rates(stack: EngineStack) -> None:
    stack.up()
    urls = stack.urls()
    assert len(urls) == len([name for name in captured("dev").outputs if re.fullmatch("api_.*url", name)])
    for url in urls:
        answer = requests.get(url, timeout=10)
        assert (answer.status_code, "2026-10-30" in answer.text) == (200, True), answer.text


def test_repeated_up_ends_without_changes(stack: EngineStack) -> None:
    stack.up()
    # MiniStack echoes the stages imperfectly, so the next `up` may still change them.
    unchanged = ("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert any(stack.pulumi(*unchanged).returncode == 0 for _ in range(3))


@pytest.mark.parametrize("key", CHANGES)
def test_change_of_a_key_keeps_table_and_api_and_serves(stack: EngineStack, key: str) -> None:
    stack.up()
    before = stack.identity()
    with Poller(stack.urls()) as poller:
        stack.up(**CHANGES[key])
        poller.wait(ENOUGH)
    assert stack.identity() == before
    assert poller.failures == []


def test_feed_that_cannot_be_read_is_a_warning_on_a_live_stack(stack: EngineStack) -> None:
    """Changed code seeds again. Another feedUrl would not do: it must be readable."""
    stack.up()
    port = stack.aws.endpoint.rpartition(":")[2]
    fault = stack.directory.parent / "emulator" / port / "feed-fault"
    with (stack.directory / "functions" / "rates" / "__init__.py").open("a") as module:
        module.write("# changed\n")
    fault.write_text("503")
    try:
        with Poller(stack.urls()) as poller:
            printed = stack.up()
            poller.wait(ENOUGH)
    finally:
        fault.unlink()
        stack.git("restore", "functions")
    assert "The seeding could not read the feed" in printed
    assert json.loads(stack.outputs()["seed_result"])["feed_error"]
    assert poller.failures == []


def test_destroy_of_a_protected_stack_is_refused_and_deletes_nothing(stack: EngineStack) -> None:
    stack.up(protect="true")
    before = stack.contents()
    refused = stack.pulumi("destroy", "--yes")
    assert refused.returncode != 0, refused.stdout
    assert stack.contents() == before
