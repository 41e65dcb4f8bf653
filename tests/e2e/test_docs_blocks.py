"""The shell and Python blocks of README and docs work in a copy of the checkout, and print what they show."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.stack import ROOT, free_port

PAGES = ("README.md", "docs/api.md", "docs/local.md", "docs/operations.md")
# A block with its language, and the comment directly before it: `output` is what the block before prints,
# `fails` is a failure on purpose, and `needs ...` is more than the local stack.
BLOCK = re.compile(r"(?:<!-- (?P<note>[^>]+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
ASSIGNMENT = re.compile(r"^(?:export )?\w+=\$\(.*\)", re.MULTILINE)

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not Path(sys.prefix, "pyvenv.cfg").exists(), reason="needs to run in a virtual environment"
    ),
]


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
def shell(checkout: Path) -> Iterator[Callable[[str], subprocess.CompletedProcess[str]]]:
    """Return a function that runs a text in the copy, whose stack has a free port and the packaged rates."""
    port = str(free_port())
    variables = {"PORT": port, "FLAGS": "--offline", "LOCAL_STATE_DIR": str(checkout / ".local")}

    def run(text: str) -> subprocess.CompletedProcess[str]:
        text = text.replace("4566", port).replace("curl ", "curl -s --fail-with-body ")
        # The tests do not run themselves; here the target only has to exist.
        text = text.replace("make test", "make --dry-run test")
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=checkout,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert f"It runs until `make down PORT={port}`." in run("make local").stdout
    yield run
    run("make down")


@pytest.mark.parametrize("page", PAGES)
def test_every_block_without_an_account_prints_what_the_page_shows(
    shell: Callable[[str], subprocess.CompletedProcess[str]], page: str
) -> None:
    assigned = said = ""
    for note, language, text in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        if note == "output":
            assert said.replace("\r", "").strip() == text.strip()
        if language not in ("sh", "python") or note.startswith("needs"):
            continue
        code = text if language == "sh" else f".venv/bin/python - <<'END'\n{text}END\n"
        done = shell(assigned + code)
        assert (done.returncode == 0) == (note != "fails"), f"{text}\n{done.stdout}\n{done.stderr}"
        said = done.stdout
        # A reader has one shell for the page.
        assigned += "".join(f"{line}\n" for line in ASSIGNMENT.findall(text))
    assert said
