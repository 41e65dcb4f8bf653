"""Random requests to v2 against a model: fractions from the ECB's file, by the rules of the contract."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from rates.history import Publication
from tests import oracle
from tests.conftest import Ask
from tests.support import content, ecb_publications

ALL = ecb_publications()
TODAY, TOMORROW = "2026-10-31", "2026-11-01"
CODES = sorted({"EUR", *(code for publication in ALL for code in publication.rates)})
UNQUOTED = ["AED", "DEM", "XAU"]
FIRST = date(1998, 6, 1)


def random_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange(10_400))


def random_query(chance: random.Random) -> dict[str, str]:
    """Return the parameters of a valid request."""
    query: dict[str, str] = {}
    if chance.random() < 0.8:
        query["base"] = chance.choice(["EUR", "USD", chance.choice(CODES), chance.choice(CODES + UNQUOTED)])
    if chance.random() < 0.8:
        query["quotes"] = ",".join(chance.sample(CODES + UNQUOTED, chance.randrange(1, 6)))
    day, form = random_day(chance), chance.random()
    if form < 0.45:
        query |= {"date": day.isoformat(), "on": chance.choice(["previous", "next", "exact"])}
    elif form < 0.95:
        days = chance.choice([0, 3, 20, 200, 800])
        query |= {"from": day.isoformat(), "to": (day + timedelta(days=days)).isoformat()}
        if chance.random() < 0.6:
            query["group"] = chance.choice(["week", "month", "quarter", "year"])
            query["value"] = chance.choice(["mean", "last"])
    return query


def chosen(query: dict[str, str]) -> list[Publication]:
    """Return the publications that answer a request without means."""
    if "from" in query:
        start, end = query["from"], query["to"]
        if start > TODAY:
            return []
        if "group" in query:
            return [members[-1] for members in oracle.groups(ALL, start, end, query["group"]).values()]
        if start >= ALL[0].date:
            start = oracle.newest_on(ALL, start).date
        return [publication for publication in ALL if start <= publication.date <= end]
    day, on = query.get("date", TODAY), query.get("on", "previous")
    if day > TOMORROW:
        return []
    if on == "next":
        return [publication for publication in ALL if publication.date >= day][:1]
    before = [publication for publication in ALL if publication.date <= day][-1:]
    return [publication for publication in before if on == "previous" or publication.date == day]


def expected(query: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows that the contract demands: date, base, quote, rate."""
    base = query.get("base", "EUR")
    wanted = sorted(query["quotes"].split(",")) if "quotes" in query else CODES
    if query.get("value") == "mean":
        start = query["from"] if query["from"] <= TODAY else "9999"
        for label, members in oracle.groups(ALL, start, query["to"], query["group"]).items():
            for code in wanted:
                if digits := oracle.mean_shown(members, base, code):
                    yield label, base, code, "1.0" if code == base else digits
        return
    for publication in chosen(query):
        quoted = {"EUR", *publication.rates}
        for code in wanted:
            if {base, code} <= quoted:
                digits = "1.0" if code == base else oracle.shown(publication.rates, base, code)
                yield publication.date, base, code, digits


@pytest.mark.parametrize(
    ("seed", "count"), [(2, 400), *(pytest.param(seed, 2000, marks=pytest.mark.full) for seed in (3, 4, 5))]
)
def test_random_requests_agree_with_the_model(ask: Ask, seed: int, count: int) -> None:
    chance = random.Random(seed)
    nonempty = 0
    for _ in range(count):
        query = random_query(chance)
        url = "/v2/rates?" + "&".join(f"{name}={value}" for name, value in query.items())
        rows = [tuple(row.values()) for row in content(ask(url))]
        assert rows == list(expected(query)), url
        nonempty += bool(rows)
    assert nonempty > count / 2
