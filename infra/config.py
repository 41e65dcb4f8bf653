"""The stack's configuration, validated at the door.

Defaults and descriptions stand in Pulumi.yaml, which the CLI applies; here every value is checked, and an
error names the key and what is allowed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pulumi

# The periods that CloudWatch Logs offers.
RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
# As part of a role's name, which has at most 64 characters.
STACK_NAMES = r"[A-Za-z0-9_-]{1,24}"
CATCH_UP_HOURS = 5  # the tries of the catch-up schedule, an hour apart


@dataclass(frozen=True)
class Settings:
    """What a stack may choose; the fields are Pulumi.yaml's keys, in its order."""

    update_time: str  # HH:MM, UTC
    catch_up: bool
    feed_url: str
    log_retention_days: int
    throttle_rate: int  # requests per second
    throttle_burst: int  # requests
    protect: bool
    alarms: bool
    alarm_email: str  # "" for nobody
    dashboard: bool
    access_logs: bool
    tracing: bool
    domain_name: str  # "" for none
    certificate_arn: str  # "" for none

    @property
    def update_hour(self) -> int:
        return int(self.update_time[:2])

    @property
    def update_minute(self) -> int:
        return int(self.update_time[3:])


def load(config: pulumi.Config, stack: str) -> Settings:
    """The stack's settings; a `pulumi.RunError` that names the key where one is not allowed, or the stack's
    name."""
    if not re.fullmatch(STACK_NAMES, stack):
        raise pulumi.RunError(
            "the stack's name is part of its resources' names: it must be at most 24 letters, digits, "
            f"hyphens and underscores; it is {stack!r}"
        )
    return parse(config.get)


def parse(get: Callable[[str], str | None]) -> Settings:
    """The settings from a function that gives a key's text, or None where it is not set."""
    values = _Values(get)
    catch_up = values.flag("catchUp")
    settings = Settings(
        update_time=values.text(
            "updateTime", r"([01][0-9]|2[0-3]):[0-5][0-9]", "HH:MM in UTC, 00:00 to 23:59"
        ),
        catch_up=catch_up,
        feed_url=_feed_url(values.text("feedUrl")),
        log_retention_days=values.number("logRetentionDays", RETENTION_DAYS),
        throttle_rate=values.number("throttleRate", range(1, 10_001)),
        throttle_burst=values.number("throttleBurst", range(1, 5_001)),
        protect=values.flag("protect"),
        alarms=values.flag("alarms"),
        alarm_email=values.text("alarmEmail", r"|[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address, or empty"),
        dashboard=values.flag("dashboard"),
        access_logs=values.flag("accessLogs"),
        tracing=values.flag("tracing"),
        domain_name=values.text(
            "domainName", r"|([a-z0-9-]+\.)+[a-z]{2,}", "a domain name in lower case, or empty"
        ),
        certificate_arn=values.text(
            "certificateArn",
            r"|arn:aws[a-z-]*:acm:[^:]+:\d{12}:certificate/.+",
            "the ARN of an ACM certificate, or empty",
        ),
    )
    if settings.alarm_email and not settings.alarms:
        raise _error("alarmEmail", "needs alarms: true, or nobody would be told")
    if bool(settings.domain_name) != bool(settings.certificate_arn):
        raise _error("domainName", "and certificateArn go together: set both or neither")
    if catch_up and settings.update_hour + CATCH_UP_HOURS > 23:
        raise _error(
            "updateTime",
            f"must be before {24 - CATCH_UP_HOURS:02}:00 while catchUp is true, whose tries end by midnight",
        )
    return settings


class _Values:
    """Reads one key at a time as its type."""

    def __init__(self, get: Callable[[str], str | None]) -> None:
        self._get = get

    def text(self, key: str, pattern: str = r".+", allowed: str = "a text") -> str:
        value = self._get(key)
        if value is None or not re.fullmatch(pattern, value):
            raise _error(key, f"must be {allowed}; it is {_shown(value)}")
        return value

    def flag(self, key: str) -> bool:
        return self.text(key, "true|false", "true or false") == "true"

    def number(self, key: str, allowed: range | tuple[int, ...]) -> int:
        said = (
            f"{allowed.start} to {allowed.stop - 1}"
            if isinstance(allowed, range)
            else ", ".join(map(str, allowed))
        )
        value = self.text(key, r"[0-9]{1,6}", f"a whole number: {said}")
        if int(value) not in allowed:
            raise _error(key, f"must be a whole number: {said}; it is {_shown(value)}")
        return int(value)


def _feed_url(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_allowed = bool(host) if parts.scheme == "https" else parts.scheme == "http" and _is_loopback(host)
    if is_allowed and parts.username is None:
        return url
    raise _error(
        "feedUrl",
        f"must be an https URL without a user name, or plain http on a loopback address; it is {_shown(url)}",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(value: str | None) -> str:
    return "not set" if value is None else repr(value)


def _error(key: str, problem: str) -> pulumi.RunError:
    return pulumi.RunError(
        f"configuration: {key} {problem}. Change it with `pulumi config set {key} <value>`."
    )
