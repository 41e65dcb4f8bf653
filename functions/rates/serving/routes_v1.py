"""The routes of v1: each path with the answer's content and shape."""

from collections.abc import Callable

from rates.serving import about_v1, answers, contract, query_v1, render
from rates.serving.answers import Answer, Compute, Moment
from rates.serving.errors import not_found
from rates.serving.proxy import Request
from rates.serving.query import EACH_DAY, Dates, Query, last
from rates.serving.query_v1 import amount_text
from rates.serving.representation import CSV, preferred
from rates.serving.snapshot import Snapshot


def quotes(request: Request, **dates: str) -> Compute:
    """`/latest`, `/{date}`, `/{start_date}..{end_date}`: the quotes of a publication, or of a range."""
    query, media_type = query_v1.parse(request.parameters, _dates(**dates)), _media_type(request)

    def compute(snapshot: Snapshot, moment: Moment) -> Answer:
        blocks = answers.quotes(query, snapshot, moment)
        if not blocks:
            raise not_found(answers.nothing_quoted(query, snapshot))
        amount, base = amount_text(query.terms.amount), query.terms.base
        if media_type == CSV:
            body = render.days_csv(base, blocks, each_day=query.group == EACH_DAY)
        elif query.dates.is_range:
            body = render.days_json(amount, base, blocks)
        else:
            body = render.day_json(amount, base, blocks)
        ends_today = answers.ends_today(query, moment)
        return _answer(body, media_type, query, snapshot)._replace(ends_today=ends_today)

    return compute


def changes(request: Request, **dates: str) -> Compute:
    """`/changes` and so on: a publication compared with the one before it, or with the first of a range."""
    query, media_type = query_v1.parse_changes(request.parameters, _dates(**dates)), _media_type(request)

    def compute(snapshot: Snapshot, moment: Moment) -> Answer:
        compared = answers.compared(query, snapshot, moment)
        write = render.changes_csv if media_type == CSV else render.changes_json
        return _answer(write(query.terms.base, compared), media_type, query, snapshot)

    return compute


def ecb_file(request: Request) -> Compute:
    """`/eurofxref-*`: a file as the ECB writes it."""
    from rates.serving import ecb_files  # few requests need it

    return ecb_files.FILES[request.path]


ROUTES: dict[str, Callable[..., Compute]] = {
    "/latest": quotes,
    "/current": quotes,
    "/{date}": quotes,
    "/{start_date}..{end_date}": quotes,
    "/{start_date}..": quotes,
    "/changes": changes,
    "/changes/{date}": changes,
    "/changes/{start_date}..{end_date}": changes,
    "/changes/{start_date}..": changes,
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


def _dates(date: str | None = None, start_date: str | None = None, end_date: str | None = None) -> Dates:
    """Return the dates in a path. A range without an end goes up to today."""
    return Dates(date) if start_date is None else Dates(start_date, end_date, is_range=True)


def _answer(body: str, media_type: str, query: Query, snapshot: Snapshot) -> Answer:
    return Answer(body, media_type, answers.is_settled(query, snapshot), varies=True)


def _media_type(request: Request) -> str:
    """Return CSV or JSON. `format=csv` wins over the Accept header."""
    if last(request.parameters, "format") == "csv":
        return CSV
    return preferred(request.headers.get("accept", ""), [CSV])
