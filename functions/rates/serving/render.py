"""The shapes of answers as text: JSON with exactly the digits that were computed, CSV and NDJSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rates.history import NOT_QUOTED
from rates.quotes import Changes, Quotes

# Codes, dates and digits need no escaping in any of these formats.
# A cell is the text for one rate: `@` stands for its date, `%s` for its digits.
Cell = Callable[[str], str]


def json_text(value: Any) -> str:
    """Return data without rates as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def error_text(value: Mapping[str, Any]) -> str:
    """Return an error as ASCII JSON that contains no HTML."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def day_json(amount: str, base: str, blocks: Sequence[Quotes]) -> str:
    """Return the quotes of one publication as an object of v1."""
    ((date, cells),) = _days(blocks, _member, ",")
    return f'{{"amount":{amount},"base":"{base}","date":"{date}","rates":{{{cells}}}}}'


def days_json(amount: str, base: str, blocks: Sequence[Quotes]) -> str:
    """Return the quotes of several days as an object of v1, with its first and its last day."""
    start, end = blocks[0].dates[0], blocks[-1].dates[-1]
    rates = ",".join([f'"{date}":{{{cells}}}' for date, cells in _days(blocks, _member, ",")])
    return (
        f'{{"amount":{amount},"base":"{base}","start_date":"{start}","end_date":"{end}","rates":{{{rates}}}}}'
    )


def changes_json(base: str, changes: Changes) -> str:
    """Return the changes between two publications as an object of v1."""
    rates = ",".join(
        f'"{code}":{{"start_rate":{change.start_rate},"end_rate":{change.end_rate},'
        f'"change":{change.change},"change_pct":{change.change_pct}}}'
        for code, change in changes.rates.items()
    )
    return (
        f'{{"base":"{base}","start_date":"{changes.start}","end_date":"{changes.end}","rates":{{{rates}}}}}'
    )


def days_csv(base: str, blocks: Sequence[Quotes]) -> str:
    """Return the quotes of one or more days as CSV of v1, one line per rate."""
    return "date,base,quote,rate\r\n" + _joined(blocks, lambda code: f"@,{base},{code},%s\r\n", "")


def changes_csv(base: str, changes: Changes) -> str:
    """Return the changes between two publications as CSV of v1, one line per currency."""
    lines = ["start_date,end_date,base,quote,start_rate,end_rate,change,change_pct\r\n"]
    for code, change in changes.rates.items():
        lines.append(f"{changes.start},{changes.end},{base},{code},{','.join(change)}\r\n")
    return "".join(lines)


def rows_json(base: str, blocks: Sequence[Quotes], *, expanded: bool) -> str:
    """Return the quotes as the rows of v2, in a JSON array."""
    return f"[{_joined(blocks, _row(base, expanded=expanded), ',')}]"


def rows_ndjson(base: str, blocks: Sequence[Quotes], *, expanded: bool) -> str:
    """Return the quotes as the rows of v2, one JSON object per line."""
    row = _row(base, expanded=expanded)
    return _joined(blocks, lambda code: row(code) + "\n", "")


def rows_csv(base: str, blocks: Sequence[Quotes], *, expanded: bool) -> str:
    """Return the quotes as the rows of v2, as CSV with the line ends of Frankfurter v2."""

    def line(code: str) -> str:
        provider = "" if not expanded else "," if code == base else ",ECB:%s"
        return f"@,{base},{code},%s{provider}\n"

    header = "date,base,quote,rate,providers\n" if expanded else "date,base,quote,rate\n"
    return header + _joined(blocks, line, "")


def _member(code: str) -> str:
    return f'"{code}":%s'


def _row(base: str, *, expanded: bool) -> Cell:
    """Return the cell of a row of v2. The base's own row names no provider."""

    def cell(code: str) -> str:
        provider = "" if not expanded or code == base else ',"providers":[{"key":"ECB","date":"@","rate":%s}]'
        return f'{{"date":"@","base":"{base}","quote":"{code}","rate":%s{provider}}}'

    return cell


def _joined(blocks: Sequence[Quotes], cell: Cell, separator: str) -> str:
    return separator.join([cells.replace("@", date) for date, cells in _days(blocks, cell, separator)])


def _days(blocks: Sequence[Quotes], cell: Cell, separator: str) -> Iterator[tuple[str, str]]:
    """Yield each date with its cells, joined. Their `@` stays."""
    for block in blocks:
        cells = list(map(cell, block.columns))
        complete = separator.join(cells)
        is_simple = complete.count("%s") == len(cells)
        for date, day in zip(block.dates, zip(*block.columns.values(), strict=True), strict=True):
            if is_simple and NOT_QUOTED not in day:
                yield date, complete % day
            else:
                quoted = [text.replace("%s", rate) for text, rate in zip(cells, day, strict=True) if rate]
                yield date, separator.join(quoted)
