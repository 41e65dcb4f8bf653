"""MiniStack, which also serves the feed of a stack on the same port, and its API at `/v1` and `/v2`.

Started as a script in the directory of an emulator. The directory `feed` has the files that are served; the
file `feed-fault` names a fault of FAULTS that lasts as long as the file is there.
"""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import ministack.app as ministack  # type: ignore[import-untyped]
from ministack.services import apigateway_v1  # type: ignore[import-untyped]

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]

DIRECTORY = Path.cwd()
PAGE = b"<!doctype html><title>One moment, please</title><p>Please confirm that you are human."
# Each pause is shorter than the client's read timeout; together they exceed all of its timeouts.
SLOW_PAUSE_SECONDS = 2.0
SLOW_PIECES = 100

emulated_aws = ministack.app


async def app(scope: Scope, receive: Any, send: Send) -> None:
    """Answer an ASGI request."""
    path = scope.get("path") if scope["type"] == "http" else None
    if path == "/feed/eurofxref-hist.zip":
        await _feed(dict(scope["headers"]).get(b"if-none-match", b""), send)
    elif path == "/_local/pid":  # proves that it is this process that listens on the port
        await _answer(send, 200, str(os.getpid()).encode())
    else:
        await emulated_aws(_of_api(scope) if path else scope, receive, send)


def _of_api(scope: Scope) -> Scope:
    """Return the scope with MiniStack's own path: `/v1...` and `/v2...` on this host lead to the only API."""
    host = dict(scope["headers"]).get(b"host", b"").partition(b":")[0]
    apis = [api for (_, _, api), _ in apigateway_v1._rest_apis.all_items()]
    is_of_api = host in (b"127.0.0.1", b"localhost") and scope["path"].split("/")[1] in ("v1", "v2")
    if not is_of_api or len(apis) != 1:
        return scope
    prefix = f"/_aws/execute-api/{apis[0]}"
    return {**scope, "path": prefix + scope["path"], "raw_path": prefix.encode() + scope["raw_path"]}


async def _feed(etag: bytes, send: Send) -> None:
    fault = ""
    with suppress(FileNotFoundError):
        fault = (DIRECTORY / "feed-fault").read_text().strip()
    if fault == "html":
        await _answer(send, 200, PAGE, (b"content-type", b"text/html"))
    elif fault == "503":
        await _answer(send, 503, b"")
    elif fault == "slow":
        await _start(send, 200)
        for _ in range(SLOW_PIECES):
            await send({"type": "http.response.body", "body": b"P", "more_body": True})
            await asyncio.sleep(SLOW_PAUSE_SECONDS)
        await send({"type": "http.response.body"})
    else:
        file = DIRECTORY / "feed" / f"{fault if fault in ('stale', 'wrong') else 'good'}.zip"
        content = file.read_bytes()
        current = b'"%s"' % hashlib.sha256(content).hexdigest()[:16].encode()
        if etag == current:
            await _answer(send, 304, b"", (b"etag", current))
        else:
            await _answer(send, 200, content, (b"content-type", b"application/zip"), (b"etag", current))


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    await _start(send, status, *headers, (b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.body", "body": body})


async def _start(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


if __name__ == "__main__":
    ministack.app = app
    ministack.main()
