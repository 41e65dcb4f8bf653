"""`/latest` and `/current`."""

import json
from datetime import UTC, datetime

from tests.conftest import Ask
from tests.support import content, ecb_publications


def test_latest_has_every_currency_with_the_ecbs_digits(ask: Ask) -> None:
    newest = ecb_publications()[-1]
    assert content(ask("/latest")) == {
        "amount": "1.0",
        "base": "EUR",
        "date": newest.date,
        "rates": dict(newest.rates),
    }


def test_current_is_latest(ask: Ask) -> None:
    assert ask("/current").body == ask("/latest").body


def test_the_stage_in_the_path_changes_nothing(ask: Ask) -> None:
    assert ask("/v1/latest") == ask("/latest")


def test_latest_has_no_age_limit(ask: Ask) -> None:
    months_later = datetime(2027, 6, 1, tzinfo=UTC)
    assert json.loads(ask("/latest", now=months_later).body)["date"] == "2026-10-30"


def test_the_answer_is_json_in_utf_8(ask: Ask) -> None:
    answer = ask("/latest")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
