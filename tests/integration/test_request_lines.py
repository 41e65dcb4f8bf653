"""What the get function prints: one line a request, for the log and for the metrics."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rates import telemetry
from tests.integration.get_function import GetFunction


def test_every_request_prints_one_line_of_metrics(get_function: GetFunction) -> None:
    for url in ("/latest", "/nowhere", "/2024-05-13?format=csv", "/", "/%0A%0D\n\r\u2028x" * 99):
        answer = get_function(url, requestContext={"requestId": "c6af9ac6"})
        output = get_function.capsys.readouterr().out
        assert output.endswith("\n")
        assert len(output.splitlines()) == 1, url
        line = json.loads(output)
        check_metrics(line)
        assert (line["request"], line["status"]) == ("c6af9ac6", answer["statusCode"])
        assert len(line["path"]) <= 200


def check_metrics(line: dict[str, Any]) -> None:
    """What CloudWatch's embedded metric format asks for, and what the dashboard and the alarms look for."""
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "ExchangeRates"
    assert directive["Dimensions"] == [["Stack"]]
    assert line["Stack"] == "test"
    assert 1_700_000_000_000 < line["_aws"]["Timestamp"] < 10_000_000_000_000  # milliseconds since 1970
    assert 1 <= len(directive["Metrics"]) <= 10
    for metric in directive["Metrics"]:
        assert isinstance(line[metric["Name"]], int | float)
        assert metric["Unit"] in ("Bytes", "Count", "Milliseconds")


def test_the_metrics_say_what_happened(get_function: GetFunction) -> None:
    answers = [get_function(url) for url in ("/latest", "/latest", "/nowhere")]
    sizes = [len(answer["body"]) for answer in answers]
    first, second, wrong = map(json.loads, get_function.printed())
    assert [line[telemetry.CACHE_HITS] for line in (first, second)] == [0, 1]
    assert [line[telemetry.ANSWER_BYTES] for line in (first, second, wrong)] == sizes
    assert [line["status"] for line in (first, second, wrong)] == [200, 200, 404]
    assert 0 < second[telemetry.LATENCY] < 10_000


def test_a_thousand_requests_print_a_thousand_lines(get_function: GetFunction) -> None:
    for count in range(1000):
        get_function("/latest" if count % 3 else "/nowhere")
    lines = get_function.printed()
    assert len(lines) == 1000
    assert all(json.loads(line)[telemetry.LATENCY] > 0 for line in lines)


def test_both_functions_together_have_at_most_ten_metrics() -> None:
    assert len(telemetry.UNITS) <= 10


def test_lines_have_no_metrics_block_if_metrics_are_disabled(
    get_function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = get_function.module.SETTINGS._replace(metrics=False)
    monkeypatch.setattr(get_function.module, "SETTINGS", without)
    get_function("/latest")
    (line,) = map(json.loads, get_function.printed())
    assert "_aws" not in line
    assert line[telemetry.LATENCY] > 0
    assert line["status"] == 200
