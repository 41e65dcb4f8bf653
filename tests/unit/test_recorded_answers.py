"""Answers that Frankfurter v1 gave, with the ECB's history up to 2026-10-30, on 2026-10-31."""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ask

FILE = Path(__file__).parent.parent / "data" / "frankfurter_v1.jsonl"
CASES = [
    json.loads(line, parse_float=Fraction, parse_int=Fraction)
    for line in FILE.read_text(encoding="utf-8").splitlines()
]
# What v1 rounds to: (above, step).
STEPS = [("5000", "1"), ("80", ".01"), ("20", ".001"), ("1", ".0001"), (".0001", ".00001"), ("-1", ".000001")]


def half_step(value: Fraction) -> Fraction:
    """Return half a unit of the last place to which Frankfurter v1 rounds a number."""
    return next(Fraction(step) for above, step in STEPS if value > Fraction(above)) / 2


def rates_by_date(body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Fraction]]:
    return {body["date"]: body["rates"]} if "date" in body else body["rates"]


def without_numbers(value: Any) -> Any:
    """Return the keys of an answer, in their order, with its texts."""
    if isinstance(value, dict):
        return [(name, without_numbers(member)) for name, member in value.items()]
    return value if isinstance(value, str) else None


def in_euro(ask: Ask, body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Fraction]]:
    """Return the ECB's rates on the dates of an answer."""
    days = {}
    for day in rates_by_date(body):
        in_euros = json.loads(ask(f"/{day}").body, parse_float=Fraction, parse_int=Fraction)["rates"]
        days[day] = {"EUR": Fraction(1), **in_euros}
    return days


def tolerances(ask: Ask, v1: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield each number of Frankfurter v1 with ours and the allowed difference."""
    in_euros, amount = in_euro(ask, v1), v1["amount"]
    for day, rates in rates_by_date(v1).items():
        for code, number in rates.items():
            mine = rates_by_date(ours)[day][code]
            allowed = half_step(number)
            if v1["base"] != "EUR":
                # v1 rounds amount x quote and amount x base before it divides the one by the other.
                for side in (code, v1["base"]):
                    product = amount * in_euros[day][side]
                    allowed += mine * half_step(product) / product
            yield day, code, number, mine, allowed


@pytest.mark.parametrize("case", CASES, ids=[case["path"] for case in CASES])
def test_frankfurter_v1_gave_the_same_answer(ask: Ask, case: dict[str, Any]) -> None:
    answer = ask(case["path"])
    body = json.loads(answer.body, parse_float=Fraction, parse_int=Fraction)
    assert answer.status == case["status"]
    if answer.status == 404 or case["body"].get("message") in ("invalid date", "invalid amount"):
        assert body.pop("detail")  # Frankfurter's errors have none
    assert without_numbers(body) == without_numbers(case["body"])
    assert body.get("amount") == case["body"].get("amount")
    if answer.status == 200:
        for day, code, theirs, ours, allowed in tolerances(ask, case["body"], body):
            assert abs(theirs - ours) <= allowed, (day, code, float(theirs), float(ours))


def test_all_cases_are_present() -> None:
    assert len(CASES) == 69
    assert {int(case["status"]) for case in CASES} == {200, 404, 422}
