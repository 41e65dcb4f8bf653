"""Requests of other people's programs, answered by the deployed API over HTTP."""

from datetime import UTC, datetime

import requests

from tests import public_cases
from tests.e2e.stack import LocalStack


def test_public_programs_get_the_right_answers_over_http(local_stack: LocalStack) -> None:
    host = local_stack.api_url.removesuffix("/v1")
    wrong = {}
    with requests.Session() as session:
        for case in public_cases.load():
            url = host + public_cases.path_of(case, datetime.now(UTC).date())
            headers = {**case.get("headers", {}), **({"Accept": case["accept"]} if "accept" in case else {})}
            method = case.get("method", "GET")
            answer = session.request(method, url, headers=headers, timeout=10, allow_redirects=False)
            try:
                public_cases.assert_answer(case, answer.status_code, answer.headers, answer.text)
            except (AssertionError, KeyError) as error:
                wrong[case["id"]] = repr(error)[:200]
    assert not wrong
