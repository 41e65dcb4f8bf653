"""The largest answers: a Lambda function can hand out 6 MB, as JSON with the body in it as a string."""

from __future__ import annotations

import json
from bisect import bisect_left

import pytest

from rates.serving import answers
from tests.conftest import Ask
from tests.support import content, ecb_publications

BOUND = 5_500_000
TOO_LARGE = "range too large: ask for fewer currencies, fewer years or a group"
DAYS = [known.date for known in ecb_publications()]


def size(ask: Ask, url: str) -> int:
    """Bytes of the answer as Lambda's runtime writes it."""
    return len(json.dumps(ask(url).payload()).encode())


@pytest.mark.parametrize("terms", ["base=USD&amount=999999999999.999", "format=csv"])
def test_the_longest_range_that_is_answered_is_just_under_the_bound(
    ask: Ask, terms: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bisect_left(DAYS, 1, key=lambda day: int(ask(f"/{day}..?{terms}").status == 200))
    assert 0 < first < len(DAYS) - 1
    assert BOUND - 4000 < size(ask, f"/{DAYS[first]}..?{terms}") <= BOUND
    refused = ask(f"/{DAYS[first - 1]}..?{terms}")
    assert (refused.status, content(refused)) == (422, {"message": TOO_LARGE})
    monkeypatch.setattr(answers, "LARGEST_PAYLOAD", 10 * BOUND)
    assert size(ask, f"/{DAYS[first - 1]}..?{terms}") > BOUND - 1000


def test_the_whole_history_in_the_ecbs_own_digits_is_answered(ask: Ask) -> None:
    assert len(content(ask("/1999-01-04.."))["rates"]) == len(DAYS)


@pytest.mark.parametrize("remedy", ["symbols=USD,GBP,JPY", "group=month", "group=week"])
def test_the_remedies_that_the_refusal_names_help(ask: Ask, remedy: str) -> None:
    assert ask("/1999-01-04..?format=csv").status == 422
    assert ask(f"/1999-01-04..?format=csv&{remedy}").status == 200
    assert ask("/2010-01-01..2020-12-31?format=csv").status == 200


def test_what_is_not_the_body_is_small(ask: Ask) -> None:
    headers = ask("/latest?format=csv").payload()["headers"]
    assert len(json.dumps({"statusCode": 200, "headers": headers, "body": ""})) <= answers.ENVELOPE
