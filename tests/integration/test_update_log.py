"""Every published correction is in the log, also after a crash or a lost answer of DynamoDB."""

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from rates.history import Publication
from tests.history_files import HISTORY, NEXT, corrected, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import Killed, after_each_call, only
from tests.integration.feed_server import FeedServer, answer

CORRECTED = corrected(HISTORY, "2023-12-29", USD="1.106", HRK="7.53")
CORRECTIONS = [
    {"date": "2023-12-29", "currency": "HRK", "was": "7.5345", "now": "7.53"},
    {"date": "2023-12-29", "currency": "USD", "was": "1.105", "now": "1.106"},
]


@pytest.fixture
def filled(feed: FeedServer, update_function: UpdateFunction) -> UpdateFunction:
    """Return the update function on a history, with a feed that corrects two of its rates."""
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    assert len(update_function.printed()) == 1
    feed.plan(answer(zipped(CORRECTED)))
    return update_function


def after_publishing(function: UpdateFunction, fail: Any) -> None:
    """Let a call fail once, after the write of the latest item took effect."""
    is_waiting = [True]

    def hook(**_: Any) -> None:
        if is_waiting and function.module.STORE.latest(consistent=True).revision == 2:
            is_waiting.clear()
            fail()

    after_each_call(function.module.CLIENT, only("TransactWriteItems", hook))


def test_corrections_are_logged_with_their_revision(filled: UpdateFunction) -> None:
    assert filled()["corrections"] == 2
    *corrections, line = filled.printed()
    assert line["corrections"] == 2
    assert corrections == [{"revision": 2, "correction": one} for one in CORRECTIONS]


@pytest.mark.fault("An update is killed after publishing corrections")
@pytest.mark.parametrize("error", [Killed(), ReadTimeoutError(endpoint_url="https://dynamodb.example")])
def test_an_update_that_ends_after_publishing_has_logged_its_corrections(
    filled: UpdateFunction, error: BaseException
) -> None:
    def fail() -> None:
        raise error

    after_publishing(filled, fail)
    with pytest.raises(type(error)):
        filled()
    assert [line.get("correction") for line in filled.printed()[:2]] == CORRECTIONS
    assert filled()["corrections"] == 0


@pytest.mark.fault("The answer to the publishing write is lost")
def test_a_lost_answer_loses_no_correction(filled: UpdateFunction) -> None:
    """Moto refuses the repeated write. DynamoDB knows it by its token."""

    def refuse() -> None:
        client = filled.module.CLIENT
        canceled = {"Error": {"Code": "x"}, "CancellationReasons": [{"Code": "ConditionalCheckFailed"}]}
        raise client.exceptions.TransactionCanceledException(canceled, "TransactWriteItems")

    after_publishing(filled, refuse)
    filled()
    assert [line.get("correction") for line in filled.printed()[:2]] == CORRECTIONS
    changes = filled.module.STORE.latest().changes
    assert [one._asdict() for one in changes.first_corrections] == CORRECTIONS


@pytest.mark.fault("A file that corrects over 1,000 rates")
def test_the_log_of_a_mass_rewrite_is_bounded(
    filled: UpdateFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filled.module, "LOGGED", 1)
    assert filled()["corrections"] == 2
    assert filled.printed()[:-1] == [
        {"revision": 2, "correction": CORRECTIONS[0]},
        {"revision": 2, "more_corrections": 1},
    ]


@pytest.mark.fault("A file with other digits of the same values")
def test_other_digits_of_the_same_values_are_counted_in_one_line(
    feed: FeedServer, filled: UpdateFunction
) -> None:
    reformatted = [
        Publication(one.date, {code: f"{digits}0" for code, digits in one.rates.items()}) for one in HISTORY
    ]
    feed.plan(answer(zipped(reformatted)))
    assert filled()["corrections"] == 0
    assert filled.printed()[:-1] == [{"revision": 2, "reformatted": 12}]
    latest = filled.module.STORE.latest()
    assert latest.publication == reformatted[-1]
    assert latest.changes == (("2023", "2024", "2025"), 0, (), 12)


def test_force_logs_removed_publications_and_rates(feed: FeedServer, filled: UpdateFunction) -> None:
    forced = corrected(HISTORY[1:], "2025-01-03", GBP="")
    feed.plan(answer(zipped((*forced, NEXT, Publication("2025-01-07", {"USD": "1.03"})))))
    assert filled(force=True)["corrections"] == 2
    *corrections, _ = filled.printed()
    assert [line["correction"] for line in corrections] == [
        {"date": "2023-12-28", "currency": "*", "was": "published", "now": ""},
        {"date": "2025-01-03", "currency": "GBP", "was": "0.8293", "now": ""},
    ]
