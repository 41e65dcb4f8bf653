"""The shapes of answers as text: JSON with exactly the digits that were computed, CSV and NDJSON."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rates.quotes import Comparison, Quotes
from rates.serving.query import PROVIDER

# Codes, dates and digits need no escaping in any of these formats.
# A cell is the text for one rate: `@` stands for its day, `%s` for its digits, `#` for the date of its
# publication.
Cell = Callable[[str], str]
_PLACES = re.compile("@|%s|#")


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
    (block,) = blocks
    rates = ",".join([f'"{code}":{digits[0]}' for code, digits in block.columns.items() if digits[0]])
    return f'{{"amount":{amount},"base":"{base}","date":"{block.dates[0]}","rates":{{{rates}}}}}'


def days_json(amount: str, base: str, blocks: Sequence[Quotes]) -> str:
    """Return the quotes of several days as an object of v1, with its first and its last day."""
    start, end = blocks[0].dates[0], blocks[-1].dates[-1]
    rates = ",".join(_days(blocks, lambda code: f'"{code}":%s', ",", '"@":{', "}"))
    named = f'"amount":{amount},"base":"{base}","start_date":"{start}","end_date":"{end}","rates":{{{rates}}}'
    if blocks[0].published:
        days = [day for block in blocks for day in zip(block.dates, block.published, strict=True)]
        named += f',"published":{json_text(dict(days))}'
    return f"{{{named}}}"


def changes_json(base: str, compared: Comparison) -> str:
    """Return the changes between two publications as an object of v1."""
    rates = ",".join(
        f'"{code}":{{"start_rate":{change.start_rate},"end_rate":{change.end_rate},'
        f'"change":{change.change},"change_pct":{change.change_pct}}}'
        for code, change in compared.rates.items()
    )
    return (
        f'{{"base":"{base}","start_date":"{compared.start}","end_date":"{compared.end}","rates":{{{rates}}}}}'
    )


def days_csv(base: str, blocks: Sequence[Quotes], *, each_day: bool) -> str:
    """Return the quotes of one or more days as CSV of v1, one line per rate."""
    name, place = (",published", ",#") if each_day else ("", "")
    return f"date,base,quote,rate{name}\r\n" + _joined(
        blocks, lambda code: f"@,{base},{code},%s{place}\r\n", ""
    )


def changes_csv(base: str, compared: Comparison) -> str:
    """Return the changes between two publications as CSV of v1, one line per currency."""
    lines = ["start_date,end_date,base,quote,start_rate,end_rate,change,change_pct\r\n"]
    for code, change in compared.rates.items():
        lines.append(f"{compared.start},{compared.end},{base},{code},{','.join(change)}\r\n")
    return "".join(lines)


def rows_json(base: str, blocks: Sequence[Quotes], *, expanded: bool, each_day: bool = False) -> str:
    """Return the quotes as the rows of v2, in a JSON array."""
    return f"[{_joined(blocks, _row(base, expanded=expanded, each_day=each_day), ',')}]"


def rows_ndjson(base: str, blocks: Sequence[Quotes], *, expanded: bool, each_day: bool) -> str:
    """Return the quotes as the rows of v2, one JSON object per line."""
    row = _row(base, expanded=expanded, each_day=each_day)
    return _joined(blocks, lambda code: row(code) + "\n", "")


def rows_csv(base: str, blocks: Sequence[Quotes], *, expanded: bool, each_day: bool) -> str:
    """Return the quotes as the rows of v2, as CSV with the line ends of Frankfurter v2."""
    published = ",#" if each_day else ""

    def line(code: str) -> str:
        provider = "" if not expanded else "," if code == base else f",{PROVIDER}:%s"
        return f"@,{base},{code},%s{published}{provider}\n"

    names = ["date", "base", "quote", "rate", *["published"] * each_day, *["providers"] * expanded]
    return f"{','.join(names)}\n" + _joined(blocks, line, "")


def _row(base: str, *, expanded: bool, each_day: bool) -> Cell:
    """Return the cell of a row of v2. The base's own row names no provider."""
    published = ',"published":"#"' if each_day else ""
    named = f',"providers":[{{"key":"{PROVIDER}","date":"#","rate":%s}}]' if expanded else ""

    def cell(code: str) -> str:
        provider = "" if code == base else named
        return f'{{"date":"@","base":"{base}","quote":"{code}","rate":%s{published}{provider}}}'

    return cell


def _joined(blocks: Sequence[Quotes], cell: Cell, separator: str) -> str:
    return separator.join(_days(blocks, cell, separator))


def _days(
    blocks: Sequence[Quotes], cell: Cell, separator: str, opening: str = "", closing: str = ""
) -> list[str]:
    """Return the text of each day: its cells, joined, between an opening and a closing text."""
    texts: list[str] = []
    for block in blocks:
        cells = {code: cell(code) for code in block.columns}
        # The usual day has all rates of its block (NOT_QUOTED is empty): one template formats it.
        template = _PLACES.sub("%s", f"{opening}{separator.join(cells.values())}{closing}")
        dates = {"@": block.dates, "#": block.published or block.dates}
        values = [block.dates] * opening.count("@")
        for code, text in cells.items():
            values += [dates.get(place, block.columns[code]) for place in _PLACES.findall(text)]
        days = zip(*values, strict=True)
        if all(map(all, block.columns.values())):
            texts += [template % day for day in days]
            continue
        pairs = list(zip(cells.values(), block.columns.values(), strict=True))
        for row, day in enumerate(days):
            if all(day):
                texts.append(template % day)
            else:
                quoted = [text.replace("%s", column[row]) for text, column in pairs if column[row]]
                text = f"{opening}{separator.join(quoted)}{closing}".replace("@", block.dates[row])
                texts.append(text.replace("#", dates["#"][row]))
    return texts
