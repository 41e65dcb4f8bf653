"""The plausibility rule accepts the ECB's own history, and the limits are as near to it as they say."""

from decimal import Decimal
from typing import Any

import pytest

from rates.history import Publication
from rates.updating import plausibility
from tests.steady_history import check, refusal
from tests.support import ecb_publications

TURBULENT_DAYS = [
    "1999-04-20",  # half of the rates stay the same
    "2001-02-22",  # TRL +68 %
    "2005-04-01",  # seven new currencies
    "2008-01-02",  # CYP and MTL end
    "2008-10-06",  # ISK +25 %
    "2008-10-08",  # five rates jump
    "2008-10-16",
    "2008-10-24",  # NZD and TRY move like a swap
    "2008-11-06",  # ISK -33 %
    "2011-01-03",  # EEK ends
    "2014-12-16",  # RUB +22 %
    "2014-12-17",
    "2015-01-02",  # LTL ends
    "2015-01-15",  # CHF -14 %
    "2015-01-23",  # a quarter of the rates moves by less than 1.3 %
    "2018-02-01",  # ISK is back after nine years
    "2018-08-10",  # TRY +11 %
    "2021-12-21",  # TRY -27 %
    "2022-02-28",  # RUB +25 %
    "2022-03-02",  # RUB ends
    "2023-01-02",  # HRK ends
]


def until(day: str) -> list[Publication]:
    return [publication for publication in ecb_publications() if publication.date <= day]


def test_whole_history_is_accepted_at_once() -> None:
    assert check(ecb_publications(), {}) == []


@pytest.mark.fault("The ECB's own largest moves")
@pytest.mark.parametrize("day", TURBULENT_DAYS)
def test_turbulent_day_is_accepted_as_newest_and_a_day_later(day: str) -> None:
    file = until(day)
    assert file[-1].date == day
    assert refusal(file, file[:-1]) == ""
    both = ecb_publications()[: len(file) + 1]
    assert refusal(both, file[:-1]) == ""


@pytest.mark.parametrize(
    ("limit", "tighter", "day", "rule"),
    [
        ("LEAST_RATE", Decimal("0.45"), "1999-02-01", "size"),
        ("MOST_RATE", Decimal("1500000"), "2003-01-02", "size"),
        ("MAX_DROPPED", 1, "2008-01-02", "currencies"),
        ("MAX_ADDED", 6, "2005-04-01", "currencies"),
        ("MAX_EQUAL", 0.48, "1999-04-20", "repetition"),
        ("MAX_JUMPS", 4, "2008-10-08", "many jumps"),
        ("JUMP", Decimal("0.03"), "2008-10-08", "many jumps"),
        ("MAX_QUARTILE", Decimal("0.0128"), "2015-01-23", "common move"),
        ("SWAP_FIT", Decimal("0.598"), "2008-10-24", "swap"),
        ("MAX_MOVE", Decimal("0.68"), "2001-02-22", "one rate"),
        ("YOUNG", 500, "2001-02-22", "one rate"),
        ("RECORD_FACTOR", 2, "2021-12-21", "one rate"),
    ],
)
def test_tighter_limit_refuses_a_real_day(
    limit: str, tighter: Any, day: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = until(day)
    assert refusal(file, file[:-1]) == ""
    monkeypatch.setattr(plausibility, limit, tighter)
    assert refusal(file, file[:-1]) == rule
