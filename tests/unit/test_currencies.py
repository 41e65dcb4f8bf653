"""`base` and `symbols` in both spellings, and `/currencies`."""

import pytest

from rates import currencies
from tests.conftest import Ask
from tests.support import content, is_not_found

PAIR = '{"message":"bad currency pair"}'


def codes(ask: Ask, url: str) -> list[str]:
    return list(content(ask(url))["rates"])


def base(ask: Ask, url: str) -> str:
    return str(content(ask(url))["base"])


def test_the_default_base_is_the_euro(ask: Ask) -> None:
    assert base(ask, "/latest") == "EUR"
    assert base(ask, "/latest?base=USD") == "USD"
    assert base(ask, "/latest?from=USD") == "USD"


def test_rates_are_sorted_by_code_without_the_base(ask: Ask) -> None:
    in_dollars = codes(ask, "/latest?base=USD")
    assert in_dollars == sorted(in_dollars)
    assert set(in_dollars) == {"EUR", *codes(ask, "/latest")} - {"USD"}


def test_the_euro_is_a_quote_if_the_base_is_another_currency(ask: Ask) -> None:
    assert ask("/latest?from=USD&to=EUR").body == (
        '{"amount":1.0,"base":"USD","date":"2026-10-30","rates":{"EUR":0.895095}}'
    )
    assert "EUR" not in codes(ask, "/latest")


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("symbols=USD,GBP,AUD", ["AUD", "GBP", "USD"]),
        ("to=USD,GBP,USD", ["GBP", "USD"]),
        # The values of repeated symbols are combined, and never a bad pair.
        *((f"{name}=EUR&{name}=GBP&{name}=JPY,usd", ["GBP", "JPY", "USD"]) for name in ("symbols", "to")),
        *((f"{name}=GBP&{name}=", ["GBP"]) for name in ("symbols", "to")),
        ("base=USD&symbols=USD&symbols=GBP", ["GBP"]),
        # `to` takes precedence over all values of `symbols`.
        ("symbols=USD&to=GBP&symbols=JPY&to=CHF", ["CHF", "GBP"]),
        # Unknown symbols and the base are dropped.
        ("symbols=XXX,USD,USDX,,U,%E2%82%AC,RUB", ["USD"]),
        ("base=USD&symbols=USD,GBP", ["GBP"]),
        ("base=EUR&symbols=EUR,GBP", ["GBP"]),
    ],
)
def test_symbols_choose_the_quotes(ask: Ask, query: str, chosen: list[str]) -> None:
    assert codes(ask, f"/latest?{query}") == chosen


def test_from_and_to_take_precedence_over_base_and_symbols(ask: Ask) -> None:
    url = "/latest?base=USD&from=GBP&symbols=JPY&to=CHF"
    assert (base(ask, url), codes(ask, url)) == ("GBP", ["CHF"])


def test_the_last_value_of_a_repeated_parameter_counts(ask: Ask) -> None:
    url = "/latest?base=GBP&symbols=JPY&amount=3&base=CHF&amount=2"
    assert ask(url).body == ask("/latest?base=CHF&symbols=JPY&amount=2").body


@pytest.mark.parametrize(
    "query",
    ["base=usd&symbols=gBp,jpy", "base=%20USD%20&symbols=%20GBP%20,%20%20JPY", "from=+usd&to=gbp+,+jpy+"],
)
def test_case_and_outer_spaces_of_codes_do_not_matter(ask: Ask, query: str) -> None:
    assert ask(f"/latest?{query}").body == ask("/latest?base=USD&symbols=GBP,JPY").body


@pytest.mark.parametrize(
    "symbols", ["XXX", "USDX", "XXX,YYY", ",", ",,,", "%20", "EUR", "EUR,EUR", "RUB", "*", "%00"]
)
def test_it_is_404_if_no_symbol_is_left(ask: Ask, symbols: str) -> None:
    answer = ask(f"/latest?symbols={symbols}")
    assert is_not_found(answer)


@pytest.mark.parametrize(
    "query",
    [
        *("base=XXX", "base=", "from=", "symbols=", "to=", "base=%20", "base=USD,GBP"),
        *("from=&base=USD", "to=&symbols=USD", "from=USD&from=", "symbols=&symbols=", "to=&to="),
        *("symbols=U%20SD", "symbols=%09USD"),  # no space is removed from inside a code
        # A pair is bad only if both are given and it is one symbol.
        *(
            "symbols=EUR",
            "base=USD&symbols=USD,USD",
            "base=USD&symbols=,USD",
            "base=USD&symbols=USD&symbols=USD",
        ),
    ],
)
def test_an_unknown_base_and_no_symbol_are_not_found(ask: Ask, query: str) -> None:
    assert ask(f"/latest?{query}").status == 404


@pytest.mark.parametrize(
    "query",
    [
        *("base=USD&symbols=USD", "from=USD&to=USD", "base=usd&to=USD", "from=EUR&to=EUR"),
        *("base=XXX&symbols=XXX", "base=USD&symbols=%20usd", "base=USD&symbols=USD,"),
        "from=GBP&base=USD&to=GBP",
    ],
)
def test_one_code_as_base_and_symbol_is_a_bad_pair(ask: Ask, query: str) -> None:
    answer = ask(f"/latest?{query}")
    assert (answer.status, answer.body) == (422, PAIR)


@pytest.mark.parametrize(
    "code",
    # A dotless i, a dotted I, the sign for kelvin, full-width letters, a long s.
    ["%C4%B1dr", "%C4%B0DR", "%E2%84%AARW", "%EF%BC%B5%EF%BC%B3%EF%BC%A4", "s%C5%BFk"],
)
def test_letters_outside_ascii_never_become_letters_of_a_code(ask: Ask, code: str) -> None:
    assert ask(f"/latest?symbols={code}").status == 404
    assert ask(f"/latest?base={code}").status == 404
    assert codes(ask, f"/latest?symbols={code},usd") == ["USD"]


def test_unknown_parameters_are_ignored(ask: Ask) -> None:
    extra = "access_key=1&apikey=x&callback=f&Base=USD&SYMBOLS=USD&date=2020-01-01&base%5Ba%5D=USD&_=1"
    assert ask(f"/latest?{extra}").body == ask("/latest").body


def test_currencies_take_no_parameters(ask: Ask) -> None:
    assert ask("/currencies?base=&amount=x&symbols=USD").body == ask("/currencies").body


def test_a_currency_without_a_name_shows_its_code() -> None:
    assert currencies.currency("XYZ") == (None, "XYZ", None)
