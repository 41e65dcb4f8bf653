"""Period ends: `on`, `value=last`, and groups, against the ECB's file and v2, which has a model."""

from datetime import date, timedelta

import pytest

from tests import oracle
from tests.conftest import Ask
from tests.support import content, ecb_publications, is_not_found

PUBLISHED = {publication.date for publication in ecb_publications()}
LATEST = ecb_publications()[-1].date
QUARTER_ENDS = [f"{year}-{end}" for year in range(1999, 2026) for end in ("03-31", "06-30", "09-30", "12-31")]
GROUPS = ("week", "month", "quarter", "year")

SYMBOLS = {"/{}": "symbols=USD", "/v2/rates?date={}": "quotes=USD"}
INVALID_VALUE = '{"message":"invalid value","detail":"allowed are mean, last"}'


def date_of(ask: Ask, url: str) -> str:
    return str(content(ask(url)).get("date", ""))


def test_the_vat_rate_of_a_sunday_is_that_of_the_monday_after(ask: Ask) -> None:
    assert ask("/2026-05-31?on=next&symbols=USD").body == (
        '{"amount":1.0,"base":"EUR","date":"2026-06-01","rates":{"USD":'
        + oracle.first_from(ecb_publications(), "2026-05-31").rates["USD"]
        + "}}"
    )
    assert date_of(ask, "/2026-05-31") == "2026-05-29"


def test_next_is_the_first_publication_on_or_after_each_day(ask: Ask) -> None:
    for day in ["1999-01-01", "0000-01-01", "2000-12-31", "2024-03-29", "2026-10-29", LATEST, *QUARTER_ENDS]:
        expected = oracle.first_from(ecb_publications(), day)
        answer = content(ask(f"/{day}?on=next"))
        assert (answer["date"], answer["rates"]) == (expected.date, dict(expected.rates))
        assert {row["date"] for row in content(ask(f"/v2/rates?date={day}&on=next"))} == {expected.date}


def test_exact_is_only_the_publication_of_the_day(ask: Ask) -> None:
    first = date(2023, 12, 20)
    for number in range(30):
        day = (first + timedelta(days=number)).isoformat()
        assert (ask(f"/{day}?on=exact").status == 200) == (day in PUBLISHED), day
        assert bool(content(ask(f"/v2/rates?date={day}&on=exact"))) == (day in PUBLISHED), day
        assert (ask(f"/v2/rate/EUR/USD?date={day}&on=exact").status == 200) == (day in PUBLISHED), day


def test_previous_is_the_default(ask: Ask) -> None:
    for day in ("2024-11-03", "2026-10-30", "2026-11-01", "1999-01-04"):
        assert ask(f"/{day}?on=previous").body == ask(f"/{day}").body


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("/2026-10-31?on=next", "no publication on or after 2026-10-31 yet"),
        ("/2026-11-01?on=next", "no publication on or after 2026-11-01 yet"),
        ("/2026-11-14?on=next", "2026-11-14 is in the future"),
        ("/1999-01-04?on=before", "no publication before 1999-01-04"),
        ("/0000-01-01?on=before", "no publication before 0000-01-01"),
        ("/2026-10-31?on=exact", "no publication on 2026-10-31"),
        ("/1998-12-31?on=exact", "no publication on 1998-12-31"),
        ("/1998-12-31?on=previous", "no publication on or before 1998-12-31"),
    ],
)
def test_without_such_a_publication_it_is_404(ask: Ask, url: str, detail: str) -> None:
    answer = ask(url)
    assert is_not_found(answer)
    assert content(answer)["detail"] == detail
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("value", ["", "Next", "later", "next,exact"])
def test_another_value_of_on_is_invalid(ask: Ask, value: str) -> None:
    assert (
        ask(f"/2024-05-13?on={value}").body
        == '{"message":"invalid on","detail":"allowed are previous, before, next, exact"}'
    )


@pytest.mark.parametrize("path", ["/latest", "/2024-05-13..2024-05-20", "/changes", "/changes/2024-05-13"])
def test_on_is_ignored_by_v1_without_a_single_date(ask: Ask, path: str) -> None:
    for value in ("next", "exact", "nonsense"):
        assert ask(f"{path}?on={value}").body == ask(path).body


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("value", ["mean", "last"])
def test_groups_are_those_of_v2_which_agree_with_the_model(ask: Ask, group: str, value: str) -> None:
    """In these years currencies end, and the gap of ISK begins."""
    terms = f"group={group}&value={value}&base=ISK"
    expected: dict[str, dict[str, str]] = {}
    for row in content(ask(f"/v2/rates?from=2004-11-15&to=2009-02-11&{terms}")):
        if row["quote"] != "ISK":
            expected.setdefault(row["date"], {})[row["quote"]] = row["rate"]
    answer = content(ask(f"/2004-11-15..2009-02-11?{terms}"))
    assert answer["rates"] == expected
    assert list(answer["rates"]) == sorted(expected)
    assert (answer["start_date"], answer["end_date"]) == (min(expected), max(expected))


def test_last_leaves_out_a_group_whose_last_publication_lacks_the_currency(ask: Ask) -> None:
    url = "/2008-11-01..2008-12-31?group=month&value=last&symbols=ISK"
    assert list(content(ask(url))["rates"]) == ["2008-11-28"]


def test_a_week_over_new_year_has_one_last_publication(ask: Ask) -> None:
    url = "/2024-12-23..2025-01-10?group=week&value=last&symbols=USD"
    assert list(content(ask(url))["rates"]) == ["2024-12-27", "2025-01-03", "2025-01-10"]


def test_the_closing_rates_of_the_readme(ask: Ask) -> None:
    rows = content(ask("/v2/rates?from=2026-07-01&to=2026-09-30&group=month&value=last&quotes=USD"))
    assert [row["date"] for row in rows] == ["2026-07-31", "2026-08-31", "2026-09-30"]
    for row in rows:
        assert row["rate"] == oracle.newest_on(ecb_publications(), row["date"]).rates["USD"]


def test_value_without_group_is_ignored_if_it_is_valid(ask: Ask) -> None:
    plain = ask("/2024-05-13..2024-05-20")
    for value in ("mean", "last"):
        assert ask(f"/2024-05-13..2024-05-20?value={value}").body == plain.body
    assert ask("/2024-05-13..2024-05-20?value=").body == INVALID_VALUE


@pytest.mark.parametrize("value", ["", "first", "Last", "mean,last"])
def test_another_value_is_invalid(ask: Ask, value: str) -> None:
    answer = ask(f"/2024-05-13..2024-05-20?group=week&value={value}")
    assert (answer.status, answer.body) == (422, INVALID_VALUE)


@pytest.mark.full
@pytest.mark.parametrize("path", ["/{}", "/v2/rates?date={}"])
def test_before_a_day_is_previous_of_the_day_before_it(ask: Ask, path: str) -> None:
    first = date(1999, 1, 5)
    for number in range((date(2026, 11, 13) - first).days + 1):
        day = first + timedelta(days=number)
        url, other = path.format(day), path.format(day - timedelta(days=1))
        sign = "&" if "?" in path else "?"
        assert ask(f"{url}{sign}on=before&{SYMBOLS[path]}").body == ask(f"{other}{sign}{SYMBOLS[path]}").body


def test_before_is_the_publication_before_a_publication(ask: Ask) -> None:
    for day, before in [
        ("2026-10-30", "2026-10-29"),
        ("2026-11-02", "2026-10-30"),
        ("2024-01-02", "2023-12-29"),
    ]:
        assert content(ask(f"/{day}?on=before&symbols=USD"))["date"] == before
