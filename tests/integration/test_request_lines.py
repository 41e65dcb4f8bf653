"""The log line of each request to the get function, and its metrics."""

import json
from datetime import UTC, datetime
from typing import Any, Self

import pytest

from rates import telemetry
from rates.serving import service
from rates.serving.proxy import Response
from rates.serving.reader import Report
from tests.integration.dynamodb_server import refusal
from tests.integration.get_function import GetFunction

PER_REQUEST = {telemetry.LATENCY, telemetry.ANSWER_BYTES}
PER_READ = {telemetry.CACHE_HITS, telemetry.DATA_STALE}


def metrics_of(line: dict[str, Any]) -> set[str]:
    """Return the names of the metrics that CloudWatch reads from a line."""
    return {metric["Name"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}


def test_each_request_prints_one_line(get_function: GetFunction) -> None:
    for url in ("/latest", "/nowhere", "/2024-05-13?format=csv", "/", "/%0A%0D\n\r\u2028x" * 99):
        payload = get_function(url, requestContext={"requestId": "c6af9ac6"})
        output = get_function.capsys.readouterr().out
        assert output.endswith("\n")
        assert len(output.splitlines()) == 1, url
        line = json.loads(output)
        check_metrics(line)
        assert (line["request"], line["status"]) == ("c6af9ac6", payload["statusCode"])
        assert len(line["path"]) <= 200


def check_metrics(line: dict[str, Any]) -> None:
    """Check CloudWatch's embedded metric format, and the names that the alarms use."""
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "ExchangeRates"
    assert directive["Dimensions"] == [["Stack"]]
    assert line["Stack"] == "test"
    assert 1_700_000_000_000 < line["_aws"]["Timestamp"] < 10_000_000_000_000  # milliseconds since 1970
    assert 1 <= len(directive["Metrics"]) <= 10
    for metric in directive["Metrics"]:
        assert isinstance(line[metric["Name"]], int | float)
        assert metric["Unit"] in ("Bytes", "Count", "Milliseconds")


def test_metrics_describe_the_request(get_function: GetFunction) -> None:
    answers = [get_function(url) for url in ("/latest", "/latest", "/nowhere")]
    first, second, wrong = get_function.lines()
    assert [line[telemetry.CACHE_HITS] for line in (first, second)] == [0, 1]
    assert [line["reads"] for line in (first, second, wrong)] == [1, 0, 0]
    sizes = [len(answer["body"]) for answer in answers]
    assert [line[telemetry.ANSWER_BYTES] for line in (first, second, wrong)] == sizes
    assert [line["status"] for line in (first, second, wrong)] == [200, 200, 404]
    assert 0 < second[telemetry.LATENCY] < 10_000


def test_answer_bytes_count_the_encoded_body(
    get_function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "respond", lambda *_: (Response(200, {}, "å"), Report()))
    get_function("/currencies")
    (line,) = get_function.lines()
    assert line[telemetry.ANSWER_BYTES] == 2


@pytest.mark.fault("A publication is overdue")
def test_data_stale_is_measured_by_requests_that_read(get_function: GetFunction) -> None:
    """A probe of `/` must not report data that were current when it was started."""
    read = ["/latest", "/1998-01-01", "/latest?symbols=XYZ", "/status"]
    no_read = ["/", "/openapi.json", "/nowhere", "/latest?amount=x", "/2024-02-30"]
    for url in [*read, *no_read]:
        get_function(url)
    lines = get_function.lines()
    assert [metrics_of(line) for line in lines[: len(read)]] == [PER_REQUEST | PER_READ] * len(read)
    assert [metrics_of(line) for line in lines[len(read) :]] == [PER_REQUEST] * len(no_read)


def test_unavailable_history_is_neither_hit_nor_stale(get_function: GetFunction) -> None:
    get_function.dynamodb.plan(refusal("AccessDeniedException"))
    _, _, line = get_function.get("/latest")
    assert metrics_of(line) == PER_REQUEST
    assert line["reads"] == 1


@pytest.mark.parametrize(("hour", "stale"), [(18, 0), (19, 1)])
def test_data_stale_compares_the_data_with_the_calendar(
    get_function: GetFunction, monkeypatch: pytest.MonkeyPatch, hour: int, stale: int
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls(2026, 11, 2, hour - 1, 59, tzinfo=tz or UTC)  # a Monday; the data are of Friday

    monkeypatch.setattr(get_function.module, "datetime", Clock)
    get_function("/latest")
    (line,) = get_function.lines()
    assert line[telemetry.DATA_STALE] == stale


def test_both_functions_together_have_at_most_ten_metrics() -> None:
    assert len(telemetry.UNITS) <= 10


def test_lines_have_no_metrics_block_if_metrics_are_disabled(
    get_function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = get_function.module.SETTINGS._replace(metrics=False)
    monkeypatch.setattr(get_function.module, "SETTINGS", without)
    _, _, line = get_function.get("/latest")
    assert "_aws" not in line
    assert line[telemetry.LATENCY] > 0
    assert line["status"] == 200
