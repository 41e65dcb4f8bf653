"""Requests as common clients write them: lists, slashes at the end, parameters against caches."""

from __future__ import annotations

import pytest

from tests.conftest import Ask
from tests.support import content


def test_v1_reads_a_list_with_brackets(ask: Ask) -> None:
    assert content(ask("/latest?symbols[]=USD")) == content(ask("/latest?symbols=USD"))


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ("/v2/rates?quotes%5B%5D=USD&quotes%5B%5D=GBP", "/v2/rates?quotes=USD,GBP"),
        ("/v2/rates/?base=USD", "/v2/rates?base=USD"),
        ("/v2/currencies/", "/v2/currencies"),
        ("/v2/rate/EUR/USD/", "/v2/rate/EUR/USD"),
        ("/v2/rates?8491", "/v2/rates"),
        ("/v2/rates?_=1699", "/v2/rates"),
    ],
)
def test_v2_answers_as_without_the_addition(ask: Ask, sent: str, plain: str) -> None:
    assert ask(plain).status == 200
    assert ask(sent).body == ask(plain).body


@pytest.mark.parametrize(
    ("path", "status"), [("/v2/rates//", 404), ("/v2/rates?_a=1", 422), ("/latest/", 404)]
)
def test_other_additions_are_refused(ask: Ask, path: str, status: int) -> None:
    assert ask(path).status == status
