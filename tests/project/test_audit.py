"""The commands of docs/audit.md compute the digests that the API serves, from the ECB's file."""

import json
import re
from pathlib import Path

import pytest

from tests.auditing import PAGE, audited
from tests.conftest import Ask
from tests.support import ecb_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "eurofxref-hist.zip"
    path.write_bytes(ecb_file())
    return path


# Years with new and ended currencies, with a gap of ISK, and with the largest and the smallest text.
@pytest.mark.parametrize("year", ["1999", "2000", "2005", "2008", "2018", "2025", "2026"])
def test_the_commands_compute_the_digest_of_a_year(ask: Ask, file: Path, year: str) -> None:
    digest = json.loads(ask("/status").body)["years"][year]["digest"]
    assert audited(file, year) == f"{digest}  -\n"


def test_the_example_is_part_of_the_text_of_2025(file: Path) -> None:
    audited(file, "2025")
    text = dict(line.split(",", 1) for line in (file.parent / "year.txt").read_text().splitlines())
    (example,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    for line in example.splitlines():
        name, values = line.split(",", 1)
        assert text[name].startswith(values)
