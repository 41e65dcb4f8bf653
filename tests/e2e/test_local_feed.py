"""The rehearsal of feed faults: `up --feed-fault` and `feed-fault`."""

import pytest
import requests

from tests.e2e.stack import LocalStack


@pytest.fixture
def feed(faulty_stack: LocalStack) -> str:
    """The URL that the functions read."""
    function = faulty_stack.outputs["update_function_name"]
    configuration = faulty_stack.client("lambda").get_function_configuration(FunctionName=function)
    url = str(configuration["Environment"]["Variables"]["FEED_URL"])
    assert url.startswith(faulty_stack.endpoint)
    return url


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("html", "FeedContentError"),
        ("wrong", "ImplausibleFeedError"),
        pytest.param("503", "FeedUnreachableError", marks=pytest.mark.full),
        pytest.param("slow", "FeedUnreachableError", marks=pytest.mark.full),
    ],
)
def test_update_fails_and_readers_keep_the_rates(faulty_stack: LocalStack, fault: str, error: str) -> None:
    changed = faulty_stack.commands.run("feed-fault", fault)
    assert (changed.returncode, changed.stdout) == (0, f"The feed has the fault '{fault}' now.\n")
    done = faulty_stack.commands.run("invoke", "update")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"failed: {error}: " in done.stderr
    assert f'"error":"{error}"' in faulty_stack.commands.run("logs", "update").stdout
    assert requests.get(f"{faulty_stack.api_url}/latest", timeout=10).ok


def test_slow_feed_begins_an_answer_that_does_not_end(faulty_stack: LocalStack, feed: str) -> None:
    faulty_stack.feed_fault.write_text("slow")
    with requests.get(feed, stream=True, timeout=1) as answer:
        pieces = answer.iter_content(1)
        assert (answer.status_code, next(pieces)) == (200, b"P")
        with pytest.raises(requests.exceptions.ConnectionError, match="timed out"):
            next(pieces)


def test_unchanged_feed_answers_a_conditional_request_with_304(faulty_stack: LocalStack, feed: str) -> None:
    ended = faulty_stack.commands.run("feed-fault", "none")
    assert (ended.returncode, ended.stdout) == (0, "The feed answers normally again.\n")
    first = requests.get(feed, timeout=10)
    again = requests.get(feed, headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
