"""The README's shell blocks work in a copy of the checkout, and print what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.stack import ROOT, free_port

# A block with its language, and the comment directly before it.
BLOCK = re.compile(r"(?:<!-- (?P<note>[^>]+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)

pytestmark = pytest.mark.full


class Block(NamedTuple):
    """A fenced block of the README."""

    note: str
    language: str
    text: str


def blocks() -> list[Block]:
    found = BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
    return [Block(match["note"] or "", match["language"], match["text"]) for match in found]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the tracked and new files, whose .venv has the packages of this test."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (tmp_path / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    (tmp_path / ".venv" / "installed").touch()
    return tmp_path


@pytest.fixture
def run(checkout: Path) -> Iterator[object]:
    """Return a function that runs a block in the copy, on a free port, with the packaged rates."""
    port = str(free_port())
    variables = {"PORT": port, "FLAGS": "--offline", "LOCAL_STATE_DIR": str(checkout / ".local")}

    def shell(text: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text.replace("4566", port).replace("curl ", "curl -sf ")],
            cwd=checkout,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    yield shell
    shell("make down")


@pytest.mark.skipif(
    not Path(sys.prefix, "pyvenv.cfg").exists(), reason="needs to run in a virtual environment"
)
def test_every_block_without_an_account_prints_what_the_readme_shows(run: object) -> None:
    assert callable(run)
    said = ""
    ran = 0
    for block in blocks():
        if block.note == "output":
            assert said.strip() == block.text.strip()
        if block.language != "sh" or block.note.startswith("needs"):
            continue
        # The tests do not run themselves; here the target only has to exist.
        text = (
            block.text.replace("make test", "make --dry-run test")
            if "make test" in block.text
            else block.text
        )
        said = run(text)
        ran += 1
    assert ran >= 4
