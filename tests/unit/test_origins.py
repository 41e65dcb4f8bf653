"""CORS."""

import pytest

from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import MemoryStore


def open_to_all(headers: dict[str, str]) -> bool:
    exposed = headers["Access-Control-Expose-Headers"]
    return (headers["Access-Control-Allow-Origin"], exposed) == ("*", "ETag, Retry-After, Revision")


@pytest.mark.parametrize(
    ("url", "method", "headers", "status"),
    [
        ("/latest", "GET", {}, 200),
        ("/latest", "HEAD", {}, 200),
        ("/latest?format=csv", "GET", {}, 200),
        ("/latest", "GET", {"If-None-Match": "*"}, 304),
        ("/", "GET", {}, 200),
        ("/", "GET", {"Accept": "text/html"}, 200),
        ("/openapi.json", "GET", {}, 200),
        ("/nowhere", "GET", {}, 404),
        ("/1990-01-01", "GET", {}, 404),
        ("/2024-02-30", "GET", {}, 422),
        ("/latest", "POST", {}, 405),
        ("/latest", "OPTIONS", {}, 204),
        ("/v2/rates", "GET", {}, 200),
        ("/v2/nowhere", "GET", {}, 404),
        ("/v2/rates?x=1", "GET", {}, 422),
    ],
)
def test_cors_is_open_to_every_origin(
    ask: Ask, url: str, method: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(url, method=method, headers=headers)
    assert answer.status == status
    assert open_to_all(dict(answer.headers))


def test_cors_is_open_for_503_too() -> None:
    answer = asking(Reader(MemoryStore([])))("/latest")
    assert answer.status == 503
    assert open_to_all(dict(answer.headers))


@pytest.mark.parametrize("path", ["/latest", "/", "/nowhere", "/2024-02-30", "/v2/rates"])
def test_a_preflight_request_allows_the_methods_and_any_header(ask: Ask, path: str) -> None:
    answer = ask(path, method="OPTIONS")
    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "*, Authorization"
    assert "Content-Type" not in answer.headers
