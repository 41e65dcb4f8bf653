"""Each fault of docs/faults.md has a test, which the marker `fault` names."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def listed() -> list[str]:
    """Return the names of the faults in docs/faults.md: `- **name**: outcome`."""
    return re.findall(r"^- \*\*(.+?)\*\*:", (ROOT / "docs" / "faults.md").read_text("utf-8"), re.MULTILINE)


def marked() -> Iterator[str]:
    """Yield the argument of each `pytest.mark.fault(...)` in the tests."""
    for file in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
                yield ast.literal_eval(node.args[0])


def test_every_fault_has_a_test_and_every_marker_a_fault() -> None:
    assert set(listed()) == set(marked())


def test_no_fault_is_listed_twice() -> None:
    assert [fault for fault, count in Counter(listed()).items() if count > 1] == []
