"""Answers as text: JSON with exactly the digits that were computed, or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rates.history import NOT_QUOTED
from rates.quotes import Change, Quotes

# Codes, dates and digits need no escaping in either format, and are written as they are.


def json_text(value: Any) -> str:
    """Data without rates, as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def day_json(amount: str, base: str, date: str, rates: Mapping[str, str]) -> str:
    """One publication's quotes."""
    return f'{{"amount":{amount},"base":"{base}","date":"{date}","rates":{_object(rates)}}}'


def days_json(amount: str, base: str, blocks: Iterable[Quotes]) -> str:
    """The quotes of several days, whose first and last it names; "" where there are none."""
    rows = [row for block in blocks for row in _rows(block)]
    if not rows:
        return ""
    start, end = rows[0][1:11], rows[-1][1:11]
    joined = ",".join(rows)
    return (
        f'{{"amount":{amount},"base":"{base}","start_date":"{start}","end_date":"{end}",'
        f'"rates":{{{joined}}}}}'
    )


def changes_json(base: str, start: str, end: str, changes: Mapping[str, Change]) -> str:
    """The changes between two publications."""
    rates = {
        code: f'{{"start_rate":{known.start_rate},"end_rate":{known.end_rate},'
        f'"change":{known.change},"change_pct":{known.change_pct}}}'
        for code, known in changes.items()
    }
    return f'{{"base":"{base}","start_date":"{start}","end_date":"{end}","rates":{_object(rates)}}}'


def days_csv(base: str, blocks: Iterable[Quotes]) -> str:
    """The quotes of one or more days, a line each; "" where there are none."""
    lines = ["date,base,quote,rate\r\n"]
    for block in blocks:
        cells = [
            [digits and f"{base},{code},{digits}\r\n" for digits in column]
            for code, column in block.columns.items()
        ]
        for date, *row in zip(block.dates, *cells, strict=True):
            lines += [f"{date},{cell}" for cell in row if cell]
    return "".join(lines) if len(lines) > 1 else ""


def changes_csv(base: str, start: str, end: str, changes: Mapping[str, Change]) -> str:
    """The changes between two publications, a line each."""
    lines = ["start_date,end_date,base,quote,start_rate,end_rate,change,change_pct\r\n"]
    for code, known in changes.items():
        numbers = f"{known.start_rate},{known.end_rate},{known.change},{known.change_pct}"
        lines.append(f"{start},{end},{base},{code},{numbers}\r\n")
    return "".join(lines)


def _object(members: Mapping[str, str]) -> str:
    return "{" + ",".join([f'"{name}":{value}' for name, value in members.items()]) + "}"


def _rows(block: Quotes) -> Iterator[str]:
    """Each day that has quotes as a JSON member."""
    if not block.columns:
        return
    members = [f'"{code}":%s' for code in block.columns]
    complete = f'"%s":{{{",".join(members)}}}'
    for day in zip(block.dates, *block.columns.values(), strict=True):
        if NOT_QUOTED not in day:
            yield complete % day
        elif quoted := [member % digits for member, digits in zip(members, day[1:], strict=True) if digits]:
            yield f'"{day[0]}":{{{",".join(quoted)}}}'
