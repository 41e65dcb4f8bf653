"""The emulator touches only its own process, port and directory."""

import fcntl
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.console import LocalError
from local.emulator import MARKER, Emulator, running
from tests.e2e.stack import free_port

PORT = 4999


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOCAL_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def left_behind(state: Path, port: int, pid: int = 0) -> Path:
    """A directory that an emulator has left."""
    directory = state / str(port)
    directory.mkdir(parents=True)
    (directory / MARKER).touch()
    (directory / "pid").write_text(str(pid))
    return directory


def start(port: int) -> None:
    emulator = Emulator(port)
    with emulator.locked():
        emulator.start("eu-central-1", auth=False)


def test_nothing_runs_before_a_start(state: Path) -> None:
    assert running() == []
    Emulator(PORT).stop()
    assert not state.exists()


def test_process_that_only_has_the_number_is_left_alone(state: Path) -> None:
    left_behind(state, PORT, os.getpid())
    assert not Emulator(PORT).is_running()
    assert running() == []
    Emulator(PORT).stop()  # removes the directory
    assert not state.exists()


def test_process_that_holds_the_lock_is_ended_with_its_group(state: Path) -> None:
    pid = left_behind(state, PORT) / "pid"
    with pid.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
        process = subprocess.Popen(sleeper, pass_fds=[lock.fileno()], start_new_session=True)
        lock.write(str(process.pid))
    assert [emulator.port for emulator in running()] == [PORT]
    assert Emulator(PORT).is_of(process)
    other = subprocess.Popen([sys.executable, "-c", ""])
    other.wait()
    Emulator(PORT).stop(only=other)
    assert process.poll() is None
    Emulator(PORT).stop(only=process)
    assert process.wait(5) < 0
    assert not state.exists()


@pytest.mark.fault("A directory of another program at the place of the state")
@pytest.mark.parametrize("name", ["note.txt", "pid"])
def test_directory_of_another_program_is_left_alone(state: Path, name: str) -> None:
    port = free_port()
    file = state / str(port) / name
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    Emulator(port).stop()
    with pytest.raises(LocalError, match="is not a directory of this program"):
        start(port)
    assert file.read_text() == "mine"
    assert [path.name for path in state.iterdir()] == [str(port)]


def test_own_directory_stays_while_another_program_has_the_port(state: Path, taken_port: int) -> None:
    directory = left_behind(state, taken_port)
    with pytest.raises(LocalError, match="address already in use"):
        start(taken_port)
    assert (directory / MARKER).exists()


def test_commands_wait_for_the_one_that_starts_or_ends_the_stack(state: Path) -> None:
    directory = left_behind(state, PORT)
    with (state / f"{PORT}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stopping = threading.Thread(target=Emulator(PORT).stop)
        stopping.start()
        stopping.join(0.2)
        assert stopping.is_alive()
        assert directory.exists()
    stopping.join(5)
    assert not state.exists()


def test_record_that_is_not_written_yet_is_an_error(state: Path) -> None:
    left_behind(state, PORT)
    with pytest.raises(LocalError, match="is being started or ended"):
        Emulator(PORT).record()


def test_port_in_use_is_refused_before_anything_is_written(state: Path, taken_port: int) -> None:
    with pytest.raises(LocalError, match="address already in use"):
        start(taken_port)
    assert not state.exists()


def test_full_disk_is_an_error_that_leaves_nothing(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.emulator.NEEDED_BYTES", 10**30)
    port = free_port()
    with pytest.raises(LocalError, match="MB are free"):
        start(port)
    assert not state.exists()
