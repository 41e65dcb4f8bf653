"""`python -m benchmarks`: run the benchmarks with pytest-benchmark, and compare them with the floors."""

import argparse
import json
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.environment import isolate

FOLDER = Path(__file__).parent
FLOORS = tomllib.loads((FOLDER / "data" / "floors.toml").read_text(encoding="utf-8"))
DESCRIPTION = """\
Measures the service on this machine: answers in this process, cold starts, updates, and requests through
the local gateway beside an empty and a scanning function. Takes about three minutes; leave the machine idle.
Other options go to pytest, for example: -k warm, --benchmark-compare=FILE."""
QUICK = ["--benchmark-min-time=0.00001", "--benchmark-max-time=0.00001", "--benchmark-min-rounds=1"]
RATIOS = {  # a figure, and the figure that it is divided by
    "cold.import.ratio": ("cold.import.ms", "cold.bare.ms"),
    "cold.first_answer.ratio": ("cold.first_answer.ms", "cold.bare.ms"),
    "first.ecb_csv.ratio": ("first.ecb_csv.ms", "converter.ms"),
    "gateway.latest-8.ratio_to_empty": ("gateway.latest-8.per_second", "gateway.empty-8.per_second"),
    "gateway.latest-8.ratio_to_scan": ("gateway.latest-8.per_second", "gateway.scan-8.per_second"),
}


def main(arguments: list[str]) -> int:
    """Measure and print the report. Returns pytest's exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=DESCRIPTION, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one round of each, to test the benchmarks")
    parser.add_argument("--benchmark-json", type=Path, metavar="FILE", help="keep the figures of this run")
    options, others = parser.parse_known_args(arguments)
    isolate()
    with tempfile.TemporaryDirectory() as folder:
        file = options.benchmark_json or Path(folder) / "figures.json"
        own = ["-c", str(FOLDER / "pytest.ini"), str(FOLDER), f"--benchmark-json={file}"]
        status = pytest.main([*own, *(QUICK if options.quick else []), *others])
        if file.exists() and file.stat().st_size:
            for name, value in figures(json.loads(file.read_text(encoding="utf-8"))).items():
                print(line(name, value))
    return int(status)


def figures(run: Mapping[str, Any]) -> dict[str, float]:
    """Return every figure in pytest-benchmark's JSON by a stable key, and the ratios between them."""
    found: dict[str, float] = {}
    for benchmark in run["benchmarks"]:
        key = benchmark["name"].removeprefix("bench_").replace("[", ".").rstrip("]")
        found[f"{key}.ms"] = benchmark["stats"]["median"] * 1000
        found |= {f"{key}.{name}": float(value) for name, value in benchmark["extra_info"].items()}
    complete = {name: pair for name, pair in RATIOS.items() if found.keys() >= set(pair)}
    return found | {name: found[ours] / found[theirs] for name, (ours, theirs) in complete.items()}


def line(name: str, value: float) -> str:
    """Return a figure with its floor, marked as MISSED if it does not reach the floor."""
    text = f"{name:<36} {value:>14,.3f}"
    if (most := FLOORS["at_most"].get(name)) is not None:
        text += f"  <= {most:g}{'  MISSED' if value > most else ''}"
    if (least := FLOORS["at_least"].get(name)) is not None:
        text += f"  >= {least:g}{'  MISSED' if value < least else ''}"
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
