"""A request's way to its response: method, path, answer, and the headers that go with it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache

from rates.serving import answers, caching, query
from rates.serving.answers import Answer
from rates.serving.errors import HttpError
from rates.serving.gateway import Request, Response
from rates.serving.reader import TIME_TO_LIVE, Reader, Snapshot
from rates.serving.render import json_text
from rates.serving.representation import CSV, HTML, JSON, prefers
from rates.settings import Settings

METHODS = "GET, HEAD, OPTIONS"
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
}


def respond(request: Request, reader: Reader, settings: Settings, now: datetime) -> Response:
    """The response to a request; `now` is aware. Only a fault of our own raises."""
    if request.method == "OPTIONS":
        return Response(204, PREFLIGHT)
    try:
        if request.method not in ("GET", "HEAD"):
            raise HttpError(405, "method not allowed", {"Allow": METHODS})
        response = _found(request, reader, settings, now)
    except HttpError as refusal:
        response = refused(refusal)
    return Response(response.status, response.headers) if request.method == "HEAD" else response


def refused(refusal: HttpError) -> Response:
    """An error's response. The message is ours: nothing of the request is in it."""
    headers = {**CORS, "Content-Type": JSON, "Cache-Control": "no-store", **refusal.headers}
    return Response(refusal.status, headers, json_text({"message": refusal.message}))


def _found(request: Request, reader: Reader, settings: Settings, now: datetime) -> Response:
    accept = request.headers.get("accept", "")
    if request.path in ("/", "/openapi.json"):  # what needs no data
        answer = answers.index(html=prefers(accept, HTML)) if request.path == "/" else answers.openapi()
        return _response(request, settings, answer, caching.LONGEST)
    compute = _computation(request, accept, settings, now)
    answer, newest = reader.answer(lambda history: (compute(history), history.latest.publication.date))
    max_age = caching.max_age(newest, now, settings.update_time, TIME_TO_LIVE, settled=answer.settled)
    return _response(request, settings, answer, max_age)


def _computation(
    request: Request, accept: str, settings: Settings, now: datetime
) -> Callable[[Snapshot], Answer]:
    """What is to be made of the history; a HttpError where the request itself is wrong."""
    if request.path == "/currencies":
        return answers.currencies
    if request.path == "/status":
        return lambda history: answers.status(history, now, settings.update_time)
    asked = query.parse(request.path, request.parameters)
    csv = request.parameters.get("format") == "csv" or prefers(accept, CSV)
    return lambda history: answers.quotes(asked, history, now, csv=csv)


def _response(request: Request, settings: Settings, answer: Answer, max_age: int) -> Response:
    """A 200, or a 304 where the client has it already."""
    asked = f"{request.path}?{sorted(request.parameters.items())}"
    tag = caching.entity_tag(settings.code_version, answer.media_type, asked, answer.body)
    headers = {**CORS, "ETag": tag, "Cache-Control": f"public, max-age={max_age}"}
    if answer.negotiated:
        headers["Vary"] = "Accept"
    if caching.is_known(request.headers.get("if-none-match", ""), tag):
        return Response(304, headers)
    headers |= {"Content-Type": answer.media_type, "X-Content-Type-Options": "nosniff"}
    if answer.media_type == HTML:
        headers["Content-Security-Policy"] = _page_policy(answer.body)
    return Response(200, headers, answer.body)


@cache
def _page_policy(page: str) -> str:
    """A policy that lets the page's own script and style run, its own API be asked, and nothing else."""
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
