"""`group=day`: each calendar day of a range, with the publication that `on` chooses."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.history_files import HISTORY
from tests.support import MemoryStore, content, is_not_found, max_age

ON = ("previous", "before", "next", "exact")
TODAY = "2026-10-31"  # of `ask`; the newest publication is of the day before


def days(start: str, end: str) -> list[str]:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("on", ON)
@pytest.mark.parametrize(
    ("start", "terms"),
    [("1999-01-01", "symbols=USD,ISK"), ("2007-01-01", "base=ISK&amount=2.5&symbols=CYP")],
)
def test_each_day_has_its_single_date_answer(ask: Ask, on: str, start: str, terms: str) -> None:
    rates, published = {}, {}
    for day in days(start, TODAY):
        single = content(ask(f"/{day}?on={on}&{terms}"))
        if "date" in single and day >= "1999-01-04":
            rates[day], published[day] = single["rates"], single["date"]
    answer = content(ask(f"/{start}..2026-12-31?group=day&on={on}&{terms}"))
    assert list(answer) == ["amount", "base", "start_date", "end_date", "rates", "published"]
    assert (answer["rates"], answer["published"]) == (rates, published)
    assert (list(answer["rates"]), list(answer["published"])) == (list(rates), list(rates))
    assert (answer["start_date"], answer["end_date"]) == (min(rates), max(rates))


def test_days_reach_into_the_years_before_and_after() -> None:
    ask = asking(Reader(MemoryStore(HISTORY)))
    url = "/2023-12-31..2024-01-02?group=day&symbols=USD&on="
    for on, found in {"previous": "2023-12-29", "before": "2023-12-29", "next": "2024-12-30"}.items():
        assert set(content(ask(url + on))["published"].values()) == {found}
    ends = content(ask("/2024-12-29..2025-01-01?group=day&symbols=USD&on=before"))["published"]
    assert list(ends.values()) == ["2023-12-29", "2023-12-29", "2024-12-30", "2024-12-31"]


def test_v2_has_the_days_of_v1_in_each_representation(ask: Ask) -> None:
    url = "/2024-12-24..2024-12-29?group=day&base=USD&on=next&symbols=EUR,GBP"
    rows = "/v2/rates?from=2024-12-24&to=2024-12-29&group=day&base=USD&on=next&quotes=EUR,GBP"
    day = content(ask(url))
    expected = [
        {"date": at, "base": "USD", "quote": code, "rate": digits, "published": day["published"][at]}
        for at, rates in day["rates"].items()
        for code, digits in rates.items()
    ]
    assert content(ask(rows)) == expected
    assert [list(row) for row in content(ask(rows))] == [list(row) for row in expected]
    lines = [list(expected[0]), *(list(row.values()) for row in expected)]
    assert table(ask(f"{url}&format=csv").body) == lines
    assert table(ask(rows, headers={"Accept": "text/csv"}).body) == lines
    ndjson = ask(rows, headers={"Accept": "application/x-ndjson"}).body
    assert [json.loads(line, parse_float=str) for line in ndjson.splitlines()] == expected


def test_provider_of_a_day_is_dated_by_the_publication(ask: Ask) -> None:
    url = "/v2/rates?from=2026-05-31&to=2026-05-31&group=day&quotes=EUR,USD&expand=providers"
    euro = {"date": "2026-05-31", "base": "EUR", "quote": "EUR", "rate": "1.0", "published": "2026-05-29"}
    ecb = {"key": "ECB", "date": "2026-05-29", "rate": "1.1644"}
    dollar = {**euro, "quote": "USD", "rate": "1.1644", "providers": [ecb]}
    assert content(ask(url)) == [euro, dollar]
    assert ask(url, headers={"Accept": "text/csv"}).body == (
        "date,base,quote,rate,published,providers\n2026-05-31,EUR,EUR,1.0,2026-05-29,\n"
        "2026-05-31,EUR,USD,1.1644,2026-05-29,ECB:1.1644\n"
    )


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("1990-01-01..1999-01-05", "1999-01-04", "1999-01-05"),
        ("2026-10-29..2026-12-31", "2026-10-29", TODAY),
        ("2026-10-29..", "2026-10-29", "2026-10-30"),
        ("2026-10-31..2026-11-01", TODAY, TODAY),
    ],
)
def test_days_go_from_the_first_publication_to_today(ask: Ask, asked: str, first: str, last: str) -> None:
    assert list(content(ask(f"/{asked}?group=day&symbols=USD"))["rates"]) == days(first, last)


@pytest.mark.parametrize(
    "asked",
    [
        "2026-11-01..2026-11-05",
        "2026-10-31..",
        "2026-05-02..2026-05-01",
        "1990-01-01..1998-12-31",
        "0000-01-01..0000-12-31",
        "2026-10-24..2026-10-25?on=exact",
        "2026-10-31..2026-10-31?on=next",
        "2012-01-01..2012-01-31?symbols=ISK",
    ],
)
def test_without_a_day_v1_is_404_and_v2_is_empty(ask: Ask, asked: str) -> None:
    path, _, terms = asked.partition("?")
    assert is_not_found(ask(f"/{path}?group=day&{terms}"))
    start, _, end = path.partition("..")
    rows = f"?from={start}&group=day" + f"&to={end}" * bool(end) + f"&{terms}".replace("symbols", "quotes")
    assert ask(f"/v2/rates{rows.rstrip('&')}").body == "[]"
    assert ask(f"/v2/rates.csv{rows.rstrip('&')}").body == "date,base,quote,rate,published\n"


def test_days_that_end_today_are_cached_until_midnight_at_most(ask: Ask) -> None:
    now = datetime(2026, 10, 31, 23, 58, 30, tzinfo=UTC)
    for end, seconds in {"2026-10-29": 86_400, "2026-10-31": 3600, "2026-11-01": 90, "": 3600}.items():
        assert max_age(ask(f"/2026-10-26..{end}?group=day", now=now)) == seconds
        to = f"&to={end}" if end else ""
        assert max_age(ask(f"/v2/rates?from=2026-10-26{to}&group=day", now=now)) == seconds


def test_on_and_value_are_checked(ask: Ask) -> None:
    url, rows = "/2026-10-26..2026-10-28?group=day", "/v2/rates?from=2026-10-26&to=2026-10-28"
    assert ask(f"{url}&value=last").body == ask(url).body
    for terms, message in {"on=later": "invalid on", "value=first&on=later": "invalid value"}.items():
        assert content(ask(f"{url}&{terms}"))["message"] == message
        assert content(ask(f"{rows}&group=day&{terms}"))["message"] == message
    for terms in ("", "&group=week"):
        assert content(ask(f"{rows}{terms}&on=next"))["message"] == "invalid on"
    assert content(ask("/v2/rates?group=day&on=next"))["message"] == "invalid on"
    assert content(ask("/v2/rates?group=day"))["message"] == "missing from"
