"""What docs/faults.md says of the tests is so."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([a-z0-9_]+/test_[a-z_]+\.py)::(test_\w+)(?:\[(.+?)\])?`", TEXT)
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| Fault")]


@cache
def parsed(file: str) -> ast.Module:
    return ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))


def test_every_row_names_a_test() -> None:
    assert len(ROWS) > 50
    assert all(re.search(r"\| `.+::test_.+` \|$", row) for row in ROWS)
    assert len(NAMED) == TEXT.count("::test_")


@pytest.mark.parametrize(("file", "name", "case"), sorted(set(NAMED)))
def test_every_test_that_is_named_is_there(file: str, name: str, case: str) -> None:
    nodes = list(ast.walk(parsed(file)))
    assert name in {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert not case or case in {node.value for node in nodes if isinstance(node, ast.Constant)}
