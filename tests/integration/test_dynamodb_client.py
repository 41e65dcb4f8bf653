"""The get function's DynamoDB client, beside boto3's on moto's table, and on connections that break."""

import json
import select
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from typing import Any
from zlib import crc32

import pytest

from rates.serving import dynamodb as dynamodb_module
from rates.serving.dynamodb import CallError, Client
from tests.conftest import TABLE
from tests.integration.dynamodb_server import DynamoDBServer, closing, refusal, silence
from tests.integration.feed_server import Reply, answer, raw, reset
from tests.integration.serving import serving

ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "AKID",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
}
KEY = {"pk": {"S": "latest"}}
ITEM = {"Item": {"pk": {"S": "latest"}}}
CONTENT = json.dumps(ITEM).encode()
GOOD = answer(CONTENT)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


@pytest.fixture
def server() -> Iterator[DynamoDBServer]:
    """Return a server that replies with the item."""
    with serving(DynamoDBServer()) as server:
        server.plan(GOOD)
        yield server


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that the client makes. They take no time."""
    pauses: list[float] = []
    monkeypatch.setattr("rates.serving.dynamodb.time.sleep", pauses.append)
    return pauses


@pytest.fixture
def client(server: DynamoDBServer, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> Client:  # noqa: ARG001
    """Return a client of the server that waits 0.5 s for an answer and does not pause."""
    monkeypatch.setattr("rates.serving.dynamodb.TIMEOUT", 0.5)
    return Client(server.url, ENVIRONMENT)


def get(client: Client) -> Any:
    return client.get_item(TableName=TABLE, Key=KEY, ConsistentRead=False)


def test_answers_equal_boto3s(dynamodb: DynamoDBServer, table: Any) -> None:
    values = {"S": 'å "text"'}, {"N": "12"}, {"B": b"\x00\xff"}, {"BOOL": True}, {"M": {"B": {"B": b"1"}}}
    for number, value in enumerate(values):
        table.put_item(TableName=TABLE, Item={"pk": {"S": str(number)}, "value": value})
    client = Client(dynamodb.url, ENVIRONMENT)
    for number in range(len(values) + 1):  # the last one is missing
        arguments: Any = {"TableName": TABLE, "Key": {"pk": {"S": str(number)}}, "ConsistentRead": True}
        ours, theirs = client.get_item(**arguments), table.get_item(**arguments)
        del theirs["ResponseMetadata"]
        assert ours == theirs
    keys = [{"pk": {"S": str(number)}} for number in range(9)]
    ours = client.batch_get_item(RequestItems={TABLE: {"Keys": keys, "ConsistentRead": False}})
    assert {item["pk"]["S"]: item["value"] for item in ours["Responses"][TABLE]} == {
        str(number): value for number, value in enumerate(values)
    }
    assert ours["UnprocessedKeys"] == {}


def test_request_is_signed_and_names_its_operation(server: DynamoDBServer, client: Client) -> None:
    get(client)
    client.batch_get_item(RequestItems={})
    first, second = server.requests
    assert json.loads(first.content) == {"TableName": TABLE, "Key": KEY, "ConsistentRead": False}
    assert first.path == "/"
    assert first.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert second.headers["x-amz-target"] == "DynamoDB_20120810.BatchGetItem"
    assert first.headers["content-type"] == "application/x-amz-json-1.0"
    assert first.headers["host"] == server.url.removeprefix("http://")
    assert first.headers["x-amz-security-token"] == "token"
    signed_at = datetime.strptime(first.headers["x-amz-date"], "%Y%m%dT%H%M%S%z")
    assert abs(datetime.now(UTC) - signed_at) < timedelta(minutes=1)
    assert first.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert (
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
        in (first.headers["authorization"])
    )


def test_emulators_endpoint_takes_precedence(server: DynamoDBServer) -> None:
    client = Client("https://dynamodb.example", {**ENVIRONMENT, "AWS_ENDPOINT_URL": server.url})
    assert get(client) == ITEM


def test_aws_is_called_over_https_with_certificates_checked() -> None:
    connection = Client("https://dynamodb.eu-central-1.amazonaws.com", ENVIRONMENT)._connection
    assert isinstance(connection, HTTPSConnection)
    assert (connection.host, connection.port) == ("dynamodb.eu-central-1.amazonaws.com", 443)
    assert connection.timeout == 2
    context: ssl.SSLContext = connection._context  # type: ignore[attr-defined]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_certificate_of_nobody_fails_the_call(pauses: list[float], server: DynamoDBServer) -> None:
    """The server speaks plain HTTP, so the handshake fails."""
    client = Client(server.url.replace("http:", "https:"), ENVIRONMENT)
    with pytest.raises(CallError, match="SSL"):
        get(client)
    assert pauses == [dynamodb_module.PAUSE]


def test_connection_is_kept_alive(server: DynamoDBServer, client: Client) -> None:
    assert [get(client) for _ in range(3)] == [ITEM] * 3
    assert (server.connections, server.calls) == (1, ["GetItem"] * 3)


@pytest.mark.parametrize("seconds", [dynamodb_module.KEPT, -1], ids=["idle", "clock set back"])
def test_connection_is_used_again_for_some_seconds(
    server: DynamoDBServer, client: Client, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    get(client)
    now = client._used_at + seconds
    monkeypatch.setattr("rates.serving.dynamodb.time.time", lambda: now)
    assert [get(client) for _ in range(2)] == [ITEM] * 2
    assert server.connections == 2


def test_live_connection_is_not_waited_for(
    server: DynamoDBServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def nothing_to_read(*arguments: Any) -> tuple[list[Any], list[Any], list[Any]]:
        waits.append(arguments[-1])
        return [], [], []

    get(client)
    monkeypatch.setattr("rates.serving.dynamodb.select.select", nothing_to_read)
    get(client)
    assert (waits, server.connections) == ([0], 1)


@pytest.mark.fault("An idle connection is closed")
def test_idle_connection_that_was_closed_is_reopened(
    server: DynamoDBServer, client: Client, pauses: list[float]
) -> None:
    server.plan(closing(GOOD), refusal("AccessDeniedException"))
    get(client)
    wait_until_closed(client)
    with pytest.raises(CallError):
        get(client)
    assert (server.connections, server.calls, pauses) == (2, ["GetItem"] * 2, [])  # no attempt was lost


def wait_until_closed(client: Client) -> None:
    """Wait until the client can see that the server closed its connection."""
    assert client._connection.sock
    assert select.select([client._connection.sock], [], [], 30)[0]


TRANSIENT: dict[str, Reply] = {
    "throttled": refusal("ThrottlingException"),
    "request limit": refusal("RequestLimitExceeded"),
    "throughput exceeded": refusal("ProvisionedThroughputExceededException"),
    "internal error": refusal("InternalServerError", 500),
    "HTML 503": answer(b"<html>Service Unavailable</html>", 503),
    "closed without an answer": closing(raw()),
    "reset": closing(reset(b"")),
    "reset in the body": closing(reset(HEAD + b"{")),
    "half an answer": closing(raw(HEAD, b'{"Item": ')),
    "not HTTP": closing(raw(b"SSH-2.0-OpenSSH_9.6\r\n")),
    "no answer": silence,
    "empty body": answer(b""),
    "garbage": answer(b'{"Item": '),
    "not UTF-8": answer(b'{"Item": "\xff"}'),
    "not an object": answer(b"[]"),
    "binary value that is none": answer(b'{"Item": {"document": {"B": "AAA"}}}'),
    "wrong checksum": answer(CONTENT, x_amz_crc32=str(crc32(CONTENT) + 1)),
}


@pytest.mark.fault("A broken connection or a damaged answer while reading")
@pytest.mark.parametrize("fault", TRANSIENT)
def test_transient_failure_is_retried_once_and_then_raised(
    server: DynamoDBServer, client: Client, pauses: list[float], fault: str
) -> None:
    server.plan(TRANSIENT[fault], GOOD)
    assert get(client) == ITEM
    assert server.made() == ["GetItem"] * 2
    assert pauses == [dynamodb_module.PAUSE]
    server.plan(TRANSIENT[fault])
    with pytest.raises(CallError) as raised:
        get(client)
    assert raised.value.is_transient
    assert server.made() == ["GetItem"] * 2
    server.plan(GOOD)
    assert get(client) == ITEM


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"]
)
def test_other_errors_are_raised_at_once(server: DynamoDBServer, client: Client, code: str) -> None:
    server.plan(refusal(code))
    with pytest.raises(CallError, match=f"^HTTP 400 {code}: as planned$"):
        get(client)
    assert server.calls == ["GetItem"]


def test_error_message_in_either_spelling(server: DynamoDBServer, client: Client) -> None:
    server.plan(answer(b'{"__type": "com.amazon.coral#ExpiredTokenException", "Message": "expired"}', 400))
    with pytest.raises(CallError, match="HTTP 400 ExpiredTokenException: expired"):
        get(client)


def test_right_checksum_is_accepted(server: DynamoDBServer, client: Client, pauses: list[float]) -> None:
    server.plan(answer(CONTENT, x_amz_crc32=str(crc32(CONTENT))))
    assert (get(client), pauses) == (ITEM, [])


def test_refused_connection_is_retried_once(pauses: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{free.getsockname()[1]}", ENVIRONMENT)
        with pytest.raises(CallError, match="ConnectionRefusedError"):
            get(client)
    assert pauses == [dynamodb_module.PAUSE]


def test_two_attempts_stay_within_the_functions_timeout() -> None:
    """Each attempt waits for the connection and for the answer."""
    assert 2 * 2 * dynamodb_module.TIMEOUT + dynamodb_module.PAUSE < 10
