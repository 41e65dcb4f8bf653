"""The figures that matter most as a picture: SVG, readable on light and on dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import log10
from typing import NamedTuple

from benchmarks import prices
from benchmarks.costs import REQUESTS
from benchmarks.in_process import ASKED

# Middle tones, with enough contrast against white and against black: an image cannot know its page's theme.
TEXT, OURS, OTHERS = "#6e7781", "#2da44e", "#8c959f"
WIDTH, LABELS, BARS = 860, 270, 430
ROW, TITLE, NOTE, MARGIN = 22, 40, 16, 16
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
NOTES = (
    "Answers: processor time in process, warm. Frankfurter v1 (Ruby, SQLite): over HTTP, above its empty "
    "request, measured once on two cores.",
    f"AWS: list prices of {prices.REGION}, {prices.AS_OF}, without the free tier; every request for latest.",
)
GATEWAY = (("an empty function", "empty"), ("latest", "latest"), ("a scan a request", "scan"))


class Bar(NamedTuple):
    """One bar: its label, its value, the text at its end, and whether it is this service's."""

    label: str
    value: float
    text: str
    is_ours: bool = True


class Panel(NamedTuple):
    """Bars on one scale, which is logarithmic where the values are of many magnitudes."""

    title: str
    bars: Sequence[Bar]
    is_logarithmic: bool = False


def draw(machine: str, values: Mapping[str, float]) -> str:
    """The picture of the figures, by their keys."""
    panels = [_gateway(values), _answers(values), _costs(values)]
    body: list[str] = []
    top = MARGIN
    for panel in panels:
        body += _panel(panel, top)
        top += TITLE + ROW * len(panel.bars) + MARGIN
    for note in (f"Measured on {machine}.", *NOTES):
        body.append(_text(MARGIN, top + 8, note, size=11))
        top += NOTE
    height = top + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img" font-family="{FONT}" fill="{TEXT}">',
            "<title>How fast and how cheap the service is, beside the alternatives</title>",
            *body,
            "</svg>",
            "",
        ]
    )


def _gateway(values: Mapping[str, float]) -> Panel:
    rates = {name: values[f"gateway.8.{name}.per_second"] for _, name in GATEWAY}
    bars = [Bar(label, rates[name], f"{rates[name]:,.0f}", name == "latest") for label, name in GATEWAY]
    return Panel("Requests a second through the local gateway, 8 connections (longer is better)", bars)


def _answers(values: Mapping[str, float]) -> Panel:
    bars = []
    for asked in ASKED:
        if asked.frankfurter:
            ours = values[f"warm.{asked.key}.ms"]
            bars += [
                Bar(asked.label, ours, f"{ours:.2g} ms" if ours < 100 else f"{ours:.0f} ms"),
                Bar("Frankfurter v1", asked.frankfurter, f"{asked.frankfurter:,g} ms", is_ours=False),
            ]
    return Panel("Time to answer (shorter is better, logarithmic)", bars, True)


def _costs(values: Mapping[str, float]) -> Panel:
    bars = []
    for size, requests in REQUESTS.items():
        total, with_http = (values[f"cost.{size}.{kind}.usd"] for kind in ("total", "total_with_http_api"))
        text = f"${total:,.2f} (${with_http:,.2f} with an HTTP API)"
        bars.append(Bar(f"{requests:,} requests", total, text))
    return Panel("A month on AWS, alarms and dashboard on (logarithmic)", bars, True)


def _panel(panel: Panel, top: int) -> Iterator[str]:
    yield _text(MARGIN, top + 22, panel.title, size=14, weight=600)
    for index, (bar, width) in enumerate(zip(panel.bars, _widths(panel), strict=True)):
        y = top + TITLE + ROW * index
        yield _text(LABELS - 8, y + 12, bar.label, anchor="end")
        colour = OURS if bar.is_ours else OTHERS
        yield f'<rect x="{LABELS}" y="{y}" width="{width:.1f}" height="16" rx="2" fill="{colour}"/>'
        yield _text(LABELS + width + 6, y + 12, bar.text)


def _widths(panel: Panel) -> list[float]:
    values = [bar.value for bar in panel.bars]
    if not panel.is_logarithmic:
        return [value / max(values) * BARS for value in values]
    least, most = log10(min(values)) - 0.3, log10(max(values))  # the least is seen too
    return [(log10(value) - least) / (most - least) * BARS * 0.75 for value in values]


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
