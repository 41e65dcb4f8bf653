"""Local stacks for tests: the commands of `python -m local` with a state directory of the tests."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from local.aws import Aws

ROOT = Path(__file__).parents[2]
SECONDS = 90


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Commands:
    """The commands of a checkout, with their state in a directory and additional variables."""

    state: Path
    checkout: Path = ROOT
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the commands."""
        return {**os.environ, "LOCAL_STATE_DIR": str(self.state), **self.variables}

    def run(self, *words: str | int) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            self.line(*words),
            cwd=self.checkout,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    def start(self, *words: str | int) -> subprocess.Popen[str]:
        """Start one command that keeps running."""
        return subprocess.Popen(
            self.line(*words),
            cwd=self.checkout,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self, *words: str | int) -> list[str]:
        """The words of the command line."""
        return [sys.executable, "-m", "local", *map(str, words)]


@dataclass(frozen=True)
class LocalStack:
    """A deployed stack."""

    commands: Commands
    port: int
    outputs: dict[str, Any]

    @classmethod
    def up(cls, commands: Commands, *options: str | int) -> Self:
        """Deploy a stack on a free port with the packaged rates."""
        port = free_port()
        done = commands.run("up", "--detach", "--offline", "--port", port, *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return cls(commands, port, json.loads(commands.run("outputs", "--port", port).stdout))

    def down(self) -> None:
        """Take the stack down."""
        self.commands.run("down", "--port", self.port)

    @property
    def endpoint(self) -> str:
        """The URL of MiniStack."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """The API's base URL, which ends in /v1."""
        return str(self.outputs["api_url"])

    @property
    def api_v2_url(self) -> str:
        """The base URL of version 2, which ends in /v2."""
        return str(self.outputs["api_v2_url"])

    @property
    def feed_fault(self) -> Path:
        """The file that names the fault of the feed."""
        return self.commands.state / str(self.port) / "feed-fault"

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service."""
        return self.aws.client(service)

    @cached_property
    def aws(self) -> Aws:
        """The emulated account."""
        return Aws(self.endpoint, "eu-central-1")
