"""The rows of v2: dates, the base's own row, codes, providers, and the shapes of rows."""

import csv
import io
import json

import pytest

from rates.serving import proxy
from rates.serving.proxy import Response
from tests.conftest import Ask
from tests.support import content, ecb_publications

NDJSON = {"Accept": "application/x-ndjson"}


def quotes(ask: Ask, url: str) -> list[str]:
    return [row["quote"] for row in content(ask(url))]


def dates(ask: Ask, url: str) -> list[str]:
    return [row["date"] for row in content(ask(url))]


def test_a_row_has_the_ecbs_own_digits(ask: Ask) -> None:
    assert ask("/v2/rates?quotes=USD,JPY").body == (
        '[{"date":"2026-10-30","base":"EUR","quote":"JPY","rate":175.68},'
        '{"date":"2026-10-30","base":"EUR","quote":"USD","rate":1.1172}]'
    )


def test_the_stage_tells_the_version(ask: Ask) -> None:
    assert content(ask("/v2"))["version"] == content(ask("/v2/"))["version"] == "v2"
    assert ask("/v2/v2/rates").body == ask("/v2/rates").body
    assert ask("/v2/v1/rates").status == 404


def test_the_base_has_a_row_of_its_own_in_its_place(ask: Ask) -> None:
    latest = ecb_publications()[-1]
    assert quotes(ask, "/v2/rates") == sorted(["EUR", *latest.rates])
    assert {"quote": "USD", "rate": "1.0"}.items() <= content(ask("/v2/rates?base=USD"))[-2].items()
    assert quotes(ask, "/v2/rates?base=USD&quotes=GBP") == ["GBP"]
    assert quotes(ask, "/v2/rates?base=USD&quotes=GBP,USD,EUR") == ["EUR", "GBP", "USD"]


def test_the_base_has_its_row_only_on_days_on_which_it_is_quoted(ask: Ask) -> None:
    assert dates(ask, "/v2/rates?from=2008-12-08&to=2018-02-01&base=ISK&quotes=ISK") == [
        "2008-12-08",
        "2008-12-09",
        "2018-02-01",
    ]
    assert content(ask("/v2/rates?base=BGN")) == []
    assert dates(ask, "/v2/rates?from=2026-10-29&quotes=EUR") == ["2026-10-29", "2026-10-30"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-10-24&to=2026-10-26", ["2026-10-23", "2026-10-26"]),
        ("from=2026-10-29", ["2026-10-29", "2026-10-30"]),
        ("from=2026-10-31", ["2026-10-30"]),
        ("from=2026-11-01", []),
        ("from=2026-10-30&to=2026-10-01", []),
        ("from=1990-01-01&to=1998-12-31", []),
        ("from=0000-01-01&to=1999-01-05", ["1999-01-04", "1999-01-05"]),
        ("date=2026-10-25", ["2026-10-23"]),
        ("date=2026-11-01", ["2026-10-30"]),
        ("date=2026-11-13", ["2026-10-30"]),
        ("date=2026-11-14", []),
        ("date=0000-02-29", []),
    ],
)
def test_v2_has_the_publications_of_v1(ask: Ask, query: str, found: list[str]) -> None:
    assert dates(ask, f"/v2/rates?quotes=USD&{query}") == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quotes=%20usd%20,%20gbp", ["GBP", "USD"]),
        ("quotes=USD&quotes=GBP,JPY", ["GBP", "JPY", "USD"]),
        ("quotes=USD,AED,BGN", ["USD"]),
        ("quotes=USD,", ["USD"]),
        ("quotes=USD&quotes=", ["USD"]),
        ("quotes=", []),
        ("quotes=,", []),
        ("quotes=%20", []),
        ("quotes=USD,USD", ["USD"]),
        ("providers=ecb&quotes=USD", ["USD"]),
        ("providers=BOC,ecb&quotes=USD", ["USD"]),
        ("providers=&quotes=USD", []),
        ("providers=ECBX&quotes=USD", []),
        ("base=XAU", []),
        ("&&=x&quotes=USD", ["USD"]),
        ("value=last&quotes=USD", ["USD"]),
        ("expand=PROVIDERS&quotes=USD", ["USD"]),
    ],
)
def test_codes_and_providers_choose_the_rows(ask: Ask, query: str, found: list[str]) -> None:
    assert quotes(ask, f"/v2/rates?{query}") == found


def test_a_parameter_without_a_value_counts_as_absent(ask: Ask) -> None:
    plain = ask("/v2/rates").body
    for name in ("base", "quotes", "date", "from", "to", "group", "value", "on", "providers", "expand"):
        assert ask(f"/v2/rates?{name}").body == plain, name
    assert content(ask("/v2/rates?nonsense"))["message"] == "unknown parameter: nonsense"


def test_null_values_of_an_event_count_as_absent() -> None:
    parameters = {"group": [None], "base": None, "quotes": ["USD", None]}
    request = proxy.request({"path": "/rates", "multiValueQueryStringParameters": parameters})
    assert request.parameters == {"group": [], "base": [], "quotes": ["USD"]}


