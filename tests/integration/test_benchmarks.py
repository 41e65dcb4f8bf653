"""The benchmarks themselves, with one round each and without the gateway."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import __main__ as report
from benchmarks import costs
from benchmarks.bench_gateway import load
from tests.integration.feed_server import FeedServer, answer

PROJECT = Path(__file__).parents[2]
REQUESTS = tomllib.loads((costs.DATA / "requests.toml").read_text(encoding="utf-8"))
# Scripts read these keys, so they do not change.
KEYS = {
    *(f"warm.{request}.{figure}" for request in REQUESTS for figure in ("ms", "bytes")),
    *(f"first.{request}.{figure}" for request in REQUESTS for figure in ("ms", "calls", "read_units")),
    *(f"steady.{figure}" for figure in ("ms", "calls", "read_units", "answer_bytes")),
    *("steady.log_bytes", "steady.log_bytes_without_metrics"),
    *(f"cold.{start}.ms" for start in ("bare", "import", "first_answer")),
    *("cold.import.ratio", "cold.first_answer.ratio", "first.ecb_csv.ratio", "converter.ms"),
    *(
        f"update.{case}.{figure}"
        for case in ("seed", "unchanged", "changed", "year_end")
        for figure in ("ms", "read_units", "write_units", "table_bytes", "added_bytes")
    ),
}
GATEWAY = {f"gateway.latest-8.ratio_to_{other}" for other in ("empty", "scan")}


@pytest.mark.full
def test_quick_run_reports_every_figure_by_its_key(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "-k", "not gateway"]
    options = ["-p", "no:cacheprovider", "--benchmark-json", str(file)]
    # In a worker of pytest-xdist, only the first one writes the file.
    variables = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    done = subprocess.run(
        [*command, *options], cwd=PROJECT, env=variables, stdout=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    figures = report.figures(json.loads(file.read_text(encoding="utf-8")))

    assert figures.keys() == KEYS
    lines = done.stdout.splitlines()
    assert all(report.line(name, value) in lines for name, value in figures.items())

    # Counts are the same on every machine, so their floors hold here too.
    floors = report.FLOORS["at_most"].items()
    counted = {name: bound for name, bound in floors if name.endswith(("calls", "_units"))}
    assert {name for name, bound in counted.items() if figures[name] > bound} == set()

    # The page about costs uses the units of this code.
    units = {name: value for name, value in costs.MEASURED.items() if not name.endswith(".ms")}
    assert {name: figures[name] for name in units} == pytest.approx(units, rel=0.1)


def test_every_floor_belongs_to_a_figure() -> None:
    assert report.FLOORS["at_most"].keys() | report.FLOORS["at_least"].keys() <= KEYS | GATEWAY


def test_load_fails_if_an_answer_is_not_a_200(feed: FeedServer) -> None:
    feed.plan(answer(b"{}"))
    load(feed.url, connections=3, count=9)
    feed.plan(answer(b"{}", 404))
    with pytest.raises(OSError, match="404"):
        load(feed.url, connections=1, count=1)
