"""Whatever the feed does, what is stored stays as it was, and what went wrong is raised, logged and
counted."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from rates.updating import feed as feed_module
from rates.updating import history_file
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT, archive, corrected, csv_text, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import items
from tests.integration.feed_server import FeedServer, Reply, answer, drip, reset, silence

NEXT_DAY = (*HISTORY, NEXT)
TEXT = csv_text(HISTORY)
FILE = zipped(NEXT_DAY)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FILE)
FUTURE = csv_text((*HISTORY, NEXT)).replace(NEXT.date, "2999-01-04")
WILD = corrected(NEXT_DAY, NEXT.date, USD="104.26")

# What the feed does, the error that this is, and how often it is asked.
FAULTS: dict[str, tuple[Reply, str, int]] = {
    "it does not answer": (silence, "FeedUnreachableError", 4),
    "it breaks off half way": (reset(HEAD + FILE[:100]), "FeedUnreachableError", 4),
    "it drips": (drip(HEAD, FILE), "FeedUnreachableError", 4),
    "403": (answer(b"", 403, Retry_After="1"), "FeedUnreachableError", 1),
    "429": (answer(b"", 429, Retry_After="1"), "FeedUnreachableError", 4),
    "429 for an hour": (answer(b"", 429, Retry_After="3600"), "FeedUnreachableError", 1),
    "500": (answer(b"", 500), "FeedUnreachableError", 4),
    "503": (answer(b"", 503), "FeedUnreachableError", 4),
    "a redirect to http": (answer(status=301, Location="http://a.example/"), "FeedUnreachableError", 1),
    "HTML": (answer(b"<!DOCTYPE html>", Content_Type="text/html"), "FeedContentError", 1),
    "an empty body": (answer(b""), "FeedUnreachableError", 4),
    "a truncated zip": (answer(FILE[:-40]), "FeedContentError", 1),
    "a zip bomb by ratio": (answer(archive(TEXT + "\n" * 500_000)), "FeedContentError", 1),
    "a zip bomb by size": (answer(archive(TEXT + "\n" * 20_000)), "FeedContentError", 1),
    "an endless answer": (answer(b"x" * 50_001), "FeedContentError", 1),
    "a wrong member": (answer(archive(TEXT, names=["other.csv"])), "FeedContentError", 1),
    "an extra member": (
        answer(archive(TEXT, "", names=[history_file.MEMBER, "other.csv"])),
        "FeedContentError",
        1,
    ),
    "no Date column": (answer(archive(TEXT.replace("Date", "Day"))), "FeedContentError", 1),
    "a date twice": (answer(archive(TEXT + TEXT.splitlines()[1])), "FeedContentError", 1),
    "a future date": (answer(archive(FUTURE)), "FeedContentError", 1),
    "a history that shrinks at its end": (answer(zipped(HISTORY[:-1])), "ImplausibleFeedError", 1),
    "a history that shrinks at its beginning": (answer(zipped(HISTORY[1:])), "ImplausibleFeedError", 1),
    "a negative rate": (answer(archive(TEXT.replace("1.0299", "-1.0299"))), "FeedContentError", 1),
    "a zero rate": (answer(archive(TEXT.replace("1.0299", "0.0000"))), "FeedContentError", 1),
    "a huge rate": (answer(archive(TEXT.replace("1.0299", "10299000000"))), "FeedContentError", 1),
    "a rate that is no number": (answer(archive(TEXT.replace("1.0299", "n/a"))), "FeedContentError", 1),
    "a rate of another magnitude": (answer(zipped(WILD)), "ImplausibleFeedError", 1),
    "a correction beyond belief": (
        answer(zipped(corrected(HISTORY, "2023-12-29", USD="1.5"))),
        "ImplausibleFeedError",
        1,
    ),
}  # fmt: skip


@pytest.fixture
def filled(
    feed: FeedServer, update_function: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> UpdateFunction:
    """The update function after a good day, with little patience in real time."""
    feed.plan(answer(zipped(HISTORY), ETag="good"))
    update_function()
    update_function.printed()
    monkeypatch.setattr(feed_module, "STEP_SECONDS", 0.1)
    monkeypatch.setattr(feed_module, "TRY_SECONDS", 0.2)
    monkeypatch.setattr(feed_module, "MAX_BYTES", 50_000)
    monkeypatch.setattr(history_file, "MAX_CSV_BYTES", 10_000)
    return update_function


def assert_failed(function: UpdateFunction, error: str, **event: Any) -> str:
    """It raises, prints one line, and that says so; returns the message."""
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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_feed_at_fault_changes_nothing_and_is_raised_logged_and_counted(
    feed: FeedServer, filled: UpdateFunction, table: Any, fault: str
) -> None:
    reply, error, tries = FAULTS[fault]
    before = items(table)
    feed.plan(reply)
    assert_failed(filled, error)
    assert len(feed.requests) == tries
    assert items(table) == before


def test_a_feed_that_refuses_changes_nothing_and_is_raised_logged_and_counted(
    filled: UpdateFunction, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    before = items(table)
    monkeypatch.setattr(socket, "create_connection", refused)
    assert "nobody listens" in assert_failed(filled, "FeedUnreachableError")
    assert items(table) == before


def test_a_feed_whose_name_is_unknown_changes_nothing_and_is_raised_logged_and_counted(
    filled: UpdateFunction, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    before = items(table)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "Name or service not known" in assert_failed(filled, "FeedUnreachableError")
    assert items(table) == before


HARMLESS = {
    "rows out of order": "".join(TEXT.splitlines(keepends=True)[line] for line in (0, 3, 1, 6, 2, 5, 4)),
    "another trailing column": TEXT.replace(",\n", ",,\n"),
    "a byte-order mark": "\ufeff" + TEXT,
    "CRLF": TEXT.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("variation", HARMLESS)
def test_another_way_to_write_the_same_history_changes_nothing_and_is_no_failure(
    feed: FeedServer, filled: UpdateFunction, table: Any, variation: str
) -> None:
    before = items(table)
    feed.plan(answer(archive(HARMLESS[variation])))
    assert filled()["years_written"] == []
    assert filled.printed()[0]["UpdatesSucceeded"] == 1
    assert items(table) == before


def test_a_new_currency_and_a_vanished_one_are_published(feed: FeedServer, filled: UpdateFunction) -> None:
    newest = corrected(NEXT_DAY, NEXT.date, GBP="", XYZ="12.5")
    feed.plan(answer(zipped(newest)))
    assert filled()["date"] == NEXT.date
    latest = filled.module.STORE.latest()
    assert latest.publication.rates == {"USD": "1.0426", "XYZ": "12.5"}


def test_a_feed_that_recovers_is_read_by_the_next_try(feed: FeedServer, filled: UpdateFunction) -> None:
    feed.plan(answer(status=503), answer(b""), answer(zipped(NEXT_DAY)))
    assert filled()["date"] == NEXT.date
    assert len(filled.clock.pauses) == 2


def test_a_feed_that_fails_while_a_whole_history_is_deployed_is_no_failure_but_is_counted(
    feed: FeedServer, filled: UpdateFunction
) -> None:
    feed.plan(answer(status=403))
    assert filled(seeding=True)["feed_error"] == "the feed answers with status 403"
    (line,) = filled.printed()
    assert (line["UpdatesSucceeded"], line["feed_error"]) == (0, "the feed answers with status 403")


def test_content_at_fault_fails_a_deployment_too(feed: FeedServer, filled: UpdateFunction) -> None:
    feed.plan(answer(b"<html>"))
    assert_failed(filled, "FeedContentError", seeding=True)


def test_force_does_not_publish_what_is_not_the_ecbs_file(feed: FeedServer, filled: UpdateFunction) -> None:
    feed.plan(answer(b"<html>"))
    assert_failed(filled, "FeedContentError", force=True)


def test_the_validators_of_another_url_are_never_sent(
    feed: FeedServer, filled: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = filled.module.SETTINGS._replace(feed_url=feed.url + "?other")
    monkeypatch.setattr(filled.module, "SETTINGS", other)
    feed.plan(answer(zipped(HISTORY), ETag="good"))
    filled()
    assert "If-None-Match" not in feed.requests[0].headers


def test_the_validators_are_sent_while_all_is_there_and_not_when_a_year_is_missing_or_force_is_used(
    feed: FeedServer, filled: UpdateFunction, table: Any
) -> None:
    feed.plan(answer(status=304))
    filled()
    assert feed.requests[0].headers["If-None-Match"] == "good"
    feed.plan(answer(zipped(HISTORY), ETag="good"))
    filled(force=True)
    key = next(key for key in items(table) if key.startswith("year#2024"))
    table.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
    filled()
    assert ["If-None-Match" in asked.headers for asked in feed.requests] == [False, False]
    assert key in items(table)
