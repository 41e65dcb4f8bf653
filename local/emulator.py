"""A MiniStack of this checkout: its process, its port, and its directory, which goes when it goes.

The process holds a lock on the file `pid` for as long as it lives. So it is certain whether it runs, and
whether the number in that file is still its own, also after a crash, or when another process got the number.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from local import environment
from local.console import LocalError

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 30
STOP_SECONDS = 10
NEEDED_BYTES = 100_000_000


def state_root() -> Path:
    """Where the directories are, one per port: `.local` in the checkout, or $LOCAL_STATE_DIR."""
    return Path(os.environ.get("LOCAL_STATE_DIR") or PROJECT / ".local").absolute()


def running() -> list[Emulator]:
    """The emulators of this checkout that run, by port."""
    ports = sorted(int(path.name) for path in state_root().glob("*") if path.name.isdigit())
    return [emulator for emulator in map(Emulator, ports) if emulator.is_running()]


class Emulator:
    """One MiniStack of this checkout, running or not, by its port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.endpoint = f"http://127.0.0.1:{port}"
        self.directory = state_root() / str(port)
        self.log = self.directory / "ministack.log"
        self._pid = self.directory / "pid"
        self._record = self.directory / "stack.json"

    def is_running(self) -> bool:
        """Whether its process lives."""
        with suppress(FileNotFoundError), self._pid.open() as file:
            return not _is_free(file)
        return False

    def answers(self) -> bool:
        """Whether it answers on its port."""
        with (
            suppress(OSError),
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"{self.endpoint}/_ministack/health", timeout=5
            ) as response,
        ):
            return bool(response.status == 200)
        return False

    def start(self, region: str, *, auth: bool) -> subprocess.Popen[bytes]:
        """Starts it, with `auth` enforcing IAM, and waits until it answers; else `LocalError`."""
        self._check_port()
        scratch = self.directory / "tmp"
        try:
            self.directory.mkdir(parents=True)
            scratch.mkdir()
            if shutil.disk_usage(scratch).free < NEEDED_BYTES:
                raise LocalError(f"the disk of {state_root()} has less than {NEEDED_BYTES // 10**6} MB left")
            process = self._spawn(environment.of_ministack(self.port, region, scratch, auth))
            _until(lambda: process.poll() is not None or self.answers(), START_SECONDS)
            if process.poll() is not None or not self.answers():
                raise LocalError(
                    f"MiniStack did not start on port {self.port}; its last words:\n{self.last_words()}"
                )
        except OSError as error:
            self.stop()
            raise LocalError(f"cannot work in {self.directory}: {error.strerror}") from error
        except BaseException:
            self.stop()
            raise
        return process

    def stop(self) -> None:
        """Ends it with all that it started, and removes its directory; also what a dead one left."""
        with suppress(FileNotFoundError), self._pid.open() as file:
            if self.is_running():
                # Gone from here on for everyone else, so that nobody takes its end for a crash.
                self._pid.unlink()
                # It leads a session, so its group is it and its Lambda workers.
                os.killpg(int(file.read()), signal.SIGKILL)
                if not _until(lambda: _is_free(file), STOP_SECONDS):
                    raise LocalError(f"MiniStack on port {self.port} does not end")
        shutil.rmtree(self.directory, ignore_errors=True)
        with suppress(OSError):
            state_root().rmdir()

    def is_of(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it is still this process: false once another command took it down or started it anew."""
        with suppress(OSError):
            return self._pid.read_text() == str(process.pid)
        return False

    def write_record(self, record: dict[str, Any]) -> None:
        """Keeps what the other commands ask for: the region, and once it is deployed the stack's outputs."""
        self._record.write_text(json.dumps(record))

    def record(self) -> dict[str, Any]:
        """What `write_record` kept last."""
        with suppress(OSError, ValueError):
            return dict(json.loads(self._record.read_text()))
        raise LocalError(f"the stack on port {self.port} is being started or taken down")

    def last_words(self) -> str:
        """The end of MiniStack's log."""
        with suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:]) or "(none)"
        return "(none)"

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise LocalError(
                    f"port {self.port} cannot be used: {str(error.strerror).lower()}. Another program has it,"
                    " or the stack of another checkout: end that, or choose another port with --port"
                ) from error

    def _spawn(self, variables: dict[str, str]) -> subprocess.Popen[bytes]:
        with self._pid.open("w") as lock, self.log.open("wb") as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
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


def _is_free(file: IO[str]) -> bool:
    """Whether no process holds the lock on an open file."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    """Waits until the condition holds; False where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
