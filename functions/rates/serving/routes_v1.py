"""The routes of v1: each path with the answer's content and shape."""

from __future__ import annotations

from collections.abc import Callable

from rates.serving import about_v1, answers, contract, query_v1, render
from rates.serving.answers import Answer, Compute, Moment
from rates.serving.errors import not_found
from rates.serving.proxy import Request
from rates.serving.query import EACH_DAY, Dates, Query, last
from rates.serving.query_v1 import amount_text
from rates.serving.representation import CSV, preferred
from rates.serving.snapshot import Snapshot


def latest(request: Request) -> Compute:
    """`/latest` and `/current`: the quotes of the latest publication."""
    return _quotes(request, Dates())


def on_date(request: Request, date: str) -> Compute:
    """`/{date}`: the quotes of one publication."""
    return _quotes(request, Dates(date))


def in_range(request: Request, start_date: str, end_date: str | None = None) -> Compute:
    """`/{start_date}..{end_date}`: the quotes of a range of days; an open one goes up to today."""
    return _quotes(request, Dates(start_date, end_date, is_range=True))


def changes(request: Request, date: str | None = None) -> Compute:
    """`/changes` and `/changes/{date}`: a publication compared with the one before it."""
    return _changes(request, Dates(date))


def changes_in_range(request: Request, start_date: str, end_date: str | None = None) -> Compute:
    """`/changes/{start_date}..{end_date}`: the last publication of a range compared with its first."""
    return _changes(request, Dates(start_date, end_date, is_range=True))


def ecb_file(request: Request) -> Compute:
    """`/eurofxref-*`: a file as the ECB writes it."""
    from rates.serving import ecb_files  # few requests need it

    return ecb_files.FILES[request.path]


ROUTES: dict[str, Callable[..., Compute]] = {
    "/latest": latest,
    "/current": latest,
    "/{date}": on_date,
    "/{start_date}..{end_date}": in_range,
    "/{start_date}..": in_range,
    "/changes": changes,
    "/changes/{date}": changes,
    "/changes/{start_date}..{end_date}": changes_in_range,
    "/changes/{start_date}..": changes_in_range,
    "/currencies": lambda _: about_v1.currencies,
    "/status": lambda _: about_v1.status,
    "/eurofxref-daily.xml": ecb_file,
    "/eurofxref-hist-90d.xml": ecb_file,
    "/eurofxref-hist.csv": ecb_file,
}
PAGES: dict[str, Callable[[Request], Answer]] = {  # without data
    "/": about_v1.index,
    "/openapi.json": contract.openapi,
}


def _quotes(request: Request, dates: Dates) -> Compute:
    query, media_type = query_v1.parse(request.parameters, dates), _media_type(request)

    def compute(snapshot: Snapshot, moment: Moment) -> Answer:
        blocks = answers.quotes(query, snapshot, moment)
        if not blocks:
            raise not_found(answers.nothing_quoted(query, snapshot))
        amount, base = amount_text(query.terms.amount), query.terms.base
        if media_type == CSV:
            body = render.days_csv(base, blocks, each_day=query.group == EACH_DAY)
        elif dates.is_range:
            body = render.days_json(amount, base, blocks)
        else:
            body = render.day_json(amount, base, blocks)
        ends_today = answers.ends_today(query, moment)
        return _answer(body, media_type, query, snapshot)._replace(ends_today=ends_today)

    return compute


def _changes(request: Request, dates: Dates) -> Compute:
    query, media_type = query_v1.parse_changes(request.parameters, dates), _media_type(request)

    def compute(snapshot: Snapshot, moment: Moment) -> Answer:
        compared = answers.compared(query, snapshot, moment)
        write = render.changes_csv if media_type == CSV else render.changes_json
        return _answer(write(query.terms.base, compared), media_type, query, snapshot)

    return compute


def _answer(body: str, media_type: str, query: Query, snapshot: Snapshot) -> Answer:
    return Answer(body, media_type, answers.is_settled(query, snapshot), varies=True)


def _media_type(request: Request) -> str:
    """Return CSV or JSON. `format=csv` wins over the Accept header."""
    if last(request.parameters, "format") == "csv":
        return CSV
    return preferred(request.headers.get("accept", ""), [CSV])
