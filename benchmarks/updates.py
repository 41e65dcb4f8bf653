"""The update in a fresh interpreter: seeding, nothing new, and a new publication, after the download.

Run as a module of its own, it measures once and prints what it found as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks import environment, history
from benchmarks.figures import Figure, Section, at_most, progress
from benchmarks.memory_table import MemoryTable
from rates.feed import Download
from rates.store import Store
from rates.updating import update

ROUNDS = 5
# What is measured, its name, and the floors: seconds and write units.
CASES = (
    ("seed", "seeding", 2.0, None),
    ("unchanged", "update, nothing changed", 0.3, 40),
    ("changed", "update, one year changed", 0.5, 40),
)
REACH_MEGABYTES = 150


def measure() -> Section:
    """Each in an interpreter that does nothing else."""
    found: list[dict[str, float]] = []
    for number in range(ROUNDS):
        progress(f"updates: round {number + 1} of {ROUNDS}")
        command = [sys.executable, "-m", "benchmarks.updates"]
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parent.parent)
        found.append(json.loads(output.stdout))
    middle = {key: median(one[key] for one in found) for key in found[0]}
    figures = []
    for case, label, seconds, units in CASES:
        known = {name: middle[f"{case}.{name}"] for name in ("seconds", "read_units", "write_units")}
        figures += [
            Figure(f"update.{case}.seconds", label, known["seconds"], "s", at_most(seconds)),
            Figure(f"update.{case}.read_units", f"{label}: read units", known["read_units"], "RU"),
            Figure(
                f"update.{case}.write_units",
                f"{label}: write units",
                known["write_units"],
                "WU",
                at_most(units),
            ),
        ]
    peak = Figure(
        "update.seed.peak_mb", "seeding: peak memory", middle["peak_mb"], "MB", at_most(REACH_MEGABYTES)
    )
    stored = Figure("table.kb", "the table", middle["table_kb"], "kB")
    return Section(
        "Updates, after the download",
        [figures[0], peak, *figures[1:], stored],
        f"Medians of {ROUNDS} fresh interpreters, on a table in memory.",
    )


def _measured() -> dict[str, float]:
    """Seconds and units of each case, and the peak of the process's memory while seeding."""
    os.environ.update(environment.FUNCTION)
    importlib.import_module("update_rates")  # boto3 and a client take memory too
    before, after = history.download_without_newest(), history.download()
    table = MemoryTable()
    store = Store(table, environment.TABLE)
    found: dict[str, float] = {}
    for case, file in (("seed", before), ("unchanged", before), ("changed", after)):
        table.reset()
        seconds = _update_seconds(store, file)
        if case == "seed":
            found["peak_mb"] = _peak_megabytes()
        found |= {
            f"{case}.seconds": seconds,
            f"{case}.read_units": table.read_units,
            f"{case}.write_units": table.write_units,
        }
    return found | {"table_kb": table.bytes / 1000}


def _update_seconds(store: Store, file: Download) -> float:
    started = time.perf_counter()
    update(store, lambda _: file, history.NOW)
    return time.perf_counter() - started


def _peak_megabytes() -> float:
    """The most memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says on Linux is the parent's where that was larger
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes, on macOS


if __name__ == "__main__":
    print(json.dumps(_measured()))
