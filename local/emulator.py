"""One MiniStack of this checkout: its process, its port, and its directory, which exists while it runs.

The process holds a lock on the file `pid` while it lives. The lock shows reliably if it runs, even after a
crash, or if another process has taken its number.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from local import environment, locks
from local.console import LocalError, port_option
from local.waiting import until

DEFAULT_PORT = 4566  # also in Pulumi.local.yaml
PROJECT = Path(__file__).resolve().parent.parent
HOST = Path(__file__).resolve().parent / "host.py"
MARKER = ".exchange-rates-local"  # in each directory that may be deleted
START_SECONDS = 30
STOP_SECONDS = 10
NEEDED_BYTES = 100_000_000

Process = subprocess.Popen[bytes]


def state_root() -> Path:
    """Return the parent of the directories, one per port: `.local` in the checkout, or $LOCAL_STATE_DIR."""
    return Path(os.environ.get("LOCAL_STATE_DIR") or PROJECT / ".local").absolute()


class Emulator:
    """The MiniStack of this checkout on a port, running or not."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.endpoint = f"http://127.0.0.1:{port}"
        self.feed_url = f"{self.endpoint}/feed/eurofxref-hist.zip"
        self.directory = state_root() / str(port)
        self.feed_fault = self.directory / "feed-fault"
        self.log = self.directory / "ministack.log"
        self._lock = state_root() / f"{port}.lock"
        self._marker = self.directory / MARKER
        self._pid = self.directory / "pid"
        self._record = self.directory / "stack.json"

    def is_running(self) -> bool:
        """Return True if its process lives."""
        with suppress(FileNotFoundError, NotADirectoryError), self._pid.open() as file:
            return self._marker.exists() and not locks.is_free(file)
        return False

    def answers(self) -> bool:
        """Return True if its process answers on its port."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with suppress(OSError), direct.open(f"{self.endpoint}/_local/pid", timeout=1) as response:
            return bool(response.read().decode() == self._pid.read_text())
        return False

    def start(self, region: str, *, auth: bool) -> Process:
        """Start it in place of the one that runs on the port, and return when it answers.

        The caller holds the lock. `auth` enforces IAM. If it cannot start, raises `LocalError` and leaves
        nothing behind.
        """
        self._kill()
        self._check_port()
        self._clear()
        try:
            self.directory.mkdir()
            self._marker.write_text("`python -m local` made this directory and removes it.\n")
            (self.directory / "tmp").mkdir()
            (self.directory / "feed").mkdir()
            if shutil.disk_usage(self.directory).free < NEEDED_BYTES:
                raise LocalError(
                    f"less than {NEEDED_BYTES // 10**6} MB are free in {state_root()}: make room,"
                    " or set LOCAL_STATE_DIR to another directory"
                )
            process = self._spawn(environment.of_ministack(self.port, region, self.directory / "tmp", auth))
            until(lambda: process.poll() is not None or self.answers(), START_SECONDS)
            if process.poll() is not None or not self.answers():
                raise LocalError(f"MiniStack did not start on port {self.port}; {self.last_words()}")
        except FileExistsError as error:
            raise LocalError(
                f"{self.directory} is not a directory of this program: remove it, or choose another"
                f" {port_option()} or LOCAL_STATE_DIR"
            ) from error
        except BaseException as error:
            self.remove()
            if isinstance(error, OSError):
                raise LocalError(f"cannot work in {self.directory}: {error.strerror}") from error
            raise
        return process

    def stop(self, only: Process | None = None) -> None:
        """End it with all processes that it started and remove its directory, also after a crash.

        Does nothing if `only` is given and another process has taken its place.
        """
        with self.locked():
            if only is None or self.is_of(only):
                self.remove()

    def remove(self) -> None:
        """End it and remove its directory. The caller holds the lock."""
        self._kill()
        self._clear()

    def is_of(self, process: Process) -> bool:
        """Return True if this is still its process, and no other command has ended or replaced it."""
        with suppress(OSError):
            return self._pid.read_text() == str(process.pid)
        return False

    def serve_feed(self, **files: bytes) -> None:
        """Serve the file `good`, and during the faults `stale` and `wrong` the files of these names."""
        for name, content in files.items():
            (self.directory / "feed" / f"{name}.zip").write_bytes(content)

    def write_record(self, record: dict[str, Any]) -> None:
        """Keep the region and the stack's outputs for the other commands."""
        self._record.write_text(json.dumps(record))

    def record(self) -> dict[str, Any]:
        """Return what `write_record` kept last."""
        with suppress(OSError, ValueError):
            return dict(json.loads(self._record.read_text()))
        raise LocalError(
            f"the stack on port {self.port} is being started or ended: try again in some seconds"
        )

    def last_words(self) -> str:
        """Return the end of MiniStack's log, for an error message."""
        said = "(nothing)"
        with suppress(OSError):
            said = "\n".join(self.log.read_text(errors="replace").splitlines()[-12:]) or said
        return f"the end of its log:\n{said}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of this port, without which nobody starts or ends an emulator or deploys on it."""
        prompt = f"Waiting for another command that starts or ends the stack on port {self.port}."
        with locks.held(self._lock, prompt):
            try:
                yield
            finally:
                if not self._marker.exists():
                    self._lock.unlink(missing_ok=True)
                    with suppress(OSError):  # other stacks may be there
                        state_root().rmdir()

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise LocalError(
                    f"port {self.port} cannot be used: {str(error.strerror).lower()}. Another program or the"
                    f" stack of another checkout may use it: end that, or choose another with {port_option()}"
                ) from error

    def _spawn(self, variables: dict[str, str]) -> Process:
        with self._pid.open("w") as lock, self.log.open("wb") as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = subprocess.Popen(
                [sys.executable, "-P", HOST],  # -P: without the modules of `local` as top-level ones
                cwd=self.directory,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[lock.fileno()],  # it inherits the lock and keeps it until it ends
            )
            lock.write(str(process.pid))
        return process

    def _kill(self) -> None:
        with suppress(FileNotFoundError, NotADirectoryError), self._pid.open() as file:
            if self.is_running():
                # Removed first, or other commands would mistake its end for a crash.
                self._pid.unlink()
                # It leads a session: its group consists of itself and its Lambda workers.
                os.killpg(int(file.read()), signal.SIGKILL)
                if not until(lambda: locks.is_free(file), STOP_SECONDS, interruptible=False):
                    raise LocalError(f"MiniStack on port {self.port} does not end: try again")

    def _clear(self) -> None:
        """Remove the directory if it is marked as one of this program, or empty."""
        if self._marker.is_file():
            shutil.rmtree(self.directory, ignore_errors=True)
        with suppress(OSError):
            self.directory.rmdir()


def running() -> list[Emulator]:
    """Return the running emulators of this checkout, by port."""
    ports = sorted(int(path.name) for path in state_root().glob("*") if path.name.isdigit())
    return [emulator for emulator in map(Emulator, ports) if emulator.is_running()]
