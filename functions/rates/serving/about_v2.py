"""Answers of v2 about the data and the API: currencies, providers and the index."""

from typing import Any

from rates import calendar
from rates import currencies as all_currencies
from rates.history import BASE
from rates.serving.answers import Answer, Compute, Moment, current_codes
from rates.serving.errors import not_found
from rates.serving.proxy import Request
from rates.serving.query import PROVIDER
from rates.serving.query_v2 import check_provider, includes_ended, includes_provider, path_code
from rates.serving.render import json_text
from rates.serving.snapshot import Snapshot
from rates.storage.documents import Latest

ECB = "https://www.ecb.europa.eu"
DATA_URL = f"{ECB}/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"
TERMS_URL = f"{ECB}/services/using-our-site/disclaimer/html/index.en.html"
PROTOCOL_URL = "https://frankfurter.dev/"


def currencies(request: Request) -> Compute:
    """`/currencies`: the currencies of the latest publication, with `scope=all` the ended ones too."""
    is_asked = includes_provider(request.parameters)
    is_all = includes_ended(request.parameters)

    def compute(snapshot: Snapshot, _: Moment) -> Answer:
        spans = _spans(snapshot.latest)
        codes = (spans if is_all else current_codes(snapshot.latest)) if is_asked else []
        return Answer(json_text([_currency(code, spans[code]) for code in codes]), named=True)

    return compute


def currency(_: Request, code: str) -> Compute:
    """`/currency/{code}`: one currency with its providers."""
    code = path_code(code)

    def compute(snapshot: Snapshot, _: Moment) -> Answer:
        spans = _spans(snapshot.latest)
        if code not in spans:
            raise not_found(f"unknown currency: {code}")
        return Answer(json_text({**_currency(code, spans[code]), "providers": [PROVIDER]}), named=True)

    return compute


def providers(snapshot: Snapshot, moment: Moment) -> Answer:
    """`/providers`: the ECB, the only one."""
    return Answer(json_text([_ecb(snapshot.latest, moment)]), timed=True)


def provider(_: Request, key: str) -> Compute:
    """`/providers/{key}`: one provider as an object."""
    check_provider(key)
    return lambda snapshot, moment: Answer(json_text(_ecb(snapshot.latest, moment)), timed=True)


def _ecb(latest: Latest, moment: Moment) -> dict[str, Any]:
    """Return the description of the ECB as a provider."""
    return {
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
        "frequency": "daily",
        "publishes_missed": calendar.missed(latest.publication.date, moment.now, moment.update_time),
        "currencies": list(_spans(latest)),
    }


def index(_: Request) -> Answer:
    """`/`: its version and its documentation."""
    body = {"version": "v2", "status": "current", "openapi": "v2/openapi.json", "docs": PROTOCOL_URL}
    return Answer(json_text(body))


def _spans(latest: Latest) -> dict[str, tuple[str, str]]:
    """Return the first and the last date of each currency and of the euro, sorted by code."""
    euro = (latest.first_date, latest.publication.date)
    return dict(sorted({BASE: euro, **latest.currencies}.items()))


def _currency(code: str, span: tuple[str, str]) -> dict[str, Any]:
    number, name, symbol = all_currencies.currency(code)
    return {
        "iso_code": code,
        "iso_numeric": number,
        "name": name,
        "symbol": symbol,
        "start_date": span[0],
        "end_date": span[1],
    }