def test_the_path_tells_the_version_if_the_event_has_no_stage() -> None:
    for path, version in {
        "/v2/rates": "v2",
        "/v2": "v2",
        "/v1/latest": "v1",
        "/v2x": "v1",
        "/": "v1",
    }.items():
        assert proxy.request({"path": path}).version == version
    staged = proxy.request({"path": "/rates", "requestContext": {"stage": "v2"}})
    assert (staged.version, staged.path) == ("v2", "/rates")


def test_rate_is_one_row_as_an_object(ask: Ask) -> None:
    assert ask("/v2/rate/gbp/usd?date=2024-11-03").body == (
        '{"date":"2024-11-01","base":"GBP","quote":"USD","rate":1.29586}'
    )
    assert content(ask("/v2/rate/EUR/USD?expand=providers"))["providers"] == [
        {"key": "ECB", "date": "2026-10-30", "rate": "1.1172"}
    ]
    assert content(ask("/v2/rate/USD/USD"))["rate"] == "1.0"
    assert ask("/v2/rate/%20EUR/USD%20").body == ask("/v2/rate/EUR/USD").body


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/rate/EUR/HRK", "HRK was last quoted on 2022-12-30"),
        ("/rate/EUR/ILS?date=2010-12-31", "ILS was first quoted on 2011-01-03"),
        ("/rate/EUR/AED", "unknown currency: AED"),
        ("/rate/EUR/USD?date=1998-12-31", "no publication on or before 1998-12-31"),
        ("/rate/EUR/USD?date=2026-10-31&on=next", "no publication on or after 2026-10-31 yet"),
        ("/rate/EUR/USD?date=2026-10-25&on=exact", "no publication on 2026-10-25"),
        ("/rate/EUR/USD?date=2030-01-01", "2030-01-01 is in the future"),
        ("/rate/EUR/USD?providers=BOC", "no provider but ECB"),
        ("/rate/EUR", "unknown path"),
        ("/rates//", "unknown path"),
        ("/rates.xml", "unknown path"),
        ("/latest", "unknown path"),
    ],
)
def test_404_says_in_its_detail_what_was_not_found(ask: Ask, path: str, detail: str) -> None:
    answer = ask(f"/v2{path}")
    assert (answer.status, json.loads(answer.body)) == (
        404,
        {"status": 404, "message": "not found", "detail": detail},
    )
    assert answer.headers["Cache-Control"] == "no-store"


def rows_of_csv(answer: Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.body, newline=""), strict=True))


@pytest.mark.parametrize(
    "query",
    [
        "base=USD&date=2004-12-30",
        "from=2008-12-01&to=2009-01-15&quotes=ISK,USD,EEK,GBP&base=GBP",
        "from=2017-11-01&to=2018-03-01&group=week&quotes=ISK,EUR",
        "from=2004-11-01&to=2005-03-01&group=month&value=last",
        "date=1998-01-01",
    ],
)
@pytest.mark.parametrize("expand", ["", "&expand=providers"])
def test_csv_ndjson_and_json_have_the_same_rows(ask: Ask, query: str, expand: str) -> None:
    rows = content(ask(f"/v2/rates.json?{query}{expand}"))
    lines = ask(f"/v2/rates?{query}{expand}", headers=NDJSON)
    assert lines.headers["Content-Type"] == "application/x-ndjson"
    assert lines.body == "".join(line + "\n" for line in lines.body.split("\n")[:-1])
    assert [json.loads(line, parse_float=str, parse_int=str) for line in lines.body.splitlines()] == rows
    header, *cells = rows_of_csv(ask(f"/v2/rates.csv?{query}{expand}"))
    assert header == ["date", "base", "quote", "rate", *(["providers"] if expand else [])]
    assert cells == [
        [
            *(row[name] for name in ("date", "base", "quote", "rate")),
            *([f"ECB:{row['rate']}" if "providers" in row else ""] if expand else []),
        ]
        for row in rows
    ]


def test_every_row_but_the_bases_own_names_its_provider(ask: Ask) -> None:
    for row in content(ask("/v2/rates?from=2008-12-01&to=2008-12-31&base=ISK&expand=providers")):
        expected = [{"key": "ECB", "date": row["date"], "rate": row["rate"]}]
        assert row.get("providers") == (None if row["quote"] == "ISK" else expected)


def test_only_rates_varies_with_accept(ask: Ask) -> None:
    assert ask("/v2/rates", headers={"Accept": "text/csv"}).body == ask("/v2/rates.csv").body
    assert ask("/v2/rates").headers["Vary"] == "Accept"
    for path in ("/rates.csv", "/rates.json", "/rate/EUR/USD", "/currencies", "/providers", "/"):
        plain = ask(f"/v2{path}")
        assert ask(f"/v2{path}", headers={"Accept": "text/csv, text/html"}) == plain
        assert "Vary" not in plain.headers
