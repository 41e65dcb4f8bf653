"""The update function announces what it published, also after failures."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.history_files import HISTORY, NEXT, zipped
from tests.integration.conftest import UpdateFunction
from tests.integration.dynamodb import failing
from tests.integration.feed_server import FeedServer, answer

NEXT_DAY = (*HISTORY, NEXT)


@pytest.fixture
def announcing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> UpdateFunction:
    """Return the update function with events enabled."""
    monkeypatch.setenv("TOPIC_ARN", "arn:aws:sns:eu-central-1:123456789012:publications")
    function: UpdateFunction = request.getfixturevalue("update_function")
    function.module.TOPIC_CLIENT.create_topic(Name="publications")
    return function


@pytest.fixture
def sns(announcing: UpdateFunction) -> Any:
    """Record the revisions of the messages. Fails each call while there are `errors`."""
    seen = SimpleNamespace(revisions=[], errors=[], tries=0)

    def answer_call(params: dict[str, Any], **call: Any) -> Any:
        seen.tries += 1
        if seen.errors:
            return failing(seen.errors.pop(0))(**call)
        seen.revisions.append(int(params["body"]["MessageAttributes.entry.2.Value.StringValue"]))
        return None

    announcing.module.TOPIC_CLIENT.meta.events.register("before-call.sns.Publish", answer_call)
    return seen


def fail_to_announce(feed: FeedServer, announcing: UpdateFunction, sns: Any) -> None:
    """Publish a history whose message SNS refuses."""
    sns.errors += ["InternalError"]
    feed.plan(answer(zipped(HISTORY)))
    with pytest.raises(Exception, match="InternalError"):
        announcing()


def test_each_new_revision_is_announced(feed: FeedServer, announcing: UpdateFunction, sns: Any) -> None:
    for history in (HISTORY, HISTORY, NEXT_DAY):
        feed.plan(answer(zipped(history)))
        announcing()
    assert sns.revisions == [1, 2]
    assert announcing.module.STORE.announced() == 2


@pytest.mark.parametrize("event", [{"seeding": True}, {"force": True}, {"force": False, "seeding": False}])
def test_an_update_with_options_announces(
    feed: FeedServer, announcing: UpdateFunction, sns: Any, event: dict[str, Any]
) -> None:
    feed.plan(answer(zipped(HISTORY)))
    announcing(**event)
    assert sns.revisions == [1]


@pytest.mark.fault("SNS refuses a message")
def test_a_refused_message_fails_the_update_after_the_rates_are_stored(
    feed: FeedServer, announcing: UpdateFunction, sns: Any
) -> None:
    fail_to_announce(feed, announcing, sns)
    (line,) = announcing.printed()
    assert (line["UpdatesSucceeded"], line["error"], line["publications"]) == (0, "InternalErrorException", 6)
    assert announcing.module.STORE.latest().publication.date == "2025-01-03"
    feed.plan(answer(zipped(HISTORY)))
    announcing()  # finds nothing new
    assert sns.revisions == [1]


def test_a_pending_revision_is_announced_before_the_next(
    feed: FeedServer, announcing: UpdateFunction, sns: Any
) -> None:
    fail_to_announce(feed, announcing, sns)
    feed.plan(answer(zipped(NEXT_DAY)))
    announcing()
    assert sns.revisions == [1, 2]
    assert announcing.module.STORE.latest().changes.years == ("2025",)


def test_a_pending_revision_that_fails_again_is_part_of_the_next(
    feed: FeedServer, announcing: UpdateFunction, sns: Any
) -> None:
    fail_to_announce(feed, announcing, sns)
    sns.errors += ["InternalError"]
    feed.plan(answer(zipped((*HISTORY, NEXT._replace(date="2026-01-05")))))
    announcing()
    assert sns.revisions == [2]
    assert announcing.module.STORE.latest().changes.years == ("2023", "2024", "2025", "2026")


@pytest.mark.fault("AccessDenied for a new role")
def test_a_message_that_is_denied_is_retried(feed: FeedServer, announcing: UpdateFunction, sns: Any) -> None:
    sns.errors += ["AuthorizationError"] * 3
    feed.plan(answer(zipped(HISTORY)))
    announcing()
    assert sns.revisions == [1]
    assert announcing.clock.pauses == [3] * 3


def test_a_pending_revision_is_announced_although_the_feed_fails(
    feed: FeedServer, announcing: UpdateFunction, sns: Any
) -> None:
    fail_to_announce(feed, announcing, sns)
    feed.plan(answer(status=403))
    with pytest.raises(Exception, match="status 403"):
        announcing()
    assert sns.revisions == [1]


def test_there_is_no_sns_client_without_a_topic(feed: FeedServer, update_function: UpdateFunction) -> None:
    assert not hasattr(update_function.module, "TOPIC_CLIENT")
    feed.plan(answer(zipped(HISTORY)))
    update_function()
    assert update_function.module.STORE.announced() == 0
