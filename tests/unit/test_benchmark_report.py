"""The benchmark's figures by their keys, and the floors that they are compared with."""

from typing import Any

import pytest

from benchmarks import __main__ as report


def benchmark(name: str, seconds: float, **extra_info: float) -> dict[str, Any]:
    """Return the part of pytest-benchmark's JSON that the report reads."""
    return {"name": name, "stats": {"median": seconds}, "extra_info": extra_info}


def test_figures_have_the_name_of_the_benchmark_and_its_parameter() -> None:
    run = {
        "benchmarks": [benchmark("bench_warm[latest]", 0.00005, bytes=437), benchmark("bench_steady", 1.5)]
    }
    assert report.figures(run) == {
        "warm.latest.ms": pytest.approx(0.05),
        "warm.latest.bytes": 437,
        "steady.ms": pytest.approx(1500),
    }


def test_ratio_is_reported_if_both_of_its_figures_are() -> None:
    bare, start = benchmark("bench_cold[bare]", 0.4), benchmark("bench_cold[import]", 0.1)
    assert report.figures({"benchmarks": [bare, start]})["cold.import.ratio"] == pytest.approx(0.25)
    assert "cold.import.ratio" not in report.figures({"benchmarks": [start]})


def test_ratio_of_the_gateway_compares_requests_per_second() -> None:
    ours = benchmark("bench_gateway[latest-8]", 0.5, per_second=600)
    scan = benchmark("bench_gateway[scan-8]", 2.0, per_second=150)
    found = report.figures({"benchmarks": [ours, scan]})
    assert found["gateway.latest-8.ratio_to_scan"] == pytest.approx(4)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("warm.latest.ms", 0.15, "0.150  <= 0.15"),
        ("warm.latest.ms", 0.151, "0.151  <= 0.15  MISSED"),
        ("gateway.latest-8.ratio_to_scan", 3.0, "3.000  >= 3"),
        ("gateway.latest-8.ratio_to_scan", 2.9, "2.900  >= 3  MISSED"),
        ("warm.latest.bytes", 1437.0, "1,437.000"),
    ],
)
def test_line_shows_the_floor_and_whether_it_is_reached(name: str, value: float, expected: str) -> None:
    line = report.line(name, value)
    assert line.startswith(name)
    assert line.endswith(f" {expected}")
