"""What each path answers with, as text in one of its representations."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rates import SOURCE, VERSION, calendar
from rates.currencies import name
from rates.history import BASE
from rates.quotes import Quotes, Terms, changes, means, on_day, quote
from rates.serving import render
from rates.serving.errors import HttpError, not_found
from rates.serving.query import Query, amount_text
from rates.serving.reader import Snapshot
from rates.serving.representation import CSV, HTML, JSON
from rates.storage.documents import Latest

LARGEST_PAYLOAD = 5_500_000  # bytes of Lambda's answer, of which it lets 6 MB through
ENVELOPE = 1000  # bytes of it that are not the body, at most
FILES = Path(__file__).parent
LINKS = {
    "latest": "latest",
    "currencies": "currencies",
    "changes": "changes",
    "status": "status",
    "openapi": "openapi.json",
}


class Answer(NamedTuple):
    """The content of a 200. `settled` where the next publication cannot change it."""

    body: str
    media_type: str = JSON
    settled: bool = False
    negotiated: bool = False  # whether another Accept could have got another representation


def quotes(query: Query, history: Snapshot, now: datetime, *, csv: bool) -> Answer:
    """`/latest`, a date, a range or `/changes`. Raises a HttpError where there is nothing to answer
    with."""
    compute = _changes if query.changes else _range if query.dates.is_range else _day
    body = compute(query, history, now, csv=csv)
    if not body:
        raise not_found()
    _check_size(body)
    end = query.dates.end if query.dates.is_range else query.dates.start
    settled = end is not None and end < history.latest.publication.date
    return Answer(body, CSV if csv else JSON, settled, negotiated=True)


def currencies(history: Snapshot) -> Answer:
    """The names of the currencies that can be asked for now, by code."""
    return Answer(render.json_text({code: name(code) for code in _codes(history.latest)}))


def status(history: Snapshot, now: datetime, update_time: time) -> Answer:
    """How fresh the history is, and how much there is of it."""
    latest = history.latest
    body = {
        "date": latest.publication.date,
        "previous_date": latest.previous.date if latest.previous else None,
        "first_date": latest.first_date,
        "publications": latest.publications,
        "currencies": len(_codes(latest)),
        "updated_at": latest.updated_at,
        "next_update": calendar.next_due(now, update_time).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "stale": calendar.is_stale(latest.publication.date, now, update_time),
    }
    return Answer(render.json_text(body))


def index(*, html: bool) -> Answer:
    """What this is: a page for a person, JSON for a program."""
    if html:
        return Answer(file("page.html"), HTML, negotiated=True)
    # These lead to the right place from `/v1` and from `/v1/`: a repeated stage is dropped from a path.
    links = {name: f"v1/{path}" for name, path in LINKS.items()}
    body = {"name": "exchange-rates", "version": VERSION, "source": SOURCE, "links": links}
    return Answer(render.json_text(body), negotiated=True)


def openapi() -> Answer:
    """The contract, for machines."""
    return Answer(file("openapi.json"))


@cache
def file(name: str) -> str:
    """A file of this package, read once."""
    return (FILES / name).read_text(encoding="utf-8")


def _codes(latest: Latest) -> list[str]:
    return sorted({BASE, *latest.publication.rates})


def _day(query: Query, history: Snapshot, now: datetime, *, csv: bool) -> str:
    day, block = _quoted(history, query.dates.start, now, query.terms)
    if csv:
        return render.days_csv(query.terms.base, [block])
    rates = on_day(block)
    if not rates:
        return ""
    return render.day_json(amount_text(query.terms.amount), query.terms.base, day, rates)


def _range(query: Query, history: Snapshot, now: datetime, *, csv: bool) -> str:
    start, end = _asked_range(query, history, now)
    years = history.years(start, end)
    blocks: list[Quotes] = []
    if query.group:
        blocks = [means(years, start, end, query.group, query.terms)]
    elif years:
        # The range begins with the publication that was the newest on its first day.
        start = years[0].dates[years[0].span("", start).stop - 1]
        blocks = [quote(year, year.span(start, end), query.terms) for year in years]
    base = query.terms.base
    return (
        render.days_csv(base, blocks)
        if csv
        else render.days_json(amount_text(query.terms.amount), base, blocks)
    )


def _changes(query: Query, history: Snapshot, now: datetime, *, csv: bool) -> str:
    terms = query.terms
    if query.dates.is_range:
        first, last = _asked_range(query, history, now)
        end, after = _quoted(history, min(last, history.latest.publication.date), now, terms)
        start, before = _quoted(history, first, now, terms)
    else:
        end, after = _quoted(history, query.dates.start, now, terms)
        start, before = _quoted(history, _day_before(end), now, terms)
    moved = changes(on_day(before), on_day(after))
    if start >= end or not moved:
        return ""
    write = render.changes_csv if csv else render.changes_json
    return write(terms.base, start, end, moved)


def _quoted(history: Snapshot, asked: str | None, now: datetime, terms: Terms) -> tuple[str, Quotes]:
    """The newest publication on or before a date (None: of all), by its own date, and its quotes."""
    if asked is not None and asked > (now.date() + timedelta(days=1)).isoformat():
        raise not_found()
    found = history.on_or_before(asked or history.latest.publication.date)
    if found is None:
        raise not_found()
    year, index = found
    return year.dates[index], quote(year, slice(index, index + 1), terms)


def _asked_range(query: Query, history: Snapshot, now: datetime) -> tuple[str, str]:
    """A range's first and last day, neither before the first publication nor open."""
    today = now.date().isoformat()
    start, end = query.dates.start or today, query.dates.end or today
    if start > today:
        raise not_found()
    return max(start, history.latest.first_date), end


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _check_size(body: str) -> None:
    """Whether Lambda can hand the body over: in its JSON these characters take two bytes (no body has
    others)."""
    size = len(body) + ENVELOPE
    if size > LARGEST_PAYLOAD // 2:
        size += sum(map(body.count, '"\r\n'))
    if size > LARGEST_PAYLOAD:
        raise HttpError(422, "range too large: ask for fewer currencies, fewer years or a group")
