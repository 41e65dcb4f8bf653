"""Answers of v1 about the data and the API: currencies, status and the index."""

from typing import Any

from rates import SOURCE, VERSION, calendar
from rates.currencies import currency
from rates.serving.answers import Answer, Moment, current_codes
from rates.serving.contract import file
from rates.serving.proxy import Request
from rates.serving.render import json_text
from rates.serving.representation import HTML, preferred
from rates.serving.snapshot import Snapshot

LINKS = {
    "latest": "latest",
    "currencies": "currencies",
    "changes": "changes",
    "status": "status",
    "openapi": "openapi.json",
}


def currencies(snapshot: Snapshot, _: Moment) -> Answer:
    """`/currencies`: the names of the currencies of the latest publication, by code."""
    names = {code: currency(code).name for code in current_codes(snapshot.latest)}
    return Answer(json_text(names), named=True)


def status(snapshot: Snapshot, moment: Moment) -> Answer:
    """`/status`: the age and the size of the history, its source, and the digest of each year."""
    latest = snapshot.latest
    first = latest.first_revision or latest.revision
    body: dict[str, Any] = {
        "date": latest.publication.date,
        "previous_date": latest.previous.date if latest.previous else None,
        "first_date": latest.first_date,
        "publications": latest.publications,
        "currencies": len(current_codes(latest)),
        "updated_at": latest.updated_at,
        "next_update": calendar.next_due(moment.now, moment.update_time).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "stale": calendar.is_stale(latest.publication.date, moment.now, moment.update_time),
        "revision": latest.revision,
        "revisions": {"first": first, "last": latest.revision},
        "source": latest.source._asdict(),
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
    if moment.is_past:
        del body["next_update"], body["stale"], body["revisions"]
    return Answer(json_text(body), timed=True, named=True)


def index(request: Request) -> Answer:
    """`/`: a page for a browser, a description as JSON for a program."""
    if preferred(request.headers.get("accept", ""), [HTML]) == HTML:
        return Answer(file("page.html"), HTML, varies=True)
    # These links work from `/v1` and from `/v1/`, because a repeated stage is removed from a path.
    links = {name: f"v1/{path}" for name, path in LINKS.items()}
    body = {"name": "exchange-rates", "version": VERSION, "source": SOURCE, "links": links}
    return Answer(json_text(body), varies=True)
