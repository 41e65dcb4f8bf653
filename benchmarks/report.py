"""The figures as a table for the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from benchmarks import prices
from benchmarks.figures import Figure, Section, values

MISSED = "MISSED"


def table(machine: str, sections: Iterable[Section]) -> str:
    """Every figure with its floor and its ratio to that; what is missed says so."""
    lines = [f"Measured on {machine}.", "floor: what is to be beaten; ratio: the figure by its floor"]
    for section in sections:
        lines += ["", section.title, *_rows(section.figures)]
        if section.note:
            lines.append(f"  {section.note}")
    return "\n".join(lines)


def as_json(machine: str, sections: Iterable[Section]) -> str:
    """Every figure by its key."""
    known = list(sections)
    values(known)  # no key stands for two figures
    figures = {
        figure.key: {
            "value": round(figure.value, 6),
            "unit": figure.unit,
            "floor": figure.reach.bound if figure.reach else None,
            "ratio": round(figure.ratio, 4) if figure.ratio is not None else None,
            "reached": figure.is_reached if figure.reach else None,
        }
        for section in known
        for figure in section.figures
    }
    origin = {"region": prices.REGION, "as_of": prices.AS_OF}
    return json.dumps({"machine": machine, "prices": origin, "figures": figures}, indent=2) + "\n"


def _rows(figures: Iterable[Figure]) -> Iterator[str]:
    for figure in figures:
        row = f"  {figure.label:<48} {_number(figure.value):>10} {figure.unit:<6}"
        if figure.reach:
            sign = ">=" if figure.reach.at_least else "<="
            row += f" {sign} {figure.reach.bound:<7g} {figure.ratio:6.2f}"
            row += "" if figure.is_reached else f" {MISSED}"
        if figure.note:
            row = f"{row:<90} {figure.note}"
        yield row.rstrip()


def _number(value: float) -> str:
    """With three digits that say something, in full from a hundred on."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.6f}"
