"""The benchmark itself, with as few rounds as there can be and without the embedded AWS."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import cold_start, gateway, in_process, updates
from benchmarks.load import Load, load

REQUESTS = (
    *("latest", "date", "pair", "year_usd", "year_all", "history_usd", "history_all", "history_all_usd"),
    *("changes", "changes_year", "latest_csv", "year_csv", "months", "weeks"),
)
PARTS = (
    *("api_gateway_rest", "lambda", "dynamodb", "logs", "metrics", "alarms", "dashboard", "data_transfer"),
    *("total", "total_with_http_api"),
)
# What is read by scripts, and so stays as it is.
KEYS = {
    *(f"warm.{request}.ms" for request in REQUESTS),
    *(f"first.{request}.{figure}" for request in REQUESTS for figure in ("ms", "calls", "read_units")),
    *("steady.latest.calls", "steady.latest.read_units"),
    *("cold.bare.ms", "cold.first_answer.ms", "cold.ratio"),
    *(
        f"update.{case}.{figure}"
        for case in ("seed", "unchanged", "changed")
        for figure in ("seconds", "read_units", "write_units")
    ),
    *("update.seed.peak_mb", "update.largest.write_units", "table.kb", "archive.kb"),
    *(
        f"gateway.{connections}.{function}.{figure}"
        for connections in (1, 8)
        for function in ("empty", "latest", "scan")
        for figure in ("per_second", "ms")
    ),
    *(f"gateway.{connections}.ratio_to_{other}" for connections in (1, 8) for other in ("empty", "scan")),
    *(f"cost.{size}.{part}.usd" for size in ("10k", "1m", "100m") for part in PARTS),
}
RATES = {"empty": 800.0, "latest": 640.0, "scan": 100.0}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One round each, and functions behind the gateway that answer at once."""
    monkeypatch.setattr(benchmarks, "isolate", lambda: None)
    monkeypatch.setattr(in_process, "BATCH_SECONDS", 0.0001)
    for module in (in_process, cold_start, updates, gateway):
        monkeypatch.setattr(module, "ROUNDS", 1)

    @contextmanager
    def deployed() -> Iterator[dict[str, str]]:
        yield {name: name for name in RATES}

    monkeypatch.setattr(gateway, "deployed", deployed)
    monkeypatch.setattr(gateway, "load", lambda url, *_: Load(RATES[url], 1.0))
    yield
    sys.modules.pop("get_rates", None)


@pytest.mark.usefixtures("hurried")
def test_it_measures_everything_and_writes_it_by_its_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, figures = tmp_path / "figures.svg", tmp_path / "figures.json"
    benchmarks.main(["--json", str(figures), "--plot", str(picture)])
    said = json.loads(figures.read_text())

    assert said["figures"].keys() == KEYS
    assert {figure["unit"] for key, figure in said["figures"].items() if key.endswith(".usd")} == {"USD"}
    assert said["figures"]["gateway.8.ratio_to_scan"] == {
        "value": 6.4,
        "unit": "x",
        "floor": 4.0,
        "ratio": 1.6,
        "reached": True,
    }
    assert said["figures"]["steady.latest.calls"]["value"] == 1
    assert said["figures"]["first.year_all.calls"]["value"] == 1
    assert said["figures"]["update.unchanged.write_units"]["value"] == 0
    assert said["prices"] == {"region": "us-east-1", "as_of": "2025-07"}

    texts = [element.text for element in ElementTree.parse(picture).iter() if element.tag.endswith("}text")]
    assert "640" in texts
    assert "Frankfurter v1" in texts

    printed = capsys.readouterr()
    assert said["machine"] in printed.out
    assert "8 connections: latest / a scan a request" in printed.out
    assert "cold start: round 1 of 1" in printed.err


@pytest.fixture
def server() -> Iterator[str]:
    """Answers /200 and /404 with these statuses."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(int(self.path[1:]))
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_load_counts_the_answers_of_all_its_connections(server: str) -> None:
    found = load(f"{server}/200", connections=3, seconds=0.05)
    assert found.requests_per_second > 3
    assert 0 < found.median_ms < 10_000


def test_a_load_is_an_error_where_an_answer_is_not_a_200(server: str) -> None:
    with pytest.raises(OSError, match="404"):
        load(f"{server}/404", connections=1, seconds=0.05)
