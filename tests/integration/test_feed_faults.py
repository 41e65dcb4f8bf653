"""A feed at fault changes nothing in the table. The update raises, logs and counts the error."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from rates.updating import feed as feed_module
from rates.updating import history_file
from tests.history_files import HISTORY, NEXT, archive, corrected, csv_text, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import items
from tests.integration.feed_server import FeedServer, Reply, answer, drip, reset, silence

NEXT_DAY = (*HISTORY, NEXT)
TEXT = csv_text(HISTORY)
FILE = zipped(NEXT_DAY)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FILE)
FUTURE = csv_text(NEXT_DAY).replace(NEXT.date, "2999-01-04")
TWO_MEMBERS = archive(TEXT, "", names=[history_file.MEMBER, "other.csv"])

BUSY = pytest.mark.fault("429 and 503 with `Retry-After`")
BOMB = pytest.mark.fault("A zip bomb")
MEMBERS = pytest.mark.fault("Other members in the zip")
RATE = pytest.mark.fault("A negative, zero, huge or non-numeric rate")

# The reply of the feed, and the number of requests until the update gives up.
UNREACHABLE = [
    pytest.param(silence, 4, marks=pytest.mark.fault("The feed does not answer"), id="silence"),
    pytest.param(
        reset(HEAD + FILE[:100]), 4, marks=pytest.mark.fault("The answer breaks off"), id="breaks off"
    ),
    pytest.param(drip(HEAD, FILE), 4, marks=pytest.mark.fault("The answer drips"), id="drips"),
    # Conditional first, then without conditions.
    pytest.param(answer(b"", 403), 2, marks=pytest.mark.fault("403 and other permanent errors"), id="403"),
    pytest.param(answer(b"", 429, Retry_After="1"), 4, marks=BUSY, id="429"),
    pytest.param(answer(b"", 429, Retry_After="3600"), 1, marks=BUSY, id="429 for an hour"),
    pytest.param(answer(b"", 500), 4, marks=pytest.mark.fault("500, 503 and similar"), id="500"),
    pytest.param(answer(b"", 503), 4, id="503"),
    pytest.param(answer(b"", 301, Location="http://a.example/"), 1, id="redirect to http"),
    pytest.param(answer(b""), 4, marks=pytest.mark.fault("An empty body"), id="empty body"),
]
INVALID = [
    pytest.param(
        answer(b"<!DOCTYPE html>", Content_Type="text/html"),
        marks=pytest.mark.fault("200 with HTML"),
        id="HTML",
    ),
    pytest.param(
        answer(FILE[:-40]), marks=pytest.mark.fault("A truncated or damaged zip"), id="truncated zip"
    ),
    pytest.param(answer(archive(TEXT + "\n" * 500_000)), marks=BOMB, id="zip bomb by ratio"),
    pytest.param(answer(archive(TEXT + "\n" * 20_000)), marks=BOMB, id="zip bomb by size"),
    pytest.param(answer(b"x" * 50_001), id="endless answer"),
    pytest.param(answer(archive(TEXT, names=["other.csv"])), marks=MEMBERS, id="wrong member"),
    pytest.param(answer(TWO_MEMBERS), marks=MEMBERS, id="extra member"),
    pytest.param(
        answer(archive(TEXT.replace("Date", "Day"))),
        marks=pytest.mark.fault("No `Date` column"),
        id="no Date column",
    ),
    pytest.param(
        answer(archive(TEXT + TEXT.splitlines()[1])),
        marks=pytest.mark.fault("A date twice"),
        id="date twice",
    ),
    pytest.param(answer(archive(FUTURE)), marks=pytest.mark.fault("A future date"), id="future date"),
    pytest.param(answer(archive(TEXT.replace("1.0299", "-1.0299"))), marks=RATE, id="negative rate"),
    pytest.param(answer(archive(TEXT.replace("1.0299", "0.0000"))), marks=RATE, id="zero rate"),
    pytest.param(answer(archive(TEXT.replace("1.0299", "10299000000"))), marks=RATE, id="huge rate"),
    pytest.param(answer(archive(TEXT.replace("1.0299", "n/a"))), marks=RATE, id="non-numeric rate"),
]


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


@pytest.mark.parametrize(("reply", "requests"), UNREACHABLE)
def test_an_unreachable_feed_changes_nothing(
    feed: FeedServer, filled: UpdateFunction, table: Any, reply: Reply, requests: int
) -> None:
    before = items(table)
    feed.plan(reply)
    assert_failed(filled, "FeedUnreachableError")
    assert len(feed.requests) == requests
    assert items(table) == before


@pytest.mark.parametrize("reply", INVALID)
@pytest.mark.parametrize("event", [{}, {"force": True}], ids=["daily", "forced"])
def test_an_invalid_file_changes_nothing(
    feed: FeedServer, filled: UpdateFunction, table: Any, reply: Reply, event: dict[str, bool]
) -> None:
    before = items(table)
    feed.plan(reply)
    assert_failed(filled, "FeedContentError", **event)
    assert len(feed.requests) == 1
    assert items(table) == before


@pytest.mark.fault("The feed refuses the connection")
def test_a_refused_connection_changes_nothing(
    filled: UpdateFunction, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    before = items(table)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert "nobody listens" in assert_failed(filled, "FeedUnreachableError")
    assert items(table) == before


@pytest.mark.fault("The name of the feed's host does not resolve")
def test_a_name_that_does_not_resolve_changes_nothing(
    filled: UpdateFunction, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    before = items(table)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert "Name or service not known" in assert_failed(filled, "FeedUnreachableError")
    assert items(table) == before


HARMLESS = {
    "rows out of order": "".join(TEXT.splitlines(keepends=True)[line] for line in (0, 3, 1, 6, 2, 5, 4)),
    "another trailing column": TEXT.replace(",\n", ",,\n"),
    "a byte-order mark": "\ufeff" + TEXT,
    "CRLF": TEXT.replace("\n", "\r\n"),
}


@pytest.mark.fault("Another way to write the same file")
@pytest.mark.parametrize("variation", HARMLESS)
def test_another_way_to_write_the_file_changes_nothing(
    feed: FeedServer, filled: UpdateFunction, table: Any, variation: str
) -> None:
    before = items(table)
    feed.plan(answer(archive(HARMLESS[variation])))
    assert filled()["years_written"] == []
    assert filled.printed()[0]["UpdatesSucceeded"] == 1
    assert items(table) == before


@pytest.mark.fault("A new currency, an ended one")
def test_a_new_and_an_ended_currency_are_published(feed: FeedServer, filled: UpdateFunction) -> None:
    newest = corrected(NEXT_DAY, NEXT.date, GBP="", XYZ="12.5")
    feed.plan(answer(zipped(newest)))
    assert filled()["date"] == NEXT.date
    latest = filled.module.STORE.latest()
    assert latest.publication.rates == {"USD": "1.0426", "XYZ": "12.5"}


@pytest.mark.fault("The feed recovers between two tries")
def test_a_recovered_feed_is_read_by_the_next_try(feed: FeedServer, filled: UpdateFunction) -> None:
    feed.plan(answer(status=503), answer(b""), answer(zipped(NEXT_DAY)))
    assert filled()["date"] == NEXT.date
    assert len(filled.clock.pauses) == 2


@pytest.mark.fault("The feed fails while `pulumi up` seeds a complete table")
def test_a_tolerated_feed_error_is_logged_and_counted(feed: FeedServer, filled: UpdateFunction) -> None:
    feed.plan(answer(status=403))
    assert filled(seeding=True)["feed_error"] == "the feed answers with status 403"
    (line,) = filled.printed()
    assert (line["UpdatesSucceeded"], line["feed_error"]) == (0, "the feed answers with status 403")
