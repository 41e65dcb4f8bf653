"""The update during a deployment: what the stack tells of it, and the warning about a tolerated error."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pulumi
import pytest

from infra import seeding
from tests.infra.capture import capture_with_result

STARTED = datetime(2026, 10, 31, 12, tzinfo=UTC)


def result(error: str | None, at: datetime) -> str:
    """Return the answer of an update function."""
    return json.dumps({"feed_error": error, "at": at.isoformat()})


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the warnings that were printed."""
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lines.append)
    return lines


@pytest.mark.parametrize("seconds", [-5, 0, 30, 3600])
def test_a_tolerated_error_of_this_deployment_is_a_warning(said: list[str], seconds: int) -> None:
    seeding.warn(result("no answer", STARTED + timedelta(seconds=seconds)), STARTED)
    (warning,) = said
    assert "could not read the feed: no answer." in warning


@pytest.mark.parametrize(
    "answer",
    [
        result("no answer", STARTED - timedelta(seconds=6)),
        result(None, STARTED),
        json.dumps({"date": "2026-10-30"}),
        "null",
        "not JSON",
    ],
    ids=["of an earlier deployment", "without an error", "of earlier code", "empty", "of a mock"],
)
def test_there_is_no_warning_about_any_other_result(said: list[str], answer: str) -> None:
    seeding.warn(answer, STARTED)
    assert said == []


def test_the_output_has_the_date_the_counts_and_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"date": "2026-10-30", "publications": 7126, "corrections": 2, "feed_error": None}
    answer = json.dumps({**kept, "years_written": ["2025", "2026"], "at": STARTED.isoformat()})
    told = capture_with_result(monkeypatch, "update-rates", answer).outputs["seed_result"]
    assert json.loads(told) == {**kept, "years_written": 2}
    assert seeding.summary("not JSON") == "not JSON"


@pytest.mark.parametrize("preview", [False, True])
def test_only_a_deployment_prints_the_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, preview: bool
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
    with caplog.at_level(logging.WARNING):
        capture_with_result(monkeypatch, "update-rates", result("no answer", datetime.now(UTC)))
    assert ("could not read the feed" in caplog.text) is not preview
