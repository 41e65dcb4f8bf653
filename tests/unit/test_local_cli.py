"""The command line before anything is started."""

import importlib
import io
import subprocess
import sys

import pytest

from local import cli, console, lifecycle
from tests.e2e.stack import ROOT

entry = importlib.import_module("local.__main__")
COMMANDS = ("up", "down", "emulator", "outputs", "logs", "invoke", "feed-fault")
HEAVY = ("boto3", "botocore", "pulumi", "ministack")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["--help"])
    said = capsys.readouterr().out
    for command in COMMANDS:
        assert f"    {command} " in said or f"    {command}\n" in said
    assert "examples:" in said


def test_help_imports_no_large_package() -> None:
    code = f"import sys, local.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_options_carry_the_function_of_the_command(command: str) -> None:
    words = [command, *{"invoke": ["update"], "feed-fault": ["html"]}.get(command, [])]
    assert cli.parser().parse_args(words).command.__name__ == command.replace("-", "_")


def test_an_unknown_fault_of_the_feed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["feed-fault", "htlm"])
    assert "invalid choice: 'htlm'" in capsys.readouterr().err


@pytest.mark.parametrize("caller", ["", "make"])
def test_hints_are_in_the_words_of_the_caller(monkeypatch: pytest.MonkeyPatch, caller: str) -> None:
    monkeypatch.setenv("CALLED_BY", caller)
    assert console.port_option() == ("PORT=" if caller else "--port")
    assert lifecycle._command("down", 4600).endswith("make down PORT=4600" if caller else "down --port 4600")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_invalid_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["up", f"--port={port}"])
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_old_python_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry.problem() is None
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert "needs Python 3.11 or newer" in entry.problem()


def test_missing_packages_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "PACKAGES", ("yaml", "ministark"))
    assert "needs ministark: run `make install`" in entry.problem()


def test_outside_its_checkout_it_says_where_to_run() -> None:
    done = subprocess.run([sys.executable, ROOT / "local"], cwd="/", capture_output=True, text=True)
    assert done.stderr == f"python -m local needs its checkout as the working directory: cd {ROOT}\n"


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console.styled("x", "green", terminal) == "\x1b[32mx\x1b[0m"
    assert console.styled("x", "green", io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert console.styled("x", "green", terminal) == "x"
