"""The seeding: the update that runs on each new version of the update function, before schedules call it.

An error of the update fails `pulumi up`. The update is idempotent, so another run costs nothing, and
`pulumi destroy` has nothing to undo.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi

EVENT = {"seeding": True}
# The seeding reports Lambda's time; the program has the time of the deploying machine. If that machine uses
# NTP, the clocks differ by less than a second. The tolerance must be shorter than the time from a seeding to
# the program of the next `up`: the first `up` has to finish, and the next one starts with a preview.
CLOCK_TOLERANCE = timedelta(seconds=5)


def reported(result: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return what the stack tells of a seeding. Warns if this deployment's tolerated an error of the feed."""
    started = datetime.now(UTC)
    if not pulumi.runtime.is_dry_run():
        result.apply(lambda result: warn(result, started))
    return result.apply(summary)


def summary(result: str) -> str:
    """Return the date, the counts and the error of a seeding as JSON; any other result as it is."""
    try:
        outcome: dict[str, Any] = json.loads(result)
        kept = {key: outcome[key] for key in ("date", "publications", "corrections", "feed_error")}
        return json.dumps({**kept, "years_written": len(outcome["years_written"])})
    except (ValueError, KeyError, TypeError):  # not the answer of this code's update function
        return result


def warn(result: str, started: datetime) -> None:
    """Print a warning if this deployment ran the seeding and the seeding tolerated an error of the feed.

    `result` is the answer of the update function, `started` the start of the program. If this deployment did
    not run the seeding, Pulumi returns the result of an earlier one.
    """
    try:
        outcome = json.loads(result)
        error = outcome["feed_error"]
        is_earlier = datetime.fromisoformat(outcome["at"]) < started - CLOCK_TOLERANCE
    except (ValueError, KeyError, TypeError):  # not the answer of this code's update function
        return
    if error and not is_earlier:
        pulumi.log.warn(
            f"The seeding could not read the feed: {error}. The API serves the rates that the table already "
            "has. The next scheduled update tries again."
        )
