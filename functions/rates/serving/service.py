"""Turn a request into a response: methods, errors, headers, conditional requests and the size limit."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from rates.serving import caching, routes_v1, routes_v2, routing
from rates.serving.answers import Answer, Compute, Moment
from rates.serving.errors import HttpError, invalid, not_found
from rates.serving.proxy import Request, Response, fits
from rates.serving.query import revision_of
from rates.serving.reader import TIME_TO_LIVE, HistoryUnavailableError, NoRevisionError, Reader, Report
from rates.serving.render import error_text
from rates.serving.representation import HTML, JSON
from rates.serving.snapshot import Snapshot
from rates.settings import Settings
from rates.storage.documents import Latest

METHODS = "GET, HEAD, OPTIONS"
LONGEST_MESSAGE = 200  # characters of a message or a detail: both may repeat names from the request
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Retry-After, Revision"}
PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*, Authorization",  # `*` does not cover it
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
}
ROUTES = {"v1": routes_v1.ROUTES, "v2": routes_v2.ROUTES}
PAGES = {"v1": routes_v1.PAGES, "v2": routes_v2.PAGES}


def respond(request: Request, reader: Reader, settings: Settings, now: datetime) -> tuple[Response, Report]:
    """Return the response to a request, and the report of its read. `now` is aware.

    Raises only if there is a fault in this code.
    """
    reader.report = Report()
    if request.method == "OPTIONS":
        return Response(204, PREFLIGHT), reader.report
    headers = {"Cache-Control": f"public, max-age={caching.LONGEST}"}
    try:
        if request.method not in ("GET", "HEAD"):
            raise HttpError(405, "method not allowed", headers={"Allow": METHODS})
        if page := PAGES[request.version].get(request.path):
            answer = page(request)
        else:
            function, values = routing.find(ROUTES[request.version], request.path)
            compute: Compute = function(request, **values)
            revision = None if function in routes_v2.CURRENT else revision_of(request.parameters)
            answer, headers = _read(compute, reader, Moment(now, settings.update_time), revision)
        response = _response(request, settings, answer, headers)
    except HttpError as error:
        response = _error_response(request, error)
    return _without_body(response) if request.method == "HEAD" else response, reader.report


def internal_error(request: Request) -> Response:
    """Return the response for a fault in this code. It shows nothing of the fault."""
    response = _error_response(request, HttpError(500, "internal server error"))
    return _without_body(response) if request.method == "HEAD" else response


def _without_body(response: Response) -> Response:
    return Response(response.status, response.headers)


def _error_response(request: Request, error: HttpError) -> Response:
    """Return the response for an error, in the shape of the request's version."""
    body: dict[str, int | str] = {"status": error.status} if request.version == "v2" else {}
    texts = {"message": error.message, "detail": error.detail}
    body |= {name: text[:LONGEST_MESSAGE] for name, text in texts.items() if text}
    headers = {**CORS, "Content-Type": JSON, "Cache-Control": "no-store", **error.headers}
    return Response(error.status, headers, error_text(body))


def _read(
    compute: Compute, reader: Reader, moment: Moment, revision: int | None
) -> tuple[Answer, dict[str, str]]:
    """Return an answer from the newest revision or a given one, and its headers."""

    def attempt(snapshot: Snapshot) -> tuple[Answer, Latest]:
        latest = snapshot.latest
        return compute(snapshot, moment.of_revision(latest) if revision else moment), latest

    try:
        answer, latest = reader.read_revision(revision, attempt) if revision else reader.read(attempt)
    except NoRevisionError as error:
        is_lost = reader.report.trouble
        reason = f"revision {revision} is no longer complete" if is_lost else f"no revision {revision}"
        raise not_found(reason) from error
    except HistoryUnavailableError as error:
        message = "temporarily unavailable" if reader.report.trouble else "no data yet"
        raise HttpError(503, message, headers={"Retry-After": "60"}) from error
    headers = {"Cache-Control": _cached(answer, latest, moment, revision), "Revision": str(latest.revision)}
    if not answer.timed:
        published = datetime.fromisoformat(latest.updated_at)
        headers["Last-Modified"] = published.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return answer, headers


def _cached(answer: Answer, latest: Latest, moment: Moment, revision: int | None) -> str:
    if revision:
        return f"public, {caching.NAMED if answer.named else caching.FOREVER}"
    newest = latest.publication.date
    max_age = caching.max_age(newest, moment.now, moment.update_time, TIME_TO_LIVE, settled=answer.settled)
    if answer.ends_today:
        max_age = min(max_age, caching.until_midnight(moment.now))
    return f"public, max-age={max_age}"


def _response(request: Request, settings: Settings, answer: Answer, about: Mapping[str, str]) -> Response:
    """Return a 200, or a 304 if the client has the answer already. Raises a 422 if it is too large."""
    if not fits(answer.body):
        raise invalid("range too large: ask for fewer currencies, fewer years or a group")
    asked = f"{request.path}?{sorted(request.parameters.items())}"
    tag = caching.entity_tag(settings.code_version, answer.media_type, asked, answer.body)
    headers = {**CORS, "ETag": tag, **about}
    if answer.varies:
        headers["Vary"] = "Accept"
    if caching.matches(request.headers.get("if-none-match", ""), tag):
        return Response(304, headers)
    headers |= {"Content-Type": answer.media_type, "X-Content-Type-Options": "nosniff"}
    if answer.media_type == HTML:
        headers["Content-Security-Policy"] = _page_policy(answer.body)
    return Response(200, headers, answer.body)


@cache
def _page_policy(page: str) -> str:
    """Return a policy that allows only the page's own script and style, and requests to its own API."""
    import base64
    import hashlib
    import re

    sources = {
        tag: " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        )
        for tag in ("script", "style")
    }
    return (
        f"default-src 'none'; script-src {sources['script']}; style-src {sources['style']}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
