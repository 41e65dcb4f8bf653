"""A DynamoDB client for the two calls of the get function. Most of boto3's cold start is its own client.

botocore signs the requests, http.client sends them.
"""

from __future__ import annotations

import json
import os
import select
import time
from base64 import b64decode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from rates.storage.store import UnavailableError

TIMEOUT = 2  # seconds to connect, and to wait for more of an answer
PAUSE = 0.05  # seconds before the second and last attempt
CONTENT_TYPE = "application/x-amz-json-1.0"
THROTTLED = ("ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException")

Answer = dict[str, Any]


class CallError(UnavailableError):
    """A call failed. A transient failure (throttled, 5xx, connection, timeout, damaged) is retried once."""

    def __init__(self, message: str, *, is_transient: bool = True) -> None:
        super().__init__(message)
        self.is_transient = is_transient


class Client:
    """Has boto3's arguments and answers; raises CallError. Keeps one connection alive. Not thread-safe."""

    def __init__(self, endpoint: str, environment: Mapping[str, str] = os.environ) -> None:
        """Use region, credentials and, if an emulator sets it, AWS_ENDPOINT_URL of Lambda's environment."""
        url = urlsplit(environment.get("AWS_ENDPOINT_URL") or endpoint)
        connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
        self._connection = connect(url.netloc, timeout=TIMEOUT)
        self._url = f"{url.scheme}://{url.netloc}/"
        credentials: Any = SimpleNamespace(  # botocore's class for them takes long to import
            access_key=environment["AWS_ACCESS_KEY_ID"],
            secret_key=environment["AWS_SECRET_ACCESS_KEY"],
            token=environment.get("AWS_SESSION_TOKEN"),
        )
        self._signer = SigV4Auth(credentials, "dynamodb", environment["AWS_REGION"])

    def get_item(self, **parameters: Any) -> Answer:
        return self._call("GetItem", parameters)

    def batch_get_item(self, **parameters: Any) -> Answer:
        return self._call("BatchGetItem", parameters)

    def _call(self, operation: str, parameters: Answer) -> Answer:
        try:
            return self._attempt(operation, parameters)
        except CallError as error:
            if not error.is_transient:
                raise
        time.sleep(PAUSE)
        return self._attempt(operation, parameters)

    def _attempt(self, operation: str, parameters: Answer) -> Answer:
        headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        request = AWSRequest("POST", self._url, headers, json.dumps(parameters).encode())
        self._signer.add_auth(request)
        socket = self._connection.sock
        if socket and select.select([socket], [], [], 0)[0]:  # the server closed it while it was idle
            self._connection.close()
        try:
            self._connection.request("POST", "/", request.body, dict(request.headers.items()))
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise CallError(repr(error)) from error
        if response.headers.get("x-amz-crc32", str(crc32(content))) != str(crc32(content)):
            raise CallError(f"HTTP {response.status} with a wrong checksum")
        try:
            answer: Answer = json.loads(content, object_hook=_decode_binary)
        except ValueError as error:
            raise CallError(f"HTTP {response.status} with a damaged body") from error
        if response.status == 200:
            return answer
        code = answer.get("__type", "").rpartition("#")[2]
        message = f"HTTP {response.status} {code}: {answer.get('message') or answer.get('Message')}"
        raise CallError(message, is_transient=response.status >= 500 or code in THROTTLED)


def _decode_binary(value: Answer) -> Answer:
    """Decode an attribute's value if it is binary."""
    return {"B": b64decode(value["B"])} if isinstance(value.get("B"), str) else value
