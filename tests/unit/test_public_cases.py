"""Requests of other people's programs, answered by the service."""

from typing import Any

import pytest

from tests import public_cases
from tests.conftest import Ask
from tests.support import NOW

CASES = public_cases.load()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_public_programs_get_the_right_answer(ask: Ask, case: dict[str, Any]) -> None:
    headers = {**case.get("headers", {}), **({"Accept": case["accept"]} if "accept" in case else {})}
    answer = ask(public_cases.path_of(case, NOW.date()), case.get("method", "GET"), headers)
    public_cases.assert_answer(case, answer.status, answer.headers, answer.body)
