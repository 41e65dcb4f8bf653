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

from benchmarks import environment, history, units
from benchmarks.figures import Figure, Section, at_most, progress
from benchmarks.memory_table import MemoryTable
from rates.storage.store import LATEST_KEY, Store
from rates.updating.feed import Download
from rates.updating.update import update

ROUNDS = 5
WRITE_UNITS = 40
# What is measured, its name, and the floors: seconds and write units.
CASES = (
    ("seed", "seeding", 2.0, None),
    ("unchanged", "update, nothing changed", 0.3, WRITE_UNITS),
    ("changed", "update, one year changed", 0.5, WRITE_UNITS),
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
    for case, label, seconds, write_units in CASES:
        known = {name: middle[f"{case}.{name}"] for name in ("seconds", "read_units", "write_units")}
        figures += [
            Figure(f"update.{case}.seconds", label, known["seconds"], "s", at_most(seconds)),
            Figure(f"update.{case}.read_units", f"{label}: read units", known["read_units"], "RU"),
            Figure(
                f"update.{case}.write_units",
                f"{label}: write units",
                known["write_units"],
                "WU",
                at_most(write_units),
            ),
        ]
    peak = Figure(
        "update.seed.peak_mb", "seeding: peak memory", middle["peak_mb"], "MB", at_most(REACH_MEGABYTES)
    )
    largest = Figure(
        "update.largest.write_units",
        "update, the largest year changed: write units",
        middle["largest.write_units"],
        "WU",
        at_most(WRITE_UNITS),
        "a year's document twice, and `latest`",
    )
    stored = Figure("table.kb", "the table", middle["table_kb"], "kB")
    return Section(
        "Updates, after the download",
        [figures[0], peak, *figures[1:], largest, stored],
        f"Processor time on a table in memory, in fresh interpreters; medians of {ROUNDS} rounds.",
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
    sizes = [units.item_bytes(item) for item in table.items.values()]
    # The new document, and the time at which the superseded one is let go.
    largest = 2 * units.write_units(max(sizes)) + units.write_units(units.item_bytes(table.items[LATEST_KEY]))
    return found | {"largest.write_units": largest, "table_kb": sum(sizes) / 1000}


def _update_seconds(store: Store, file: Download) -> float:
    started = time.process_time()
    update(store, lambda _: file, history.NOW)
    return time.process_time() - started


def _peak_megabytes() -> float:
    """The most memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says on Linux is the parent's where that was larger
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes, on macOS


if __name__ == "__main__":
    print(json.dumps(_measured()))
