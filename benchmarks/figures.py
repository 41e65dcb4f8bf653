"""What a benchmark finds: figures with a stable key, and the floors that they are held against."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Reach(NamedTuple):
    """A floor to beat: a bound, from above, or from below where `at_least`."""

    bound: float
    at_least: bool = False


def at_most(bound: float | None) -> Reach | None:
    """The floor that a bound from above makes; none without a bound."""
    return None if bound is None else Reach(bound)


class Figure(NamedTuple):
    """One measured value. `key` is stable from run to run and from version to version."""

    key: str
    label: str
    value: float
    unit: str
    reach: Reach | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value by its floor's bound; None without a floor."""
        return self.value / self.reach.bound if self.reach else None

    @property
    def is_reached(self) -> bool:
        """Whether the floor, if there is one, is kept."""
        if self.reach is None:
            return True
        return self.value >= self.reach.bound if self.reach.at_least else self.value <= self.reach.bound


class Section(NamedTuple):
    """Figures that belong together, and how they were had."""

    title: str
    figures: list[Figure]
    note: str = ""


def values(sections: Iterable[Section]) -> dict[str, float]:
    """Every figure's value, by key; ValueError where two have the same key."""
    found: dict[str, float] = {}
    for section in sections:
        for figure in section.figures:
            if figure.key in found:
                raise ValueError(f"two figures have the key {figure.key}")
            found[figure.key] = figure.value
    return found


def machine() -> str:
    """The machine that the figures are of."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = models[0].partition(":")[2].strip() if models else cpu
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores of {cpu}, {platform.system()}, {python}"


def progress(text: str) -> None:
    """Says on stderr what is being measured."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
