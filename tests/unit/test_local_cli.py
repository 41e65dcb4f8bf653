"""What the command line says before anything is started."""

from __future__ import annotations

import importlib
import io
import sys

import pytest

from local import cli, console

entry = importlib.import_module("local.__main__")


def test_the_help_teaches_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["--help"])
    said = capsys.readouterr().out
    for command in ("up", "down", "outputs", "logs", "invoke", "emulator"):
        assert f"    {command} " in said
    assert "examples:" in said


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_cannot_be_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["up", f"--port={port}"])
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_an_old_python_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry.problem() is None
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert "needs Python 3.11 or newer" in entry.problem()


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "PACKAGES", ("yaml", "ministark"))
    assert "is missing ministark: run `" in entry.problem()


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console.styled("x", "green", terminal) == "\x1b[32mx\x1b[0m"
    assert console.styled("x", "green", io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert console.styled("x", "green", terminal) == "x"
