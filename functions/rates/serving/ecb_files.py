"""The ECB's own files, written from the stored history: the newest publications as XML, all as CSV."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rates.history import NOT_QUOTED, Year, year_from
from rates.serving.answers import Answer, Compute, Moment
from rates.serving.representation import CSV
from rates.serving.snapshot import Snapshot

XML = "text/xml; charset=utf-8"
RECENT_DAYS = 90
HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
"""
FOOT = "\t</Cube>\n</gesmes:Envelope>\n"


def daily(snapshot: Snapshot, _: Moment) -> Answer:
    """`/eurofxref-daily.xml`: the latest publication."""
    return _xml(snapshot, [year_from([snapshot.latest.publication])])


def recent(snapshot: Snapshot, _: Moment) -> Answer:
    """`/eurofxref-hist-90d.xml`: the publications from 90 days before the latest one on."""
    newest = snapshot.latest.publication.date
    start = (date.fromisoformat(newest) - timedelta(days=RECENT_DAYS)).isoformat()
    return _xml(snapshot, snapshot.years(start, newest), start)


def history(snapshot: Snapshot, _: Moment) -> Answer:
    """`/eurofxref-hist.csv`: the whole history, byte for byte as the ECB writes it."""
    years = snapshot.years(snapshot.latest.first_date, snapshot.latest.publication.date)
    columns = _columns(snapshot, years)
    lines = [",".join(row) for row in [("Date", *columns), *_rows(years, columns)]]
    text = ",\n".join([*lines, ""])  # a comma ends each line
    # One pass does not see the second of two neighbours.
    return Answer(text.replace(",,", ",N/A,").replace(",,", ",N/A,"), CSV)


FILES: dict[str, Compute] = {
    "/eurofxref-daily.xml": daily,
    "/eurofxref-hist-90d.xml": recent,
    "/eurofxref-hist.csv": history,
}


def _xml(snapshot: Snapshot, years: Sequence[Year], start: str = "") -> Answer:
    """Return the publications from `start` on as the ECB's XML."""
    columns = _columns(snapshot, years)
    lines = [HEAD]
    for day, *rates in _rows(years, columns):
        if day < start:
            break
        lines.append(f"\t\t<Cube time='{day}'>\n")
        lines += [
            f"\t\t\t<Cube currency='{code}' rate='{rate}'/>\n"
            for code, rate in zip(columns, rates, strict=True)
            if rate
        ]
        lines.append("\t\t</Cube>\n")
    return Answer("".join([*lines, FOOT]), XML)


def _columns(snapshot: Snapshot, years: Sequence[Year]) -> Sequence[str]:
    """Return the currencies in the ECB's order. Only a revision of version 2.0 lacks that order."""
    return snapshot.latest.columns or sorted({code for year in years for code in year.columns})


def _rows(years: Sequence[Year], columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield each publication, the newest first: its date, and the digits of each column or NOT_QUOTED."""
    for year in reversed(years):
        nothing = (NOT_QUOTED,) * len(year.dates)
        rates = [year.columns.get(code, nothing) for code in columns]
        yield from reversed(list(zip(year.dates, *rates, strict=True)))
