"""DynamoDB as a server on loopback: moto's tables, or the failures that a test plans."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from tests.integration.feed_server import Reply, answer
from tests.integration.serving import ReplyServer

AWS_URL = "https://dynamodb.eu-central-1.amazonaws.com/"


class Asked(NamedTuple):
    """A request that the server received."""

    path: str
    headers: dict[str, str]
    content: bytes


class DynamoDBServer(ReplyServer):
    """Notes the calls of all connections. Keeps connections alive, unless a reply closes them."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.restart()

    def restart(self) -> None:
        """Forget the calls and the plan."""
        self.calls: list[str] = []
        self.requests: list[Asked] = []
        self.reply_to: Callable[[str], Reply] = lambda _: moto  # by operation
        self.connections = 0
        self.closing = threading.Event()

    def plan(self, *replies: Reply) -> None:
        """Send these replies to the next requests, and the last one to all later requests."""
        left = list(replies)
        self.reply_to = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def plan_for(self, operation: str, reply: Reply) -> None:
        """Send these replies to one operation; moto replies to the others."""
        self.reply_to = lambda called: reply if called == operation else moto

    def made(self) -> list[str]:
        """Return the calls since the last time."""
        made, self.calls = self.calls, []
        return made


class _Handler(BaseHTTPRequestHandler):
    server: DynamoDBServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # sends an answer in one piece

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.content = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        is_consistent = b'"ConsistentRead": true' in self.content
        self.server.calls.append(f"{operation}, consistent" if is_consistent else operation)
        self.server.requests.append(Asked(self.path, dict(self.headers.items()), self.content))
        self.server.reply_to(operation)(self)

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


def moto(handler: BaseHTTPRequestHandler) -> None:
    """Reply as moto's mock of DynamoDB does."""
    assert isinstance(handler, _Handler)
    headers = HTTPHeaders()
    for name, value in handler.headers.items():
        headers[name] = value
    request = AWSPreparedRequest("POST", AWS_URL, headers, handler.content, stream_output=False)
    response = botocore_stubber("before-send", request)
    assert response is not None, "moto is off"
    checksum = response.headers["x-amz-crc32"]
    answer(response.content, response.status_code, x_amz_crc32=checksum)(handler)


def refusal(code: str, status: int = 400) -> Reply:
    """Return a reply with an error code of DynamoDB's."""
    error = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "as planned"}
    return answer(json.dumps(error).encode(), status)


def closing(reply: Reply) -> Reply:
    """Return the reply, after which the server closes the connection without a warning."""

    def reply_and_close(handler: BaseHTTPRequestHandler) -> None:
        reply(handler)
        handler.close_connection = True

    return reply_and_close


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Reply nothing until the end of the test."""
    assert isinstance(handler, _Handler)
    handler.server.closing.wait()
    handler.close_connection = True
