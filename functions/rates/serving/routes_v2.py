"""The routes of v2: each path with the answer's content and shape."""

from collections.abc import Callable, Sequence
from functools import partial

from rates.quotes import Quotes
from rates.serving import about_v2, answers, contract, query_v2, render
from rates.serving.answers import Answer, Compute, Moment
from rates.serving.errors import HttpError, not_found
from rates.serving.proxy import Request
from rates.serving.query import EACH_DAY, PROVIDER
from rates.serving.query_v2 import RowsQuery
from rates.serving.representation import CSV, JSON, NDJSON, preferred
from rates.serving.snapshot import Snapshot

_WRITERS = {JSON: render.rows_json, CSV: render.rows_csv, NDJSON: render.rows_ndjson}


def rates(request: Request, media_type: str = "") -> Compute:
    """`/rates`, `/rates.csv`, `/rates.json`: rows; the Accept header chooses if no media type is given."""
    asked = query_v2.parse_rates(request.parameters)
    chosen = media_type or preferred(request.headers.get("accept", ""), [CSV, NDJSON])

    def compute(snapshot: Snapshot, moment: Moment) -> Answer:
        asked.check_codes(snapshot.latest.currencies)
        blocks, is_settled = _rows(asked, snapshot, moment)
        each_day = asked.query.group == EACH_DAY
        body = _WRITERS[chosen](asked.query.terms.base, blocks, expanded=asked.expanded, each_day=each_day)
        ends_today = answers.ends_today(asked.query, moment)
        return Answer(body, chosen, is_settled, varies=not media_type, ends_today=ends_today)

    return compute


rates_csv, rates_json = partial(rates, media_type=CSV), partial(rates, media_type=JSON)


def rate(request: Request, base: str, quote: str) -> Compute:
    """`/rate/{base}/{quote}`: one row as an object."""
    asked = query_v2.parse_rate(request.parameters, base, quote)

    def compute(snapshot: Snapshot, moment: Moment) -> Answer:
        asked.check_codes(snapshot.latest.currencies)
        if not asked.from_provider:
            raise not_found(f"no provider but {PROVIDER}")
        blocks = answers.quotes(asked.query, snapshot, moment)
        if not blocks:
            raise not_found(answers.nothing_quoted(asked.query, snapshot))
        row = render.rows_json(asked.query.terms.base, blocks, expanded=asked.expanded)[1:-1]
        return Answer(row, settled=answers.is_settled(asked.query, snapshot))

    return compute


def _of_provider(route: Callable[..., Compute], allowed: Sequence[str]) -> Callable[..., Compute]:
    """Return the route below `/providers/{key}`. It takes all parameters of the other one but `providers`."""
    others = [name for name in allowed if name != "providers"]

    def below(request: Request, key: str, **values: str) -> Compute:
        query_v2.check_provider(key)
        query_v2.refuse_others(request.parameters, others)
        return route(request, **values)

    return below


ROUTES: dict[str, Callable[..., Compute]] = {
    "/rates": rates,
    "/rates.csv": rates_csv,
    "/rates.json": rates_json,
    "/rate/{base}/{quote}": rate,
    "/currencies": about_v2.currencies,
    "/currency/{code}": about_v2.currency,
    "/providers": lambda _: about_v2.providers,
    "/providers/{key}": about_v2.provider,
    "/providers/{key}/rates": _of_provider(rates, query_v2.RATES_PARAMETERS),
    "/providers/{key}/rates.csv": _of_provider(rates_csv, query_v2.RATES_PARAMETERS),
    "/providers/{key}/rates.json": _of_provider(rates_json, query_v2.RATES_PARAMETERS),
    "/providers/{key}/rate/{base}/{quote}": _of_provider(rate, query_v2.RATE_PARAMETERS),
}
CURRENT = [ROUTES[path] for path in ("/providers", "/providers/{key}")]  # these ignore `revision`
PAGES: dict[str, Callable[[Request], Answer]] = {  # without data
    "/": about_v2.index,
    "/openapi.json": contract.openapi,
}


def _rows(asked: RowsQuery, snapshot: Snapshot, moment: Moment) -> tuple[list[Quotes], bool]:
    """Return the quotes, and if they are settled. The absence of a publication is not: one may follow."""
    try:
        blocks = answers.quotes(asked.query, snapshot, moment) if asked.from_provider else []
    except HttpError:
        return [], False
    return blocks, answers.is_settled(asked.query, snapshot)
