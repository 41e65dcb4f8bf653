"""boto3 clients of the emulated AWS, which cannot reach a real account."""

import base64
import json
import re
import threading
from typing import Any

from local.console import LocalError

ACCOUNT = "000000000000"
PARTITION = "aws"


class Aws:
    """The emulated account in one region. Call `environment.isolate` before."""

    def __init__(self, endpoint: str, region: str) -> None:
        import boto3  # slow to import, and not needed for --help

        self.endpoint = endpoint
        self.region = region
        # MiniStack's root user, also if IAM is enforced.
        self._session: Any = boto3.Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name=region
        )
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()  # clients are thread-safe, sessions are not

    def client(self, service: str) -> Any:
        """Return the cached client of a service."""
        from botocore.config import Config

        # One attempt only: a retry would start a second seeding beside a slow first one.
        config = Config(connect_timeout=5, read_timeout=300, retries={"total_max_attempts": 1}, proxies={})
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, endpoint_url=self.endpoint, config=config
                )
            return self._clients[service]

    def invoke(self, function: str, qualifier: str, event: str) -> str:
        """Call a version or an alias of a function and return its answer; both texts are JSON.

        Raises `LocalError` if it fails.
        """
        answer = self.client("lambda").invoke(
            FunctionName=function, Qualifier=qualifier, Payload=event.encode(), LogType="Tail"
        )
        payload = str(answer["Payload"].read().decode())
        if "FunctionError" in answer:
            error = json.loads(payload)
            message = str(error.get("errorMessage"))
            # MiniStack does not tell the class; the end of the traceback in the log does.
            log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
            classes = re.findall(rf"^(?:\w+\.)*(\w+): {re.escape(message)}", log, re.MULTILINE)
            kind = classes[-1] if classes else error.get("errorType")
            raise LocalError(f"the function {function} failed: {kind}: {message}")
        return payload

    def arn(self, service: str, resource: str, *, account: str = ACCOUNT) -> str:
        """Return the ARN of a resource in this region. Some services leave the account empty."""
        return f"arn:{PARTITION}:{service}:{self.region}:{account}:{resource}"
