"""The get function's service as a WSGI application, for tools that need HTTP but no gateway."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from rates.serving import proxy, service
from rates.serving.reader import Reader
from rates.settings import Settings
from tests.support import NOW

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def application(reader: Reader, settings: Settings) -> Application:
    """Return both versions of the API, below `/v1` and `/v2`, on a reader's history."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-"): value for name, value in environ.items() if name[:5] == "HTTP_"
        }
        event = {
            "httpMethod": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            "multiValueQueryStringParameters": parse_qs(environ["QUERY_STRING"], keep_blank_values=True),
            "headers": headers,
        }
        response, _ = service.respond(proxy.request(event), reader, settings, NOW)
        payload = response.payload()
        status = HTTPStatus(payload["statusCode"])
        start_response(f"{status.value} {status.phrase}", list(payload["headers"].items()))
        return [payload["body"].encode()]

    return answer
