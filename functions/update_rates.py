"""The update function: reads the ECB's file and updates the table, daily and while the stack is deployed."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from rates import calendar, settings, telemetry
from rates.storage.store import Store
from rates.updating.announce import announce
from rates.updating.corrections import Differences
from rates.updating.feed import Clock, Feed, download
from rates.updating.plausibility import ImplausibleFeedError
from rates.updating.update import FEED_ERRORS, Options, Summary, update

T = TypeVar("T")


def client_config(*, read_timeout: float, attempts: int) -> Config:
    """Return timeouts in seconds and the number of attempts for a client of AWS."""
    return Config(
        connect_timeout=2,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )


SETTINGS = settings.load()
SESSION = get_session()
CLIENT = SESSION.create_client("dynamodb", config=client_config(read_timeout=5, attempts=6))
STORE = Store(CLIENT, SETTINGS.table_name)
if SETTINGS.topic_arn:
    TOPIC_CLIENT = SESSION.create_client("sns", config=client_config(read_timeout=3, attempts=2))
CLOCK = Clock()
EVENT_KEYS = ("force", "seeding")
LOGGED = 1000  # corrections of one revision
# AWS refuses a new role for some seconds after its creation (IAM is eventually consistent).
DENIED_CODES = ("AccessDeniedException", "AuthorizationError")  # of DynamoDB, of SNS
DENIED_SECONDS = 60
DENIED_PAUSE_SECONDS = 3


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Update the table and return a summary.

    The event may have two booleans. `force` publishes an implausible file, and reads the file even if
    nothing seems to have changed. `seeding` tolerates a feed error if a complete history
    from the same URL is stored: `feed_error` in the summary has the error then.

    Prints one line of telemetry. Raises all other errors, for Lambda's retries, the dead-letter queue and the
    alarms.
    """
    started = time.perf_counter()
    now = datetime.now(UTC)
    metrics: dict[str, float] = {telemetry.UPDATES_SUCCEEDED: 0}
    fields: dict[str, Any] = {"event": event}
    try:
        options = _options(event)
        deadline = CLOCK.now() + DENIED_SECONDS
        # If this fails, the new revision has the changes of the pending one too.
        with suppress(BotoCoreError, ClientError):
            _announce()
        feed = Feed(SETTINGS.feed_url, lambda stored: download(SETTINGS.feed_url, stored, CLOCK))
        summary = _retry_denied(lambda: update(STORE, feed, now, options), deadline)
        done = {
            **summary._asdict(),
            "corrections": len(summary.corrections),
            "feed_error": summary.feed_error and _message(summary.feed_error, context),
            "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        fields |= done
        _retry_denied(_announce, deadline)
        metrics |= _metrics(summary, now)
    except Exception as error:
        if isinstance(error, ImplausibleFeedError):
            error.args = (_message(error, context),)
        fields |= {"error": type(error).__name__, "message": str(error)}
        if isinstance(error, FEED_ERRORS):  # expected: the message says everything
            raise error.with_traceback(None) from None
        raise
    finally:
        fields["seconds"] = round(time.perf_counter() - started, 3)
        telemetry.emit(SETTINGS.stack, metrics, fields, embedded=SETTINGS.metrics)
    return done


def _options(event: Any) -> Options:
    """Return the update's options. Raises ValueError if the event is no object, or has anything else."""
    allowed = f"allowed are {' and '.join(EVENT_KEYS)}, each true or false"
    if not isinstance(event, dict):
        raise ValueError(f"the event is {json.dumps(event)[:200]}; {allowed}")
    for key, value in event.items():
        if key not in EVENT_KEYS or not isinstance(value, bool):
            raise ValueError(f"the event has {json.dumps({key: value})[:200]}; {allowed}")
    return Options(**event, events=bool(SETTINGS.topic_arn), log=_log)


def _log(revision: int, found: Differences) -> None:
    """Print a line for each correction, at most LOGGED, and one for each other count."""
    lines: list[dict[str, Any]] = [{"correction": one._asdict()} for one in found.corrections[:LOGGED]]
    if len(found.corrections) > LOGGED:
        lines.append({"more_corrections": len(found.corrections) - LOGGED})
    if found.reformatted:
        lines.append({"reformatted": found.reformatted})
    for line in lines:
        print(json.dumps({"revision": revision, **line}), flush=True)


def _announce() -> None:
    if SETTINGS.topic_arn:
        announce(STORE, TOPIC_CLIENT, SETTINGS.topic_arn)


def _retry_denied(call: Callable[[], T], deadline: float) -> T:
    """Return the result of a call. Retries it until the deadline while AWS refuses the function's role."""
    while True:
        try:
            return call()
        except ClientError as error:
            if error.response["Error"]["Code"] not in DENIED_CODES or CLOCK.now() >= deadline:
                raise
        CLOCK.sleep(DENIED_PAUSE_SECONDS)


def _message(error: Exception, context: Any) -> str:
    """Return the message of an error, with the command that publishes an implausible file."""
    if not isinstance(error, ImplausibleFeedError):
        return str(error)
    return (
        f"{error}. To publish the file anyway: "
        f"aws lambda invoke --function-name {context.invoked_function_arn} "
        "--cli-read-timeout 150 --cli-binary-format raw-in-base64-out "
        """--payload '{"force": true}' /dev/stdout"""
    )


def _metrics(summary: Summary, now: datetime) -> dict[str, float]:
    due_at = calendar.due_at(date.fromisoformat(summary.date), SETTINGS.update_time)
    return {
        telemetry.UPDATES_SUCCEEDED: int(summary.feed_error is None),
        telemetry.PUBLICATIONS: summary.publications,
        telemetry.YEARS_WRITTEN: len(summary.years_written),
        telemetry.DATA_AGE: max(0, int((now - due_at).total_seconds())),
        telemetry.DATA_STALE: int(calendar.is_stale(summary.date, now, SETTINGS.update_time)),
    }
