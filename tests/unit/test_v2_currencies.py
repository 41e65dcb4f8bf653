"""`/currencies`, `/currency/{code}` and `/providers` of v2, and what they read."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rates import currencies
from rates.history import Publication
from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import MemoryStore, content, ecb_publications

FILE = Path(__file__).parent.parent / "data" / "currencies_v2.jsonl"
RECORDED = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
CURRENT = sorted({"EUR", *ecb_publications()[-1].rates})


def test_scope_all_has_the_42_currencies_of_frankfurter_v2(ask: Ask) -> None:
    assert json.loads(ask("/v2/currencies?scope=all").body) == RECORDED
    assert len(RECORDED) == 42


def test_without_scope_there_are_only_the_current_currencies(ask: Ask) -> None:
    found = json.loads(ask("/v2/currencies").body)
    assert found == [currency for currency in RECORDED if currency["iso_code"] in CURRENT]
    assert [currency["iso_code"] for currency in found] == list(content(ask("/currencies")))


@pytest.mark.parametrize("query", ["scope=ALL", "scope=", "scope=all&scope=x", "providers=boc,ecb", "scope"])
def test_other_scopes_and_parameters_change_nothing(ask: Ask, query: str) -> None:
    assert ask(f"/v2/currencies?{query}").body == ask("/v2/currencies").body


def test_other_providers_have_no_currencies(ask: Ask) -> None:
    assert ask("/v2/currencies?providers=BOC&scope=all").body == "[]"


def test_v1_has_the_same_names(ask: Ask) -> None:
    recorded = {currency["iso_code"]: currency["name"] for currency in RECORDED}
    assert content(ask("/currencies")) == {code: recorded[code] for code in CURRENT}


@pytest.mark.parametrize("currency", RECORDED, ids=[currency["iso_code"] for currency in RECORDED])
def test_each_currency_has_its_object_with_its_provider(ask: Ask, currency: dict[str, str]) -> None:
    for code in (currency["iso_code"], currency["iso_code"].lower(), f"%20{currency['iso_code']}%20"):
        assert json.loads(ask(f"/v2/currency/{code}").body) == {**currency, "providers": ["ECB"]}


@pytest.mark.parametrize("code", ["AED", "ZZZ", "%24", "US"])
def test_a_currency_without_data_is_not_found(ask: Ask, code: str) -> None:
    answer = ask(f"/v2/currency/{code}")
    assert json.loads(answer.body) == {
        "status": 404,
        "message": "not found",
        "detail": f"unknown currency: {code}",
    }


def test_the_dates_of_currencies_come_from_the_stored_data() -> None:
    history = [
        Publication("2024-01-02", {"USD": "1.1", "QQQ": "7"}),
        Publication("2024-01-03", {"USD": "1.2"}),
        Publication("2024-01-04", {"USD": "1.3"}),
    ]
    ask = asking(Reader(MemoryStore(history)))
    spans = {
        currency["iso_code"]: (currency["start_date"], currency["end_date"])
        for currency in content(ask("/v2/currencies?scope=all"))
    }
    assert spans == {
        "EUR": ("2024-01-02", "2024-01-04"),
        "QQQ": ("2024-01-02", "2024-01-02"),
        "USD": ("2024-01-02", "2024-01-04"),
    }
    assert content(ask("/v2/currency/QQQ"))["name"] == "QQQ"
    assert content(ask("/v2/currency/QQQ"))["symbol"] is None


def test_all_quoted_codes_are_accepted() -> None:
    assert {currency["iso_code"] for currency in RECORDED} <= currencies.codes()
    assert len(currencies.codes()) == 213


def test_currencies_read_only_the_latest_item() -> None:
    store = MemoryStore(ecb_publications()[-300:])
    ask = asking(Reader(store))
    for path in ("/currencies?scope=all", "/currency/USD", "/providers"):
        assert ask(f"/v2{path}").status == 200
    assert store.calls == ["latest"]


def test_the_provider_is_the_ecb(ask: Ask) -> None:
    (provider,) = json.loads(ask("/v2/providers").body)
    links = [provider.pop(name) for name in ("data_url", "terms_url")]
    assert all(link.startswith("https://www.ecb.europa.eu/") for link in links)
    assert provider == {
        "key": "ECB",
        "name": "European Central Bank",
        "country_code": "EU",
        "rate_type": "reference rate",
        "pivot_currency": "EUR",
        "start_date": "1999-01-04",
        "end_date": "2026-10-30",
        "publish_cadence": "daily",
        "frequency": "daily",
        "publishes_missed": 0,
        "currencies": [currency["iso_code"] for currency in RECORDED],
    }


@pytest.mark.parametrize(
    ("now", "missed"),
    [
        (datetime(2026, 11, 2, 17, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 2, 18, tzinfo=UTC), 1),
        (datetime(2026, 11, 3, 12, tzinfo=UTC), 1),
        (datetime(2026, 11, 10, 18, tzinfo=UTC), 7),
        (datetime(2027, 1, 1, 18, tzinfo=UTC), 43),  # Christmas, Boxing Day is a Saturday, New Year
    ],
)
def test_missed_publishes_follow_the_calendar(ask: Ask, now: datetime, missed: int) -> None:
    (provider,) = json.loads(ask("/v2/providers", now=now).body)
    assert provider["publishes_missed"] == missed
    assert json.loads(ask("/status", now=now).body)["stale"] is (missed > 0)
