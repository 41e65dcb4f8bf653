"""The CSV in the ECB's file is read digit by digit, and refused if it is invalid."""

from datetime import date

import pytest

from rates.history import Publication
from rates.source import FeedContentError
from rates.updating import history_file
from tests.history_files import HISTORY, archive, csv_text
from tests.support import ecb_publications

TODAY = date(2025, 1, 3)
TEXT = csv_text(HISTORY)
ROW = "2025-01-03,0.8293,N/A,1.0299,\n"
assert ROW in TEXT


def read(text: str | bytes) -> tuple[Publication, ...]:
    return tuple(history_file.read(archive(text), TODAY).publications)


def test_the_ecbs_file_is_read_completely() -> None:
    publications = ecb_publications()
    assert len(publications) == 7126
    assert publications[0].date == "1999-01-04"
    assert publications[-1].date == "2026-10-30"
    assert len({code for publication in publications for code in publication.rates}) == 41
    assert publications[0].rates["USD"] == "1.1789"


def test_publications_ascend_by_date_with_the_digits_of_the_file() -> None:
    assert read(TEXT) == HISTORY


HARMLESS = {
    "rows out of order": "".join(TEXT.splitlines(keepends=True)[i] for i in (0, 3, 1, 6, 2, 5, 4)),
    "a byte-order mark": "\ufeff" + TEXT,
    "CRLF": TEXT.replace("\n", "\r\n"),
    "no trailing column": TEXT.replace(",\n", "\n"),
    "another trailing column": TEXT.replace(",\n", ",,\n"),
    "an empty column between": "".join(line.replace(",", ",,", 1) for line in TEXT.splitlines(keepends=True)),
    "spaces around": TEXT.replace(",", " , "),
    "empty lines": TEXT.replace("\n", "\n\n"),
    "no end of the last line": TEXT.rstrip("\n"),
    "Ctrl-Z and blanks at the end": TEXT + " \r\n\x1a\n\t",
    "Ctrl-Z after the last cell": TEXT.rstrip("\n") + "\x1a",
    "a last line of empty cells": TEXT + " ,,\t,\n",
    "quotes": TEXT.replace("1.0299", '"1.0299"'),
    "empty for missing": TEXT.replace("N/A", ""),
}


@pytest.mark.fault("Another way to write the same file")
@pytest.mark.parametrize("variation", HARMLESS)
def test_a_harmless_variation_is_tolerated(variation: str) -> None:
    assert HARMLESS[variation] != TEXT
    assert read(HARMLESS[variation]) == HISTORY


@pytest.mark.fault("A new currency, an ended one")
def test_a_new_currency_is_read() -> None:
    text = TEXT.replace("USD", "USD,XYZ").replace("1.0299", "1.0299,12.5").replace("1.0321", "1.0321,N/A")
    file = history_file.read(archive("\n".join(text.splitlines()[:3])), TODAY)
    assert [publication.rates.get("XYZ") for publication in file.publications] == [None, "12.5"]
    assert file.columns == ("GBP", "HRK", "USD", "XYZ")  # in its place, and beside it one without a rate


@pytest.mark.fault("A new currency, an ended one")
def test_an_ended_currency_is_read() -> None:
    assert all("GBP" not in publication.rates for publication in read("Date,USD,\n2025-01-03,1.0299,\n"))


@pytest.mark.parametrize("digits", ["999999999", "0.00000001", "136", "10.978", "1.10", "0.5"])
def test_a_positive_rate_keeps_its_digits(digits: str) -> None:
    assert read(f"Date,USD\n2025-01-03,{digits}\n")[0].rates["USD"] == digits


@pytest.mark.fault("A negative, zero, huge or non-numeric rate")
@pytest.mark.parametrize(
    "digits",
    [
        *("0", "0.0", "-1.0299", "+1", "1e3", "1,5x", "NaN", "Infinity", "n/a", "1.0.1", ".5", "5."),
        *("01.5", "1 2"),
        *("9999999999", "1.123456789", "\u0661", "1.0299\x00"),
    ],
)
def test_an_invalid_rate_is_refused(digits: str) -> None:
    with pytest.raises(FeedContentError, match=r"^line 2 \(2025-01-03\) has '.*' in the column 'USD'$"):
        read(f'Date,USD\n2025-01-03,"{digits}"\n')


@pytest.mark.fault("A future date")
@pytest.mark.parametrize(
    "day",
    [
        *("2025-01-04", "2999-01-04", "1999-01-03", "0001-01-01", "2024-02-30", "20250103", "2025-1-3", ""),
        "today",
    ],
)
def test_an_invalid_date_is_refused(day: str) -> None:
    with pytest.raises(
        FeedContentError, match=f"^line 2 has '{day}', not a date from 1999-01-04 to 2025-01-03$"
    ):
        read(f"Date,USD\n{day},1.0299\n")


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "no Date column": (TEXT.replace("Date", "Day"), "the file's first column is not Date"),
    "HTML": ("<!DOCTYPE html><p>sorry", "the file's first column is not Date"),
    "nothing": ("", "the file's first column is not Date"),
    "no currencies": ("Date,,\n2025-01-03,,\n", "the file names no currencies"),
    "no publications": ("Date,USD\n", "the file has no publications"),
    "a date twice": (TEXT + ROW.replace("1.0299", "1.03"), "the file has 2025-01-03 twice"),
    "a day without rates": ("Date,USD\n2025-01-03,N/A\n", "line 2 (2025-01-03) has no rates"),
    "a row too short": (
        TEXT.replace(ROW, "2025-01-03,0.8293,N/A,1.0299\n"),
        "line 2 has 4 columns instead of 5",
    ),
    "a row too long": (TEXT.replace(ROW, ROW.strip() + ",\n"), "line 2 has 6 columns instead of 5"),
    "a rate in no column": (
        TEXT.replace(ROW, ROW.strip() + "7\n"),
        "line 2 (2025-01-03) has '7' in the column ''",
    ),
    "a currency twice": (
        "Date,USD,USD\n2025-01-03,1,2\n",
        "the file has an invalid or repeated column 'USD'",
    ),
    "the base": ("Date,EUR\n2025-01-03,1\n", "the file has an invalid or repeated column 'EUR'"),
    "no code": ("Date,usd\n2025-01-03,1\n", "the file has an invalid or repeated column 'usd'"),
    "a long code": (
        f"Date,{'A' * 99}\n2025-01-03,1\n",
        f"the file has an invalid or repeated column '{'A' * 20}'",
    ),
    "a long date": (
        f"Date,USD\n{'2' * 99},1\n",
        f"line 2 has '{'2' * 20}', not a date from 1999-01-04 to 2025-01-03",
    ),
    "a long rate": (
        f"Date,USD\n2025-01-03,{'1' * 99}\n",
        f"line 2 (2025-01-03) has '{'1' * 20}' in the column 'USD'",
    ),
    "an open quote": ('Date,USD\n2025-01-03,"1', "the file is not CSV: unexpected end of data"),
    "no UTF-8": (b"Date,USD\n2025-01-03,\xff\n", "the file is not UTF-8: "),
}


@pytest.mark.fault("No `Date` column")
@pytest.mark.fault("A date twice")
@pytest.mark.parametrize("fault", REFUSED)
def test_an_invalid_file_is_refused(fault: str) -> None:
    text, problem = REFUSED[fault]
    with pytest.raises(FeedContentError) as raised:
        read(text)
    assert str(raised.value).startswith(problem)
