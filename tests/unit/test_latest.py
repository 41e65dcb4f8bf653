"""`/latest`."""

from __future__ import annotations

import json

from tests.conftest import Ask


def test_latest_has_the_digits_of_the_newest_row(ask: Ask) -> None:
    answer = ask("/latest?symbols=USD,JPY")
    assert (
        answer.body == '{"amount":1.0,"base":"EUR","date":"2026-10-30","rates":{"JPY":175.68,"USD":1.1172}}'
    )


def test_current_is_latest(ask: Ask) -> None:
    assert json.loads(ask("/current").body) == json.loads(ask("/latest").body)
