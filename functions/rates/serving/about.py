"""Answers about the data and the API: currencies, status, providers, the index and the contract."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from rates import SOURCE, VERSION, calendar
from rates import currencies as names_of
from rates.history import BASE
from rates.serving.answers import Answer, Moment
from rates.serving.errors import not_found, unavailable
from rates.serving.gateway import Request
from rates.serving.query import last
from rates.serving.query_v2 import PROVIDER, includes_provider, path_code
from rates.serving.reader import Snapshot
from rates.serving.render import json_text
from rates.serving.representation import HTML, preferred
from rates.storage.documents import Latest

Compute = Callable[[Snapshot, Moment], Answer]

FILES = Path(__file__).parent
ECB = "https://www.ecb.europa.eu"
DATA_URL = f"{ECB}/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"
TERMS_URL = f"{ECB}/services/disclaimer/html/index.en.html"
PROTOCOL_URL = "https://frankfurter.dev/"
LINKS = {
    "latest": "latest",
    "currencies": "currencies",
    "changes": "changes",
    "status": "status",
    "openapi": "openapi.json",
}


def names(snapshot: Snapshot, _: Moment) -> Answer:
    """`/currencies` of v1: the names of the currencies of the latest publication, by code."""
    return Answer(json_text({code: names_of.currency(code).name for code in _current(snapshot.latest)}))


def status(snapshot: Snapshot, moment: Moment) -> Answer:
    """`/status`: the age and the size of the history, its source, and the digest of each year."""
    latest = snapshot.latest
    body = {
        "date": latest.publication.date,
        "previous_date": latest.previous.date if latest.previous else None,
        "first_date": latest.first_date,
        "publications": latest.publications,
        "currencies": len(_current(latest)),
        "updated_at": latest.updated_at,
        "next_update": calendar.next_due(moment.now, moment.update_time).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "stale": calendar.is_stale(latest.publication.date, moment.now, moment.update_time),
        "revision": latest.revision,
        "source": {
            "url": latest.source.url,
            "etag": latest.source.etag,
            "last_modified": latest.source.last_modified,
        },
        "years": {
            year: {
                "digest": entry.digest,
                "publications": entry.publications,
                "first_date": entry.first_date,
                "last_date": entry.last_date,
            }
            for year, entry in latest.years.items()
        },
    }
    return Answer(json_text(body))


def currencies(request: Request) -> Compute:
    """`/currencies` of v2: the currencies of the latest publication, with `scope=all` the ended ones too."""
    is_asked = includes_provider(request.parameters)
    is_all = last(request.parameters, "scope") == "all"

    def compute(snapshot: Snapshot, _: Moment) -> Answer:
        spans = _spans(snapshot.latest)
        codes = spans if is_all else _current(snapshot.latest)
        return Answer(json_text([_currency(code, spans[code]) for code in codes] if is_asked else []))

    return compute


def currency(_: Request, code: str) -> Compute:
    """`/currency/{code}`: one currency with its providers."""
    code = path_code(code)

    def compute(snapshot: Snapshot, _: Moment) -> Answer:
        spans = _spans(snapshot.latest)
        if code not in spans:
            raise not_found(f"unknown currency: {code}")
        return Answer(json_text({**_currency(code, spans[code]), "providers": [PROVIDER]}))

    return compute


def providers(snapshot: Snapshot, moment: Moment) -> Answer:
    """`/providers`: the ECB, the only one."""
    latest = snapshot.latest
    provider = {
        "key": PROVIDER,
        "name": "European Central Bank",
        "country_code": "EU",
        "rate_type": "reference rate",
        "pivot_currency": BASE,
        "data_url": DATA_URL,
        "terms_url": TERMS_URL,
        "start_date": latest.first_date,
        "end_date": latest.publication.date,
        "publish_cadence": "daily",
        "publishes_missed": calendar.missed(latest.publication.date, moment.now, moment.update_time),
        "currencies": list(_spans(latest)),
    }
    return Answer(json_text([provider]))


def index_v1(request: Request) -> Answer:
    """`/` of v1: a page for a browser, a description as JSON for a program."""
    if preferred(request.headers.get("accept", ""), [HTML]) == HTML:
        return Answer(file("page.html"), HTML, varies=True)
    # These links work from `/v1` and from `/v1/`, because a repeated stage is removed from a path.
    links = {name: f"v1/{path}" for name, path in LINKS.items()}
    body = {"name": "exchange-rates", "version": VERSION, "source": SOURCE, "links": links}
    return Answer(json_text(body), varies=True)


def index_v2(_: Request) -> Answer:
    """`/` of v2: its version and its documentation."""
    body = {"version": "v2", "status": "current", "openapi": "v2/openapi.json", "docs": PROTOCOL_URL}
    return Answer(json_text(body))


def openapi(request: Request) -> Answer:
    """`/openapi.json`: the contract of a version, for programs."""
    return Answer(file(f"openapi_{request.version}.json"))


@cache
def file(name: str) -> str:
    """Return a file of this package, read once."""
    return (FILES / name).read_text(encoding="utf-8")


def _current(latest: Latest) -> list[str]:
    """Return the currencies of the latest publication and the euro, sorted."""
    return sorted({BASE, *latest.publication.rates})


def _spans(latest: Latest) -> dict[str, tuple[str, str]]:
    """Return the first and the last date of each currency and of the euro, sorted by code.

    Raises a 503 if the latest item has no dates: the next update writes them.
    """
    if not latest.currencies:
        raise unavailable("no data yet")
    euro = (latest.first_date, latest.publication.date)
    return dict(sorted({BASE: euro, **latest.currencies}.items()))


def _currency(code: str, span: tuple[str, str]) -> dict[str, Any]:
    number, name, symbol = names_of.currency(code)
    return {
        "iso_code": code,
        "iso_numeric": number,
        "name": name,
        "symbol": symbol,
        "start_date": span[0],
        "end_date": span[1],
    }
