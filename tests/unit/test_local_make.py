"""The targets that install and run the local stack, without running them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stack import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
HANDED_ON = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "PYTHON", "PORT", "FLAGS")
MAKE_VENV = "python3 -m venv"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    return tmp_path


def make(checkout: Path, *words: str) -> str:
    # `make test PYTHON=...` hands its variables on in the environment.
    environment = {name: value for name, value in os.environ.items() if name not in HANDED_ON}
    done = subprocess.run(
        ["make", *words], cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def virtual_environment(checkout: Path, python: str) -> None:
    """Create .venv, installed later than requirements.txt, with a shell script as its Python."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    script = checkout / ".venv" / "bin" / "python"
    script.write_text(f"#!/bin/sh\n{python}\n")
    script.chmod(0o755)
    (checkout / ".venv" / "installed").touch()
    os.utime(checkout / "requirements.txt", (0, 0))


@pytest.mark.parametrize("words", [[], ["help"]])
def test_help_lists_every_target_with_its_purpose(checkout: Path, words: list[str]) -> None:
    targets = re.findall(r"^([a-z][a-z-]*):", (checkout / "Makefile").read_text(), re.MULTILINE)
    listed = [line.split()[1] for line in make(checkout, *words).splitlines()]
    assert listed == targets
    assert {"install", "local", "down", "test"} <= set(listed)


def test_fresh_clone_is_installed_first(checkout: Path) -> None:
    assert f"{MAKE_VENV} --clear .venv" in make(checkout, "--dry-run", "local")


def test_usable_environment_is_kept(checkout: Path) -> None:
    virtual_environment(checkout, "echo yes")
    planned = make(checkout, "--dry-run", "local", "PORT=4600", "FLAGS=--offline --auth")
    assert planned.strip() == ".venv/bin/python -m local up --detach --port 4600 --offline --auth"


@pytest.mark.parametrize(("target", "command"), [("local", "up --detach"), ("down", "down")])
def test_without_a_port_the_command_chooses_it(checkout: Path, target: str, command: str) -> None:
    virtual_environment(checkout, "echo yes")
    planned = make(checkout, "--dry-run", target)
    assert " ".join(planned.split()) == f".venv/bin/python -m local {command}"
    assert make(checkout, "--dry-run", target, "PORT=4600").rstrip().endswith(f"{command} --port 4600")


def test_changed_requirements_are_installed_into_the_same_environment(checkout: Path) -> None:
    virtual_environment(checkout, "echo yes")
    os.utime(checkout / "requirements.txt")
    os.utime(checkout / ".venv" / "installed", (0, 0))
    assert f"{MAKE_VENV}  .venv" in make(checkout, "--dry-run", "local")


@pytest.mark.parametrize("python", ["exit 1", "echo"])
def test_environment_of_another_python_is_made_again(checkout: Path, python: str) -> None:
    virtual_environment(checkout, python)
    planned = make(checkout, "--dry-run", "local")
    assert ".venv was made by another Python" in planned
    assert f"{MAKE_VENV} --clear .venv" in planned


def test_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    virtual_environment(checkout, "echo yes")
    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "bin" / "python").symlink_to(checkout / "gone")
    assert f"{MAKE_VENV} --clear .venv" in make(checkout, "--dry-run", "down")
