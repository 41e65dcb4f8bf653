"""The direct dependencies, and the list that is compiled from them."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DIRECT = [
    line
    for line in (PROJECT / "requirements.in").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
COMPILED = [
    line
    for line in (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if not line.lstrip().startswith("#")
]


def normalized(requirement: str) -> str:
    """Return the name of a requirement in the form that package indexes compare."""
    name = re.split(r"[=\s]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_compiled_requirement_is_an_exact_version() -> None:
    assert [line for line in COMPILED if not re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line)] == []


def test_every_direct_requirement_is_compiled() -> None:
    assert {normalized(line) for line in DIRECT} <= {normalized(line) for line in COMPILED}


def test_versions_of_direct_requirements_are_kept() -> None:
    pinned = {line.partition("#")[0].strip().lower() for line in DIRECT if "==" in line}
    assert "boto3==1.43.106" in pinned
    assert pinned <= {line.partition(" ;")[0] for line in COMPILED}
