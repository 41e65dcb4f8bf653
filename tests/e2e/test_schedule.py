"""The scheduler of the local stack runs the update, under a shifted clock."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stack import Commands, LocalStack

FAKETIME = shutil.which("faketime")
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed (Debian: faketime)"),
]
BEFORE = timedelta(seconds=40)  # more than a deployment takes
PATIENCE_SECONDS = 60  # after the time of the update


@pytest.fixture
def shortly_before_five(tmp_path: Path) -> Iterator[LocalStack]:
    """A stack whose clock will soon show 17:00 UTC."""
    now = datetime.now(UTC)
    start = now.replace(hour=17, minute=0, second=0, microsecond=0) - BEFORE
    if start < now:  # a clock set back could make the monotonic clock negative
        start += timedelta(days=1)
    offset = f"{(start - now).total_seconds():+.0f}s"
    preload = subprocess.run(
        [FAKETIME or "", "-m", "-f", offset, "printenv", "LD_PRELOAD"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    shifted = {"LD_PRELOAD": preload, "FAKETIME": offset}
    stack = LocalStack.up(Commands(tmp_path / "state", variables=shifted))
    yield stack
    stack.down()


def test_scheduler_runs_the_update_at_five(shortly_before_five: LocalStack) -> None:
    deadline = time.monotonic() + BEFORE.total_seconds() + PATIENCE_SECONDS
    while not (runs := scheduled_runs(shortly_before_five)):
        assert time.monotonic() < deadline, "no update ran"
        time.sleep(0.5)
    [run] = runs
    at = datetime.fromisoformat(run["at"])
    assert (at.hour, at.minute) == (17, 0)
    assert run["UpdatesSucceeded"] == 1
    assert run["years_written"] == []  # the seeding had written them


def scheduled_runs(stack: LocalStack) -> list[dict[str, Any]]:
    """Return the log lines of the updates that the scheduler started, which have its event."""
    logs = stack.client("logs")
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs["update_function_name"]
    )
    events = logs.filter_log_events(logGroupName=function["LoggingConfig"]["LogGroup"])["events"]
    lines = [json.loads(event["message"]) for event in events if event["message"].startswith("{")]
    return [line for line in lines if line.get("event") == {}]
