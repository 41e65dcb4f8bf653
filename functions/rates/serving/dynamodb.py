"""A DynamoDB client for the two calls of the get function. boto3's own client takes most of a cold start."""

import json
import os
import select
import time
from base64 import b64decode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from rates.serving.signature import Signer
from rates.storage.store import UnavailableError

TIMEOUT = 2  # seconds to connect, and to wait for more of an answer
KEPT = 5  # seconds of wall-clock time for which an idle connection is used again: a freeze may have ended it
PAUSE = 0.05  # seconds before the second and last attempt
THROTTLED = ("ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException")
Reply = dict[str, Any]


class CallError(UnavailableError):
    """A call failed. `is_transient` if a second attempt may succeed."""

    def __init__(self, message: str, *, is_transient: bool = True) -> None:
        super().__init__(message)
        self.is_transient = is_transient


class Client:
    """Takes the arguments of boto3's client and returns its answers. Failures raise CallError.

    Retries once after throttling, 5xx, a broken connection, a timeout or a damaged answer. Not thread-safe.
    """

    def __init__(self, endpoint: str, environment: Mapping[str, str] = os.environ) -> None:
        """Use the environment's region, credentials and, in an emulator, AWS_ENDPOINT_URL."""
        url = urlsplit(environment.get("AWS_ENDPOINT_URL") or endpoint)
        connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
        self._host = url.netloc
        self._connection = connect(url.netloc, timeout=TIMEOUT)
        self._used_at = 0.0
        self._signer = Signer.from_environment(environment)

    def get_item(self, **parameters: Any) -> Reply:
        return self._call("GetItem", parameters)

    def batch_get_item(self, **parameters: Any) -> Reply:
        return self._call("BatchGetItem", parameters)

    def _call(self, operation: str, parameters: Reply) -> Reply:
        headers = {
            "host": self._host,
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        }
        body = json.dumps(parameters).encode()
        try:
            return self._attempt(headers, body)
        except CallError as error:
            if not error.is_transient:
                raise
        time.sleep(PAUSE)
        return self._attempt(headers, body)

    def _attempt(self, headers: Mapping[str, str], body: bytes) -> Reply:
        signed = self._signer.sign(headers, body, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
        socket = self._connection.sock
        if not 0 <= time.time() - self._used_at < KEPT or (socket and select.select([socket], [], [], 0)[0]):
            self._connection.close()
        try:
            self._connection.request("POST", "/", body, signed)
            response = self._connection.getresponse()
            content = response.read()
            self._used_at = time.time()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise CallError(repr(error)) from error
        return _reply(response.status, response.headers.get("x-amz-crc32"), content)


def _reply(status: int, checksum: str | None, content: bytes) -> Reply:
    """Return the reply in a response. Raises CallError if it is an error, or damaged."""
    if checksum is not None and checksum != str(crc32(content)):
        raise CallError(f"HTTP {status} with a wrong checksum")
    try:
        answer: Reply = json.loads(content, object_hook=_decode_binary)
        code = answer.get("__type", "").rpartition("#")[2]
    except (ValueError, AttributeError) as error:  # not JSON, or not an object
        raise CallError(f"HTTP {status} with a damaged body") from error
    if status == 200:
        return answer
    reason = answer.get("message") or answer.get("Message")
    raise CallError(f"HTTP {status} {code}: {reason}", is_transient=status >= 500 or code in THROTTLED)


def _decode_binary(value: Reply) -> Reply:
    """Return an attribute's value with its bytes decoded if it is binary."""
    return {"B": b64decode(value["B"])} if isinstance(value.get("B"), str) else value
