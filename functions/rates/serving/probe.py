"""The probe of a deployment: may a new version of the get function serve?"""

import time
from collections.abc import Callable
from typing import Any

from rates.serving.reader import Report

DENIED = "AccessDeniedException"
PAUSE = 1  # seconds between two attempts
RESERVE = 3000  # milliseconds for the last attempt
FIRST = "1"  # no client uses the first version of a function yet


class ProbeError(Exception):
    """This version cannot read the history."""


def answer(attempt: Callable[[], tuple[dict[str, Any], Report]], context: Any) -> dict[str, Any]:
    """Return the payload of an attempt. Raises ProbeError if it could not read the history.

    An error makes the next deployment probe again. Without one, it would find the same answer in its state.

    AWS refuses a new role, or a new policy, for some seconds (IAM is eventually consistent). So a refused
    attempt is repeated as long as the function may run. After that, only the first version is excused: if a
    first deployment failed for this reason, a second one would do nothing else.
    """
    while True:
        payload, report = attempt()
        if payload["statusCode"] != 503 or not report.trouble:
            return payload
        is_denied = DENIED in report.trouble
        if not is_denied or context.get_remaining_time_in_millis() < RESERVE:
            break
        time.sleep(PAUSE)
    if is_denied and context.function_version == FIRST:
        return {**payload, "body": "no data yet"}
    raise ProbeError(
        f"version {context.function_version} answers 503 {payload['body']} because of {report.trouble}. "
        f"The log group is {context.log_group_name}"
    )
