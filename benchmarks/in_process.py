"""The get function's answers in this process: how long they take, and what they read."""

from __future__ import annotations

import os
import time
from contextlib import redirect_stdout
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.figures import Figure, Section, at_most, progress
from benchmarks.get_function import Event, GetFunction, proxy_event
from benchmarks.memory_table import MemoryTable

ROUNDS = 7
BATCH_SECONDS = 0.02  # how long a round asks for the same, over and over
STEADY_REQUESTS = 1000


class Asked(NamedTuple):
    """A request that is measured, the floors for it, and what Frankfurter v1 takes to answer it.

    `warm` and `first` are milliseconds, `calls` and `read_units` those of a first answer beyond the reading
    of `latest`. Frankfurter's milliseconds were measured once, on two cores, above its empty request's.
    """

    key: str
    label: str
    url: str
    warm: float | None = None
    first: float | None = None
    calls: int | None = None
    read_units: float | None = None
    frankfurter: float | None = None


# A year begins with its own first publication: a range from Jan 1 would reach back into the year before.
ASKED = (
    Asked("latest", "latest", "/latest", warm=0.15, frankfurter=2.0),
    Asked("date", "a date", "/2024-05-13", warm=0.15, calls=1, read_units=4, frankfurter=2.4),
    Asked("pair", "latest, base USD, two symbols", "/latest?base=USD&symbols=GBP,JPY", warm=0.15),
    Asked(
        "year_usd",
        "a year of USD",
        "/2024-01-02..2024-12-31?symbols=USD",
        warm=0.5,
        calls=1,
        read_units=4,
        frankfurter=3.1,
    ),
    Asked(
        "year_all",
        "a year of all",
        "/2024-01-02..2024-12-31",
        warm=3,
        calls=1,
        read_units=4,
        frankfurter=52,
    ),
    Asked("history_usd", "USD since 1999", "/1999-01-04..?symbols=USD", warm=3, calls=1, frankfurter=106),
    Asked("history_all", "everything since 1999", "/1999-01-04..", warm=60, calls=1, frankfurter=1330),
    Asked(
        "history_all_usd",
        "everything since 1999, base USD",
        "/1999-01-04..?base=USD",
        warm=130,
        first=250,
        calls=1,
    ),
    Asked("changes", "changes", "/changes"),
    Asked("changes_year", "changes over a year, base USD", "/changes/2024-01-02..2024-12-31?base=USD"),
    Asked("latest_csv", "latest, as CSV", "/latest?format=csv"),
    Asked("year_csv", "a year of all, as CSV", "/2024-01-02..2024-12-31?format=csv"),
    Asked("months", "everything since 1999, by month", "/1999-01-04..?group=month"),
    Asked("weeks", "everything since 1999, by week", "/1999-01-04..?group=week"),
)


class FirstAnswer(NamedTuple):
    """What an instance's first answer takes."""

    milliseconds: float
    calls: int
    read_units: float


def measure(table: MemoryTable) -> list[Section]:
    """Warm and first answers, on a table with the whole history."""
    get = GetFunction(table)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # the function's log
        return [_warm(get), *_first(get, table), _steady(get, table)]


def _warm(get: GetFunction) -> Section:
    times: dict[str, list[float]] = {asked.key: [] for asked in ASKED}
    for asked in ASKED:
        get.call(proxy_event(asked.url))
    for number in range(ROUNDS):
        progress(f"in process, warm: round {number + 1} of {ROUNDS}")
        for asked in ASKED:
            times[asked.key].append(_warm_milliseconds(get, proxy_event(asked.url)))
    figures = []
    for asked in ASKED:
        value = median(times[asked.key])
        beside = f"Frankfurter {asked.frankfurter:g} ms" if asked.frankfurter else ""
        figures.append(Figure(f"warm.{asked.key}.ms", asked.label, value, "ms", at_most(asked.warm), beside))
    return Section(
        "In process, warm",
        figures,
        "The handler's processor time with its log line, on a table in memory, where it waits for nothing; "
        f"medians of {ROUNDS} rounds in turn. "
        "Frankfurter v1: above its empty request, over HTTP, measured once on two cores.",
    )


def _first(get: GetFunction, table: MemoryTable) -> list[Section]:
    answers: dict[str, list[FirstAnswer]] = {asked.key: [] for asked in ASKED}
    for number in range(ROUNDS):
        progress(f"in process, first answers: round {number + 1} of {ROUNDS}")
        for asked in ASKED:
            answers[asked.key].append(_first_answer(get, table, proxy_event(asked.url)))
    latest = answers["latest"][0]
    times, reads = [], []
    for asked in ASKED:
        found = answers[asked.key]
        value = median(answer.milliseconds for answer in found)
        times.append(Figure(f"first.{asked.key}.ms", asked.label, value, "ms", at_most(asked.first)))
        reads += [
            Figure(
                f"first.{asked.key}.calls",
                f"{asked.label}: calls",
                found[0].calls - latest.calls,
                "calls",
                at_most(asked.calls),
            ),
            Figure(
                f"first.{asked.key}.read_units",
                f"{asked.label}: read units",
                found[0].read_units - latest.read_units,
                "RU",
                at_most(asked.read_units),
            ),
        ]
    return [
        Section("In process, an instance's first answer", times, "As above, without the network's time."),
        Section("Reads of a first answer, beyond that of `latest`", reads),
    ]


def _steady(get: GetFunction, table: MemoryTable) -> Section:
    get.restart()
    table.reset()
    event = proxy_event("/latest")
    for _ in range(STEADY_REQUESTS):
        get.call(event)
    return Section(
        f"Reads of {STEADY_REQUESTS:,} requests for `latest` within a time to live",
        [
            Figure("steady.latest.calls", "calls", table.calls, "calls", at_most(1)),
            Figure("steady.latest.read_units", "read units", table.read_units, "RU"),
        ],
    )


def _warm_milliseconds(get: GetFunction, event: Event) -> float:
    """The mean of as many calls as fit into a batch."""
    calls, started = 0, time.process_time()
    while (elapsed := time.process_time() - started) < BATCH_SECONDS:
        get.call(event)
        calls += 1
    return elapsed / calls * 1000


def _first_answer(get: GetFunction, table: MemoryTable, event: Event) -> FirstAnswer:
    get.restart()
    table.reset()
    started = time.process_time()
    get.call(event)
    return FirstAnswer((time.process_time() - started) * 1000, table.calls, table.read_units)
