"""CSV of v1, as RFC 4180 defines it."""

import csv
import io

from tests.conftest import Ask
from tests.support import content


def table(ask: Ask, url: str) -> list[list[str]]:
    text = ask(url).body
    assert text.endswith("\r\n")
    assert text.count("\r\n") == text.count("\n") == text.count("\r")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_csv_has_the_dates_codes_and_digits_of_json(ask: Ask) -> None:
    for url in (
        "/2004-12-30?base=USD&amount=12.5",
        "/2008-12-01..2009-01-15?symbols=ISK,USD,EEK&base=GBP",
        "/2017-11-01..2018-03-01?group=week&symbols=ISK,USD",
        "/1999-01-04..1999-12-31",
    ):
        answer = content(ask(url))
        days = {answer["date"]: answer["rates"]} if "date" in answer else answer["rates"]
        expected = [
            [day, answer["base"], code, digits]
            for day, rates in days.items()
            for code, digits in rates.items()
        ]
        header, *rows = table(ask, url + "&format=csv" if "?" in url else url + "?format=csv")
        assert header == ["date", "base", "quote", "rate"]
        assert rows == expected


def test_csv_of_changes_has_the_dates_codes_and_digits_of_json(ask: Ask) -> None:
    answer = content(ask("/changes/2024-01-01..2024-12-31?base=USD"))
    _, *rows = table(ask, "/changes/2024-01-01..2024-12-31?base=USD&format=csv")
    fixed = [answer["start_date"], answer["end_date"], "USD"]
    assert rows == [[*fixed, code, *change.values()] for code, change in answer["rates"].items()]


def test_errors_stay_json(ask: Ask) -> None:
    for url, message in {
        "/latest?symbols=XXX": "not found",
        "/2012-01-01..2012-12-31?symbols=ISK": "not found",
        "/changes/1999-01-04?": "not found",
        "/2024-02-30?": "invalid date",
    }.items():
        answer = ask(f"{url}&format=csv")
        assert content(answer)["message"] == message
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
