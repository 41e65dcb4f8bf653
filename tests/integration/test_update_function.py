"""The update function's own part: what it says, what it waits for, and that a failure reaches everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rates.updating import feed as feed_module
from tests.history_files import HISTORY, NEXT, corrected, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import before_each_call, failing, items, only, timing_out
from tests.integration.feed_server import FeedServer, answer

FUNCTION_SECONDS = 120  # its timeout, of __main__


class Clock(datetime):
    """A `datetime` whose now is Friday, 2025-01-03, 18:30 UTC."""

    @classmethod
    def now(cls, tz: Any = None) -> Clock:
        """The moment."""
        assert tz is UTC
        return cls(2025, 1, 3, 18, 30, tzinfo=UTC)


def test_an_update_says_what_it_did(
    feed: FeedServer, update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_function.module, "datetime", Clock)
    feed.plan(answer(zipped(HISTORY)))
    done = {
        "date": "2025-01-03",
        "previous_date": "2025-01-02",
        "publications": 6,
        "years_written": ["2023", "2024", "2025"],
        "corrections": 0,
        "restarts": 0,
        "feed_error": None,
    }
    assert update_function() == done
    (line,) = update_function.printed()
    assert {name: line[name] for name in done} == done
    metrics = {
        metric["Name"]: line[metric["Name"]] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }
    # The publication was due at 17:00.
    assert metrics.pop("DataAge") == 5400
    assert metrics == {"UpdatesSucceeded": 1, "Publications": 6, "YearsWritten": 3, "DataStale": 0}
    assert 0 <= line["seconds"] < 60
    assert line["Stack"] == "test"
    assert line["event"] == {}


def test_old_data_are_called_stale(
    feed: FeedServer, update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_function.module, "datetime", Clock)
    feed.plan(answer(zipped(HISTORY[:-1])))
    update_function()
    (line,) = update_function.printed()
    assert line["DataStale"] == 1
    assert line["DataAge"] == 5400 + 86_400


def test_data_are_not_younger_than_nothing(
    feed: FeedServer, update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed is read at 18:30; where the stack's update time is later, what is new is not due yet."""
    monkeypatch.setattr(update_function.module, "datetime", Clock)
    later = update_function.module.SETTINGS._replace(update_time=datetime(2025, 1, 3, 22).time())  # noqa: DTZ001
    monkeypatch.setattr(update_function.module, "SETTINGS", later)
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    assert update_function.printed()[0]["DataAge"] == 0


def test_corrections_are_logged_rate_by_rate(feed: FeedServer, update_function: UpdateFunction) -> None:
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    update_function.printed()
    feed.plan(answer(zipped(corrected(HISTORY, "2023-12-29", USD="1.106", HRK="7.53"))))
    assert update_function()["corrections"] == 2
    line, *corrections = update_function.printed()
    assert line["corrections"] == 2
    assert corrections == [
        {"correction": {"date": "2023-12-29", "currency": "HRK", "was": "7.5345", "now": "7.53"}},
        {"correction": {"date": "2023-12-29", "currency": "USD", "was": "1.105", "now": "1.106"}},
    ]


@pytest.mark.parametrize(
    ("event", "is_published"), [({"force": True}, True), ({"force": "yes"}, False), ({}, False)]
)
def test_force_is_meant_only_where_it_is_said(
    feed: FeedServer, update_function: UpdateFunction, event: dict[str, Any], is_published: bool
) -> None:
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    feed.plan(answer(zipped(HISTORY[1:])))
    if is_published:
        assert update_function(**event)["publications"] == 5
    else:
        with pytest.raises(Exception, match="no longer has the publication of 2023-12-28"):
            update_function(**event)


def test_a_role_that_is_not_known_yet_is_waited_for(
    feed: FeedServer, update_function: UpdateFunction
) -> None:
    denied = failing("AccessDeniedException")
    until = update_function.clock.seconds + 20
    before_each_call(
        update_function.module.CLIENT,
        lambda **call: denied(**call) if update_function.clock.seconds < until else None,
    )
    feed.plan(answer(zipped(HISTORY)))
    assert update_function()["publications"] == 6
    assert update_function.clock.pauses == [3] * 7


def test_a_role_that_never_comes_is_waited_for_a_minute_and_raised(
    update_function: UpdateFunction, table: Any
) -> None:
    before_each_call(update_function.module.CLIENT, failing("AccessDeniedException"))
    with pytest.raises(Exception, match="AccessDeniedException"):
        update_function()
    assert update_function.clock.pauses == [3] * 20
    (line,) = update_function.printed()
    assert (line["UpdatesSucceeded"], line["error"]) == (0, "ClientError")
    assert "AccessDeniedException" in line["message"]
    assert items(table) == {}


def test_a_role_and_a_feed_that_both_take_their_time_leave_some_of_the_functions(
    update_function: UpdateFunction,
) -> None:
    waited = update_function.module.ACCESS_DENIED_SECONDS + feed_module.ALL_TRIES_SECONDS
    assert waited <= FUNCTION_SECONDS - 10


FAULTS = {
    "throttling": (failing("ThrottlingException"), "ThrottlingException"),
    "an internal error": (failing("InternalServerError"), "InternalServerError"),
    "no answer": (timing_out, "ReadTimeoutError"),
}


@pytest.mark.parametrize("operation", ["GetItem", "Scan", "BatchGetItem", "PutItem", "UpdateItem"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_update_that_dynamodb_fails_is_raised_logged_and_counted_and_is_made_good_by_the_next(
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
    assert (items(table)["latest"] == before["latest"]) == (operation != "UpdateItem")
    is_failing.clear()
    assert update_function()["date"] == NEXT.date
    assert update_function.module.STORE.latest().publication == NEXT
