"""What belongs to a checkout's MiniStack, and what does not: its process, its port, its environment."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local import environment
from local.console import LocalError
from local.emulator import Emulator, running

PORT = 4999


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOCAL_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def left_behind(state: Path, pid: int) -> Path:
    directory = state / str(PORT)
    directory.mkdir(parents=True)
    (directory / "pid").write_text(str(pid))
    return directory


def test_nothing_runs_where_nothing_was_started(state: Path) -> None:
    assert running() == []
    Emulator(PORT).stop()
    assert not state.exists()


def test_a_process_that_only_has_the_number_is_left_alone(state: Path) -> None:
    left_behind(state, os.getpid())
    assert not Emulator(PORT).is_running()
    assert running() == []
    Emulator(PORT).stop()  # ends nobody, and cleans up
    assert not state.exists()


def test_the_process_that_holds_the_lock_is_ended_with_its_group(state: Path) -> None:
    pid = left_behind(state, 0) / "pid"
    with pid.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
        process = subprocess.Popen(sleeper, pass_fds=[lock.fileno()], start_new_session=True)
        lock.write(str(process.pid))
    assert [emulator.port for emulator in running()] == [PORT]
    assert Emulator(PORT).is_of(process)
    Emulator(PORT).stop()
    assert process.wait(5) < 0
    assert not state.exists()


def test_a_record_that_is_not_written_yet_is_said(state: Path) -> None:
    left_behind(state, 0)
    with pytest.raises(LocalError, match="is being started or taken down"):
        Emulator(PORT).record()


def test_a_port_in_use_is_refused_before_anything_is_written(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LocalError, match="address already in use"):
            Emulator(taken.getsockname()[1]).start("eu-central-1", auth=False)
    assert not state.exists()


def test_a_full_disk_is_said_and_nothing_stays(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.emulator.NEEDED_BYTES", 10**30)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(LocalError, match="MB left"):
        Emulator(port).start("eu-central-1", auth=False)
    assert not state.exists()


def test_nothing_of_the_user_s_aws_reaches_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        os, "environ", {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIA", "HOME": "/home/me"}
    )
    environment.isolate()
    assert os.environ == {
        "HOME": "/home/me",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_ministack_gets_its_own_settings_and_the_clock_s(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = {
        "PERSIST_STATE": "1",
        "LOCALSTACK_HOSTNAME": "x",
        "LAMBDA_EXECUTOR": "docker",
        "NO_PROXY": "intern",
    }
    monkeypatch.setattr(os, "environ", {**theirs, "FAKETIME": "+1d", "LD_PRELOAD": "libfaketime.so.1"})
    got = environment.of_ministack(PORT, "eu-central-1", Path("/scratch"), auth=True)
    assert (got["GATEWAY_PORT"], got["BIND_HOST"], got["AUTH"], got["TMPDIR"]) == (
        str(PORT),
        "127.0.0.1",
        "true",
        "/scratch",
    )
    assert (got["PERSIST_STATE"], got["NO_PROXY"]) == ("0", "intern,127.0.0.1,localhost")
    assert (got["FAKETIME"], got["LD_PRELOAD"]) == ("+1d", "libfaketime.so.1")
    assert not {"LOCALSTACK_HOSTNAME", "LAMBDA_EXECUTOR"} & set(got)
