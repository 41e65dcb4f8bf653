"""The update function: its event, its result, its telemetry, and its patience with AWS."""

import traceback
from datetime import UTC, datetime
from typing import Any, Self

import pytest

from rates.source import FeedContentError
from rates.updating import plausibility
from rates.updating.plausibility import ImplausibleFeedError
from tests.history_files import HISTORY, NEXT, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import before_each_call, failing, items, only, timing_out
from tests.integration.feed_server import FeedServer, answer

FORCE = (
    "To publish the file anyway: aws lambda invoke --function-name arn:rates-update:live "
    """--cli-read-timeout 150 --cli-binary-format raw-in-base64-out --payload '{"force": true}' /dev/stdout"""
)


class Friday(datetime):
    """A `datetime` that is always Friday, 2025-01-03, 18:30 UTC."""

    @classmethod
    def now(cls, tz: Any = None) -> Self:
        """Return that time."""
        assert tz is UTC
        return cls(2025, 1, 3, 18, 30, tzinfo=UTC)


@pytest.fixture
def function(update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch) -> UpdateFunction:
    """Return the update function on that Friday."""
    monkeypatch.setattr(update_function.module, "datetime", Friday)
    return update_function


def test_the_result_and_the_log_describe_the_update(feed: FeedServer, function: UpdateFunction) -> None:
    feed.plan(answer(zipped(HISTORY)))
    done = {
        "date": "2025-01-03",
        "previous_date": "2025-01-02",
        "publications": 6,
        "years_written": ["2023", "2024", "2025"],
        "corrections": 0,
        "unexpected_dates": [],
        "restarts": 0,
        "feed_error": None,
        "at": "2025-01-03T18:30:00Z",
    }
    assert function() == done
    (line,) = function.printed()
    assert {name: line[name] for name in done} == done
    metrics = {one["Name"]: line[one["Name"]] for one in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert metrics == {
        "UpdatesSucceeded": 1,
        "Publications": 6,
        "YearsWritten": 3,
        "DataAge": 5400,  # the publication was due at 17:00
        "DataStale": 0,
    }
    assert 0 <= line["seconds"] < 60
    assert line["Stack"] == "test"
    assert line["event"] == {}


def test_the_log_has_no_metrics_block_if_metrics_are_disabled(
    feed: FeedServer, function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function.module, "SETTINGS", function.module.SETTINGS._replace(metrics=False))
    feed.plan(answer(zipped(HISTORY)))
    function()
    (line,) = function.printed()
    assert "_aws" not in line
    assert (line["UpdatesSucceeded"], line["Publications"]) == (1, 6)


def test_old_data_are_stale(feed: FeedServer, function: UpdateFunction) -> None:
    feed.plan(answer(zipped(HISTORY[:-1])))
    function()
    (line,) = function.printed()
    assert line["DataStale"] == 1
    assert line["DataAge"] == 5400 + 86_400


def test_the_age_of_data_is_not_negative(
    feed: FeedServer, function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publication may be read before the update time of its day."""
    later = function.module.SETTINGS._replace(update_time=datetime(2025, 1, 3, 22).time())  # noqa: DTZ001
    monkeypatch.setattr(function.module, "SETTINGS", later)
    feed.plan(answer(zipped(HISTORY)))
    function()
    assert function.printed()[0]["DataAge"] == 0


@pytest.mark.fault("An unknown key or a wrong value in the update's event")
@pytest.mark.parametrize("event", [{"forse": True}, {"force": "yes"}, {"force": True, "seeding": 1}])
def test_an_invalid_event_changes_nothing(
    feed: FeedServer, update_function: UpdateFunction, table: Any, event: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"^the event has .*; allowed are force and seeding") as raised:
        update_function(**event)
    assert list(event)[-1] in str(raised.value)
    (line,) = update_function.printed()
    assert (line["UpdatesSucceeded"], line["error"], line["event"]) == (0, "ValueError", event)
    assert items(table) == {}
    assert feed.requests == []


@pytest.mark.parametrize("event", [None, [1], "force"])
def test_an_event_that_is_no_object_is_refused_alike(update_function: UpdateFunction, event: object) -> None:
    with pytest.raises(ValueError, match=r"^the event is .*; allowed are force and seeding"):
        update_function.module.handler(event, update_function)


@pytest.fixture
def refusing(
    feed: FeedServer, update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> UpdateFunction:
    """Return the update function on a complete history, with a feed that is implausible."""
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    update_function.printed()

    def refuse(*_: object) -> list[str]:
        raise ImplausibleFeedError("swap", "GBP and USD look exchanged", "2025-01-06", "GBP", "0.83", "1.04")

    monkeypatch.setattr(plausibility, "check", refuse)
    feed.plan(answer(zipped((*HISTORY, NEXT))))
    return update_function


def test_an_expected_error_has_no_long_traceback(feed: FeedServer, update_function: UpdateFunction) -> None:
    feed.plan(answer(b"<html>captcha</html>", Content_Type="text/html"))
    with pytest.raises(FeedContentError, match=r"; text/html, b'<html>captcha</html>'$") as raised:
        update_function()
    assert len(traceback.format_exception(raised.value)) <= 6


@pytest.mark.fault("A file that looks wrong")
def test_a_refusal_names_the_command_to_force_it(refusing: UpdateFunction) -> None:
    with pytest.raises(ImplausibleFeedError) as raised:
        refusing()
    message = str(raised.value)
    for part in ("swap", "GBP", "2025-01-06", "0.83", "1.04"):
        assert part in message
    assert message.endswith(". " + FORCE)
    (line,) = refusing.printed()
    assert (line["UpdatesSucceeded"], line["error"]) == (0, "ImplausibleFeedError")
    assert line["message"] == message


def test_force_publishes_an_implausible_file(refusing: UpdateFunction) -> None:
    assert refusing(force=True)["date"] == NEXT.date


def test_a_tolerated_refusal_is_counted_and_named(refusing: UpdateFunction) -> None:
    summary = refusing(seeding=True)
    assert summary["feed_error"].startswith("swap: ")
    assert summary["feed_error"].endswith(FORCE)
    (line,) = refusing.printed()
    assert (line["UpdatesSucceeded"], line["feed_error"]) == (0, summary["feed_error"])


@pytest.mark.fault("AccessDenied for a new role")
def test_denied_calls_are_retried(feed: FeedServer, update_function: UpdateFunction) -> None:
    denied = failing("AccessDeniedException")
    until = update_function.clock.seconds + 20
    before_each_call(
        update_function.module.CLIENT,
        lambda **call: denied(**call) if update_function.clock.seconds < until else None,
    )
    feed.plan(answer(zipped(HISTORY)))
    assert update_function()["publications"] == 6
    assert update_function.clock.pauses == [3] * 7


def test_denied_calls_fail_after_a_minute(update_function: UpdateFunction, table: Any) -> None:
    before_each_call(update_function.module.CLIENT, failing("AccessDeniedException"))
    with pytest.raises(Exception, match="AccessDeniedException"):
        update_function()
    assert update_function.clock.pauses == [3] * 20
    (line,) = update_function.printed()
    assert (line["UpdatesSucceeded"], line["error"]) == (0, "ClientError")
    assert "AccessDeniedException" in line["message"]
    assert items(table) == {}


FAULTS = {
    "throttling": (failing("ThrottlingException"), "ThrottlingException"),
    "internal error": (failing("InternalServerError"), "InternalServerError"),
    "timeout": (timing_out, "ReadTimeoutError"),
}


@pytest.mark.fault("Throttling, internal errors and timeouts at any call of an update")
@pytest.mark.parametrize("operation", ["GetItem", "BatchGetItem", "PutItem", "TransactWriteItems"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_update_repairs_a_failed_one(
    feed: FeedServer, update_function: UpdateFunction, table: Any, fault: str, operation: str
) -> None:
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    update_function.printed()
    hook, error = FAULTS[fault]
    is_failing = [True]
    before_each_call(
        update_function.module.CLIENT, only(operation, lambda **call: hook(**call) if is_failing else None)
    )
    feed.plan(answer(zipped((*HISTORY, NEXT))))
    before = items(table)
    with pytest.raises(Exception, match=r".") as raised:
        update_function()
    assert type(raised.value).__name__ == error
    (line,) = update_function.printed()
    assert (line["UpdatesSucceeded"], line["error"]) == (0, error)
    assert items(table)["latest"] == before["latest"]
    is_failing.clear()
    assert update_function()["date"] == NEXT.date
    assert update_function.module.STORE.latest().publication == NEXT
