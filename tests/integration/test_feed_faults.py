"""A feed at fault changes nothing in the table. The update raises, logs and counts the error."""

from typing import Any

import pytest

from rates.updating import feed as feed_module
from rates.updating import history_file
from tests.history_files import HISTORY, NEXT, archive, csv_text, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import items
from tests.integration.feed_server import FeedServer, answer, silence

FUTURE = csv_text((*HISTORY, NEXT)).replace(NEXT.date, "2999-01-04")

# The reply of the feed, and the number of requests until the update gives up. test_feed_retries.py has all
# replies that make a feed unreachable, test_history_file.py and test_history_archive.py all invalid files.
UNREACHABLE = {
    "no answer": (silence, 4),
    "403": (answer(b"", 403), 2),  # conditional first, then without conditions
    "429 for an hour": (answer(b"", 429, Retry_After="3600"), 1),
}
INVALID = {
    "HTML": answer(b"<!DOCTYPE html>", Content_Type="text/html"),
    "endless": answer(b"x" * 50_001),
    "zip bomb": answer(archive(csv_text(HISTORY) + "\n" * 500_000)),
    "future date": answer(archive(FUTURE)),
}


@pytest.fixture
def filled(
    feed: FeedServer, update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> UpdateFunction:
    """Return the update function after a good day, with short time limits."""
    feed.plan(answer(zipped(HISTORY), ETag="good"))
    update_function()
    update_function.printed()
    monkeypatch.setattr(feed_module, "STEP_SECONDS", 0.1)
    monkeypatch.setattr(feed_module, "TRY_SECONDS", 0.2)
    monkeypatch.setattr(feed_module, "MAX_BYTES", 50_000)
    monkeypatch.setattr(history_file, "MAX_CSV_BYTES", 10_000)
    return update_function


def assert_failed(function: UpdateFunction, error: str, **event: Any) -> str:
    """Run an update that raises an error and prints one line with it. Return its message."""
    with pytest.raises(Exception, match=r".") as raised:
        function(**event)
    assert type(raised.value).__name__ == error
    (line,) = function.printed()
    assert line["UpdatesSucceeded"] == 0
    assert (line["error"], line["message"], line["event"]) == (error, str(raised.value), event)
    assert line["seconds"] >= 0
    assert [metric["Name"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]] == [
        "UpdatesSucceeded"
    ]
    return str(raised.value)


@pytest.mark.parametrize("fault", UNREACHABLE)
def test_an_unreachable_feed_changes_nothing(
    feed: FeedServer, filled: UpdateFunction, table: Any, fault: str
) -> None:
    before = items(table)
    reply, requests = UNREACHABLE[fault]
    feed.plan(reply)
    assert_failed(filled, "FeedUnreachableError")
    assert len(feed.requests) == requests
    assert items(table) == before


@pytest.mark.parametrize("fault", INVALID)
@pytest.mark.parametrize("event", [{}, {"force": True}], ids=["daily", "forced"])
def test_an_invalid_file_changes_nothing(
    feed: FeedServer, filled: UpdateFunction, table: Any, fault: str, event: dict[str, bool]
) -> None:
    before = items(table)
    feed.plan(INVALID[fault])
    assert_failed(filled, "FeedContentError", **event)
    assert len(feed.requests) == 1
    assert items(table) == before
