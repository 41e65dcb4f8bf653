"""Requests through the local gateway, against an empty function and against a scan of the table a request."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from benchmarks.figures import Figure, Reach, Section, progress
from benchmarks.load import Load, load
from benchmarks.stack import deployed

ROUNDS = 5
SECONDS = 2.0  # a load
WARM_UP_SECONDS = 1.5
CONNECTIONS = (1, 8)
NAMES = {"empty": "an empty function", "latest": "latest", "scan": "a scan a request"}
# At this many connections: requests a second against the others'.
REACH_CONNECTIONS, REACH_EMPTY, REACH_SCAN = 8, 0.75, 4.0


def measure() -> Section:
    """Each function at each number of connections, in turn."""
    loads: dict[tuple[int, str], list[Load]] = {}
    with deployed() as urls:
        for url in urls.values():
            _warm_up(url)
        for number in range(ROUNDS):
            progress(f"gateway: round {number + 1} of {ROUNDS}")
            for connections in CONNECTIONS:
                for name, url in urls.items():
                    found = load(url, connections, SECONDS)
                    loads.setdefault((connections, name), []).append(found)
    figures = []
    for connections in CONNECTIONS:
        figures += _figures(connections, {name: loads[connections, name] for name in NAMES})
    return Section(
        "Through the local gateway (MiniStack)",
        figures,
        f"Medians of {ROUNDS} rounds in turn, {SECONDS:g} s each; ratios are medians of each round's.",
    )


def _warm_up(url: str) -> None:
    """Asks until it goes no faster: until there are as many instances as will be needed."""
    before = 0.0
    while (rate := load(url, max(CONNECTIONS), WARM_UP_SECONDS).requests_per_second) > before * 1.1:
        before = rate


def _figures(connections: int, loads: Mapping[str, list[Load]]) -> list[Figure]:
    at = f"{connections} {'connection' if connections == 1 else 'connections'}"
    figures = []
    for name, label in NAMES.items():
        key = f"gateway.{connections}.{name}"
        rate = median(found.requests_per_second for found in loads[name])
        milliseconds = median(found.median_ms for found in loads[name])
        figures += [
            Figure(f"{key}.per_second", f"{at}: {label}", rate, "req/s"),
            Figure(f"{key}.ms", f"{at}: {label}", milliseconds, "ms"),
        ]
    is_held = connections == REACH_CONNECTIONS
    for other, bound in (("empty", REACH_EMPTY), ("scan", REACH_SCAN)):
        ratio = median(
            ours.requests_per_second / theirs.requests_per_second
            for ours, theirs in zip(loads["latest"], loads[other], strict=True)
        )
        figures.append(
            Figure(
                f"gateway.{connections}.ratio_to_{other}",
                f"{at}: latest / {NAMES[other]}",
                ratio,
                "x",
                Reach(bound, at_least=True) if is_held else None,
            )
        )
    return figures
