"""The largest answers. Lambda's limit is 6 MB, for JSON with the body as a string in it."""

import json
from bisect import bisect_left

import pytest

from rates.serving import proxy
from tests.conftest import Ask
from tests.support import content, ecb_publications

BOUND = 5_500_000
TOO_LARGE = "range too large: ask for fewer currencies, fewer years or a group"
DAYS = [publication.date for publication in ecb_publications()]


def size(ask: Ask, url: str) -> int:
    """Bytes of the answer as Lambda's runtime writes it."""
    return len(json.dumps(ask(url).payload()).encode())


@pytest.mark.fault("The largest requests")
@pytest.mark.parametrize("terms", ["base=USD&amount=999999999999.999", "format=csv"])
def test_the_longest_possible_range_is_just_under_the_limit(
    ask: Ask, terms: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bisect_left(DAYS, 1, key=lambda day: int(ask(f"/{day}..?{terms}").status == 200))
    assert 0 < first < len(DAYS) - 1
    assert BOUND - 4000 < size(ask, f"/{DAYS[first]}..?{terms}") <= BOUND
    refused = ask(f"/{DAYS[first - 1]}..?{terms}")
    assert (refused.status, content(refused)) == (422, {"message": TOO_LARGE})
    monkeypatch.setattr(proxy, "LARGEST_PAYLOAD", 10 * BOUND)
    assert size(ask, f"/{DAYS[first - 1]}..?{terms}") > BOUND - 1000


def test_the_whole_history_in_the_ecbs_own_digits_is_answered(ask: Ask) -> None:
    expected = {publication.date: publication.rates for publication in ecb_publications()}
    assert content(ask("/1999-01-04.."))["rates"] == expected


@pytest.mark.fault("The largest requests")
@pytest.mark.parametrize("remedy", ["symbols=USD,GBP,JPY", "group=month", "group=week"])
def test_the_remedies_in_the_message_help(ask: Ask, remedy: str) -> None:
    assert ask("/1999-01-04..?format=csv").status == 422
    assert ask(f"/1999-01-04..?format=csv&{remedy}").status == 200
    assert ask("/2010-01-01..2020-12-31?format=csv").status == 200


@pytest.mark.fault("The largest requests")
@pytest.mark.parametrize(("path", "longest"), [("/v2/rates", "2019"), ("/v2/rates.csv", "2003")])
def test_v2_has_the_same_limit_and_remedies(ask: Ask, path: str, longest: str) -> None:
    refused = ask(f"{path}?from=1999-01-04")
    assert content(refused) == {"status": "422", "message": TOO_LARGE}
    assert BOUND / 2 < size(ask, f"{path}?from={longest}-01-01") <= BOUND
    for remedy in ("quotes=USD,GBP,JPY", "group=month", "group=quarter&value=last"):
        assert ask(f"{path}?from=1999-01-04&{remedy}").status == 200


def test_the_envelope_of_a_response_is_small(ask: Ask) -> None:
    headers = ask("/latest?format=csv").payload()["headers"]
    assert len(json.dumps({"statusCode": 200, "headers": headers, "body": ""})) <= proxy.ENVELOPE
