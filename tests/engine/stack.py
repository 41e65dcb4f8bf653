"""A temporary copy of this project, deployed by a real `pulumi` command on an emulator of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws import Aws
from tests.e2e.stack import ROOT, Commands, free_port
from tests.engine import contents

STACK_FILE = "Pulumi.local.yaml"
REGION = "eu-central-1"
LOCAL_PORT = "127.0.0.1:4566"  # in the stack file
SECONDS = 600  # for one command; the first one may download the provider
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".local", ".*cache*", "__pycache__", "mutants")
# A request that each stage answers from the rates.
PATHS = {"v1": "latest", "v2": "rates"}


@dataclass(frozen=True)
class EngineStack:
    """The stack `local` of a copy. The copy, the state and Pulumi's home are the test's own."""

    directory: Path
    environment: dict[str, str]
    aws: Aws

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy. Its errors are in its output."""
        return subprocess.run(
            words,
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
        )

    def pulumi(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Pulumi."""
        return self.run("pulumi", *words, "--non-interactive", "--color", "never")

    def succeed(self, *words: str) -> str:
        """Return the output of a command of Pulumi that must succeed."""
        done = self.pulumi(*words)
        assert done.returncode == 0, f"pulumi {' '.join(words)}:\n{done.stdout}"
        return done.stdout

    def configure(self, **values: str) -> None:
        """Give the stack the committed configuration and these values."""
        self.git("restore", STACK_FILE)
        for key, value in values.items():
            self.succeed("config", "set", "--plaintext", key, value)

    def up(self, **values: str) -> str:
        """Deploy with the committed configuration and these values."""
        self.configure(**values)
        return self.succeed("up", "--yes", "--skip-preview")

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs."""
        return dict(json.loads(self.succeed("stack", "output", "--json")))

    def git(self, *words: str) -> str:
        """Return the output of a git command that must succeed."""
        done = self.run("git", "-c", "user.name=tests", "-c", "user.email=tests@example.com", *words)
        assert done.returncode == 0, f"git {' '.join(words)}:\n{done.stdout}"
        return done.stdout

    def contents(self) -> dict[str, set[str]]:
        """Return the names of everything in the emulator, by type."""
        return contents.listed(self.aws)

    def identity(self) -> tuple[set[str], set[str]]:
        """Return the names of the table and of the REST API, which no change may replace."""
        found = self.contents()
        return found["dynamodb.Table"], found["apigateway.RestApi"]

    def urls(self) -> list[str]:
        """Return a URL of each stage that the emulator answers."""
        [api] = self.contents()["apigateway.RestApi"]
        urls = (str(url) for name, url in self.outputs().items() if name in ("api_url", "api_v2_url"))
        stages = [url.rpartition("/")[2] for url in urls]
        return [f"{self.aws.endpoint}/_aws/execute-api/{api}/{stage}/{PATHS[stage]}" for stage in stages]


@contextmanager
def initialized(directory: Path) -> Iterator[EngineStack]:
    """Yield a stack that is initialized but not deployed. End its emulator afterwards."""
    port = free_port()
    emulator = Commands(directory / "emulator").start("emulator", "--offline", "--port", port)
    try:
        assert emulator.stdout
        printed = "".join(iter(emulator.stdout.readline, "It runs until Ctrl-C.\n"))
        assert f"http://127.0.0.1:{port}" in printed, printed
        stack = EngineStack(
            _copy(directory / "project", port),
            _environment(directory),
            Aws(f"http://127.0.0.1:{port}", REGION),
        )
        stack.git("init", "--quiet")
        stack.git("add", "--all")
        stack.git("commit", "--quiet", "--message", "The project")
        stack.succeed("stack", "init", "local")
        stack.git("commit", "--quiet", "--message", "The salt of the stack", STACK_FILE)
        yield stack
    finally:
        emulator.send_signal(signal.SIGINT)
        emulator.communicate(timeout=30)


def _copy(directory: Path, port: int) -> Path:
    """Copy this project, with the endpoints of the emulator on the port."""
    shutil.copytree(ROOT, directory, ignore=NOT_COPIED)
    file = directory / STACK_FILE
    file.write_text(file.read_text().replace(LOCAL_PORT, f"127.0.0.1:{port}"))
    if sys.prefix != sys.base_prefix:  # the packages of these tests; without them the engine installs its own
        (directory / ".venv").mkdir()
        for entry in Path(sys.prefix).iterdir():
            (directory / ".venv" / entry.name).symlink_to(entry)
    return directory


def _environment(directory: Path) -> dict[str, str]:
    """Return the variables of the commands, without the user's accounts and git settings."""
    home, state = directory / "home", directory / "state"
    home.mkdir()
    state.mkdir()
    # Downloaded plugins are shared, so that they are downloaded once.
    plugins = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
    if plugins.is_dir():
        (home / "plugins").symlink_to(plugins)
    foreign = ("AWS_", "GIT_", "PULUMI_ACCESS", "PULUMI_CONFIG", "PULUMI_STACK")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "tests",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
