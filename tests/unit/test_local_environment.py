"""The environment of the processes has no settings of the user's AWS accounts and emulators."""

import os
from pathlib import Path

import pytest

from local import environment


def test_no_aws_setting_of_the_user_reaches_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_ministack_gets_its_own_settings_and_a_shifted_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = {
        "PERSIST_STATE": "1",
        "LOCALSTACK_HOSTNAME": "x",
        "LAMBDA_EXECUTOR": "docker",
        "NO_PROXY": "intern",
    }
    monkeypatch.setattr(os, "environ", {**theirs, "FAKETIME": "+1d", "LD_PRELOAD": "libfaketime.so.1"})
    got = environment.of_ministack(4999, "eu-central-1", Path("/scratch"), auth=True)
    assert (got["GATEWAY_PORT"], got["BIND_HOST"], got["AUTH"], got["TMPDIR"]) == (
        "4999",
        "127.0.0.1",
        "true",
        "/scratch",
    )
    assert (got["PERSIST_STATE"], got["NO_PROXY"]) == ("0", "intern,127.0.0.1,localhost")
    assert (got["FAKETIME"], got["LD_PRELOAD"]) == ("+1d", "libfaketime.so.1")
    assert not {"LOCALSTACK_HOSTNAME", "LAMBDA_EXECUTOR"} & set(got)
