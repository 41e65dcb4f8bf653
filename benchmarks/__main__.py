"""`python -m benchmarks`: measures everything side by side and says what was found."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks import archive, cold_start, costs, gateway, history, in_process, picture, report, updates
from benchmarks.figures import machine, progress, values
from local.environment import isolate

DESCRIPTION = """\
Measures how fast and how cheap the service is, beside the alternatives, on this machine: answers in this
process, through the local gateway, cold starts, updates, the archive, and what a month costs on AWS.
It deploys on an embedded AWS of its own on loopback, and takes it down again. About three minutes; let the
machine do nothing else meanwhile."""

BUSY = 0.5  # load average from which on times are not to be trusted


def main(arguments: list[str] | None = None) -> None:
    """Measures, prints the table, and writes what was asked for."""
    options = _parser().parse_args(arguments)
    isolate()
    known = machine()
    progress(f"Measuring on {known}.")
    load = os.getloadavg()[0]
    if load > BUSY:
        progress(f"Other things run too (load average {load:.1f}): times will be too long, ratios rough.")
    table = history.published()
    sections = [
        *in_process.measure(table),
        cold_start.measure(table),
        updates.measure(),
        archive.measure(),
        gateway.measure(),
    ]
    sections += costs.measure(values(sections), table)
    print(report.table(known, sections))
    if options.json:
        options.json.write_text(report.as_json(known, sections), encoding="utf-8")
    if options.plot:
        options.plot.write_text(picture.draw(known, values(sections)), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure by its key")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write a picture, as SVG")
    return parser


if __name__ == "__main__":
    main()
