"""The definitions of the alarms. docs/operations.md has a section for each, with its name as the heading."""

from __future__ import annotations

from typing import NamedTuple

from infra.metrics import Metric, Watched

HOUR = 3600  # seconds
BYTES_PER_GIGABYTE = 1_000_000_000


class Successes(NamedTuple):
    """The successful runs of a function in each hour, as a metric math expression.

    The expression has no data until the evaluated range contains a success. From then on it has a value for
    each hour, 0 if there was no success in it.
    """

    runs: Metric
    errors: Metric
    expression: str = "IF(TIME_SERIES(MAX(runs - errors)) > 0, FILL(runs - errors, 0))"


class Alarm(NamedTuple):
    """One alarm: its condition, and the text for the person who must act."""

    name: str
    measured: Metric | Successes
    statistic: str
    threshold: float
    missing: str  # how CloudWatch treats a period without data
    description: str
    comparison: str = "GreaterThanOrEqualToThreshold"
    period: int = 300  # seconds; CloudWatch allows a range of more than a day only with periods of an hour
    periods: int = 1  # consecutive periods in which the condition must hold


def alarms(watched: Watched, traffic_gigabytes: int) -> list[Alarm]:
    """Return all alarms. `traffic_gigabytes` is the limit of `traffic` in one hour."""
    return [
        Alarm(
            "update-failed",
            watched.of_update("Errors"),
            "Sum",
            1,
            missing="notBreaching",  # the update runs only a few times a day
            description="An update raised an error. Lambda retries it twice. Read the log of the update "
            "function, correct the cause, and run the update again.",
        ),
        _no_success(watched),
        Alarm(
            "data-stale",
            watched.own("DataStale"),
            "Maximum",
            1,
            period=HOUR,
            periods=2,  # gives the first catch-up run a chance
            missing="ignore",  # without requests and updates, the last state stays true
            description="A publication is overdue. Check if the ECB has published it. If it has, run the "
            "update and read its log.",
        ),
        Alarm(
            "dead-letters",
            watched.of_dead_letters("ApproximateNumberOfMessagesVisible"),
            "Maximum",
            1,
            missing="notBreaching",  # SQS reports nothing for an empty queue that nobody uses
            description="An update failed all retries, or could not be started. Read the message for the "
            "reason, correct the cause, run the update again, and purge the queue.",
        ),
        Alarm(
            "get-errors",
            watched.of_get("Errors"),
            "Sum",
            1,
            missing="notBreaching",  # no requests, no errors
            description="The get function failed without an answer: it ran out of time or memory, or could "
            "not start. Read its log.",
        ),
        Alarm(
            "get-p99",
            watched.of_get("Duration"),
            "p99",
            3000,  # milliseconds, of a timeout of 10 seconds
            periods=3,  # with few requests, a single slow one is the 99th percentile
            missing="notBreaching",  # no requests, no slow ones
            description="One request in a hundred takes 3 seconds or more. Look at the dashboard for the "
            "cause: more requests, fewer cache hits, or a slower DynamoDB.",
        ),
        Alarm(
            "throttles",
            watched.of_get("Throttles"),
            "Sum",
            1,
            missing="notBreaching",  # no requests, no throttling
            description="Lambda throttled requests, because the account's concurrency is used up. Find the "
            "function that uses it, then raise the quota or lower throttleRate.",
        ),
        Alarm(
            "api-5xx",
            watched.of_api("5XXError"),
            "Sum",
            5,  # a client's retry handles a single error
            missing="notBreaching",  # no requests, no errors
            description="The API answered with 5xx. Look for the field `fault` in the log of the get "
            "function. If there is none, the gateway could not call the function.",
        ),
        Alarm(
            "traffic",
            watched.own("AnswerBytes"),
            "Sum",
            traffic_gigabytes * BYTES_PER_GIGABYTE,
            comparison="GreaterThanThreshold",
            period=HOUR,
            missing="notBreaching",  # no requests, no traffic
            description=f"The API answered more than {traffic_gigabytes} GB in an hour. AWS bills them. Find "
            "the client in the log, then lower throttleRate or set requestsPerAddress.",
        ),
    ]


def _no_success(watched: Watched) -> Alarm:
    """Return the alarm for 26 hours without a successful update: a day, and two hours for its retries.

    It must fire on time, but not when it is created. These rules of CloudWatch decide that:

    - An alarm over more than a day is evaluated once an hour, with the data up to the last full hour. So its
      first evaluations do not see the seeding. `missing="breaching"` would fire at once; with `ignore`, an
      alarm without data stays as it is (at first, INSUFFICIENT_DATA).
    - An alarm retrieves more data points than its periods. If at least as many exist, it uses the newest ones
      and ignores `missing`; otherwise it also uses older ones. So a metric with gaps would fire late. The
      expression has no gaps once it has a success: the newest 26 hours decide.
    - 26 hours after the last success, that success is still among the additional data points. So the
      expression still has values, and the alarm fires between 26 and 27 hours after the success. When the
      success has left the range too, the expression has no data, and `ignore` keeps the alarm.
    - AWS advises against MAX in alarms, because it includes the additional data points. Here it should.

    Lambda itself counts the runs. A metric from the function's log could get lost, because the role of a
    first run may not have the right to write the log yet. A seeding that tolerated an error of the feed
    counts as a success, too: the deployment prints a warning about it.
    """
    return Alarm(
        "no-success-in-26-h",
        Successes(watched.of_update("Invocations"), watched.of_update("Errors")),
        "Sum",
        1,
        comparison="LessThanThreshold",
        period=HOUR,
        periods=26,
        missing="ignore",
        description="No update succeeded for 26 hours. Check if the schedules are enabled, look for messages "
        "in the dead-letter queue, and read the log of the update function.",
    )
