"""The recorded answers of Frankfurter that differ from ours show the documented differences."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ask

ROOT = Path(__file__).parents[2]
LIST = (ROOT / "docs" / "frankfurter.md").read_text(encoding="utf-8")
HEADING = "\n## {}\n"
# The recorded answers that show each difference, by its number. 0: not recorded. The records have no headers,
# and hold only answers that are right here too.
SHOWN = {
    "v1": {1: 30, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 20},
    "v2": {1: 22, 2: 0, 3: 0, 4: 0, 5: 1, 6: 0, 7: 0, 8: 9},
}
NUMBERS = {"v1": {"rate": 1, "detail": 7}, "v2": {"rate": 1, "format": 5, "detail": 8}}


def parsed(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def differing(ours: Any, theirs: Any) -> set[str]:
    """Return the kinds of parts that differ: rates, formats, and the names that only one answer has."""
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return {"rate"} if str(ours) != str(theirs) else set()
    if isinstance(ours, dict) and isinstance(theirs, dict):
        parts = [differing(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()]
        return (ours.keys() ^ theirs.keys()).union(*parts)
    if isinstance(ours, list) and isinstance(theirs, list):
        return set().union(*(differing(*pair) for pair in zip(ours, theirs, strict=True)))
    return {"format"} if ours != theirs else set()


@pytest.mark.parametrize("version", SHOWN)
def test_each_recorded_difference_is_in_the_list(ask: Ask, version: str) -> None:
    found = Counter(dict.fromkeys(SHOWN[version], 0))
    file = ROOT / "tests" / "data" / f"frankfurter_{version}.jsonl"
    for case in map(parsed, file.read_text(encoding="utf-8").splitlines()):
        answer = ask(case["path"], headers={"Accept": case["accept"]} if "accept" in case else {})
        is_json = answer.headers["Content-Type"].startswith("application/")
        kinds = differing(parsed(answer.body) if is_json else answer.body, case["body"])
        found.update(NUMBERS[version][kind] for kind in kinds)
    assert found == SHOWN[version]


@pytest.mark.parametrize("version", SHOWN)
def test_the_list_has_each_difference_under_its_number(version: str) -> None:
    section = LIST.split(HEADING.format(version))[1].split("\n#")[0]
    assert [int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)] == list(SHOWN[version])
