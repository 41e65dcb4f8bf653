"""Answers that Frankfurter v2 gave, with the ECB's history up to 2026-10-30, on 2026-10-31."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rates.serving.proxy import Response
from tests.conftest import Ask

FILE = Path(__file__).parent.parent / "data" / "frankfurter_v2.jsonl"


def parsed(line: str) -> Any:
    return json.loads(line, parse_float=Decimal, parse_int=Decimal)


# `text/*` gives CSV here and JSON from Frankfurter: the only recorded answer that differs.
DIFFERS = "text/*"
RECORDED = [parsed(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
CASES = [case for case in RECORDED if case.get("accept") != DIFFERS]


def half_unit(rate: Decimal) -> Decimal:
    """Return half a unit of a number's last place."""
    exponent = rate.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent) / 2


def table(text: str) -> list[list[str]]:
    """Return the rows of a CSV text."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def assert_same(ours: Any, theirs: Any) -> None:
    """Compare two values: equal texts and keys in their order, numbers within half a unit."""
    if isinstance(theirs, Decimal):
        assert abs(ours - theirs) <= half_unit(theirs), (ours, theirs)
    elif isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        for name, value in theirs.items():
            assert_same(ours[name], value)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for mine, value in zip(ours, theirs, strict=True):
            assert_same(mine, value)
    else:
        assert ours == theirs


def body(answer: Response) -> Any:
    """Return the content of an answer, without the detail that Frankfurter's errors lack."""
    if answer.headers["Content-Type"].startswith("text/csv"):
        return answer.body
    content = parsed(answer.body)
    if answer.status == 404:
        assert content["detail"]
    if answer.status != 200:
        content.pop("detail", "")
    return content


@pytest.mark.parametrize("case", CASES, ids=[case["path"] for case in CASES])
def test_frankfurter_v2_gave_the_same_answer(ask: Ask, case: dict[str, Any]) -> None:
    answer = ask(case["path"], headers={"Accept": case["accept"]} if "accept" in case else {})
    assert answer.status == case["status"]
    assert_same(body(answer), case["body"])


def test_all_cases_are_present() -> None:
    assert (len(RECORDED), len(CASES)) == (105, 104)
    assert {int(case["status"]) for case in RECORDED} == {200, 404, 422}
