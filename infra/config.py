"""The configuration of the stack, validated before any resource is created.

Pulumi.yaml has the defaults and descriptions. The CLI applies these defaults.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

import pulumi
from pulumi.runtime import config as runtime_config

from infra.values import Flag, Text, error, number, read

# The retention periods of CloudWatch Logs.
RETENTION_DAYS = (
    "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
)
# The stack's name is a part of role names, which have at most 64 characters.
STACK_NAMES = r"[A-Za-z0-9_-]{1,24}"
# Patterns of ARNs; both admit the empty text.
CERTIFICATE_ARNS = r"|arn:aws[a-z-]*:acm:[^:\s]+:\d{12}:certificate/\S+"
POLICY_ARNS = r"|arn:aws[a-z-]*:iam::(\d{12}|aws):policy/\S+"
CATCH_UP_HOURS = 5  # the catch-up schedule runs once in each of these hours
EARLIEST_UPDATE = "15:30"  # UTC
FEED_URLS = "an https URL without a user name, or an http URL of a loopback address"
BLOCKS = "CIDR blocks separated by commas (203.0.113.0/24,2001:db8::/32), or empty"


def _blocks(text: str) -> tuple[str, ...]:
    """Return the CIDR blocks of a list that is separated by commas. Raises ValueError if one is invalid."""
    found = tuple(part.strip() for part in text.split(",")) if text else ()
    for block in found:
        if "/" not in block:
            raise ValueError("it has no prefix length; a single address ends with /32 or /128")
        ipaddress.ip_network(block)
    return found


@dataclass(frozen=True)
class Settings:
    """The settings of a stack. The fields are the keys of Pulumi.yaml, in its order."""

    update_time: Annotated[str, Text(r"([01][0-9]|2[0-3]):[0-5][0-9]", "HH:MM in UTC")]
    catch_up: Flag
    feed_url: Annotated[str, Text(r"\S*", FEED_URLS)]
    events: Flag
    log_retention_days: Annotated[
        int, Text(RETENTION_DAYS.replace(", ", "|"), f"one of {RETENTION_DAYS}", int)
    ]
    throttle_rate: Annotated[int, number(1, 10_000)]  # requests per second
    throttle_burst: Annotated[int, number(1, 5_000)]  # requests
    # In five minutes; 0 if there is no limit.
    requests_per_address: Annotated[int, number(10, 2_000_000, or_zero=True)]
    allowed_addresses: Annotated[tuple[str, ...], Text(r"[^\n]{0,4000}", BLOCKS, _blocks)]  # () for everybody
    protect: Flag
    alarms: Flag
    # "" for nobody.
    alarm_email: Annotated[str, Text(r"|[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address or empty")]
    traffic_alarm_gigabytes: Annotated[int, number(1, 100_000)]  # per hour
    # "" for the path in the repository.
    runbook_url: Annotated[str, Text(r"|https?://[^\s#]{1,400}", "a URL without a fragment, or empty")]
    dashboard: Flag
    access_logs: Flag
    tracing: Flag
    # "" for none, like the two ARNs.
    domain_name: Annotated[str, Text(r"|([a-z0-9-]+\.)+[a-z]{2,}", "a domain name in lower case, or empty")]
    certificate_arn: Annotated[str, Text(CERTIFICATE_ARNS, "the ARN of an ACM certificate, or empty")]
    default_endpoint: Flag
    permissions_boundary: Annotated[str, Text(POLICY_ARNS, "the ARN of an IAM policy, or empty")]

    @property
    def metrics(self) -> bool:
        """True if an alarm or the dashboard reads the functions' metrics, which CloudWatch bills."""
        return self.alarms or self.dashboard


def load(stack: str) -> Settings:
    """Return the settings of the current run. Raises `pulumi.RunError` if one of them is invalid."""
    if not re.fullmatch(STACK_NAMES, stack):
        raise pulumi.RunError(
            f"the stack's name is {stack!r}; it must be 1 to 24 letters, digits, hyphens or underscores, "
            "because it is a part of resource names. Run `pulumi stack rename <name>`."
        )
    config = pulumi.Config()
    return parse(config.get, _keys(config.name))


def _keys(namespace: str) -> list[str]:
    """Return the keys that are set in a namespace.

    `pulumi.Config` cannot list keys. The engine passes them in the environment variable PULUMI_CONFIG; mocks
    and inline programs set them in the SDK.
    """
    found = {*runtime_config.CONFIG.get(), *runtime_config.get_config_env()}
    return [key.removeprefix(f"{namespace}:") for key in found if key.startswith(f"{namespace}:")]


def parse(get: Callable[[str], str | None], keys: Iterable[str] = ()) -> Settings:
    """Return the settings. `get` returns the text of a key, or None; `keys` are the keys that are set."""
    settings = Settings(**read(Settings, get, keys))
    _check_update_time(settings)
    _check_feed_url(settings.feed_url)
    _check_combinations(settings)
    return settings


def _check_update_time(settings: Settings) -> None:
    latest = f"{23 - CATCH_UP_HOURS}:59"
    if settings.update_time < EARLIEST_UPDATE:
        raise error(
            "updateTime",
            settings.update_time,
            f"it must be {EARLIEST_UPDATE} or later, because the ECB publishes at about 16:00 Frankfurt time "
            "(14:00 or 15:00 UTC) and earlier updates would miss the rates of the day",
        )
    if settings.catch_up and settings.update_time > latest:
        raise error(
            "updateTime",
            settings.update_time,
            f"it must be {latest} or earlier while catchUp is true, because the {CATCH_UP_HOURS} hourly "
            "catch-up runs after it must end by midnight UTC",
        )


def _check_feed_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port  # raises ValueError if the port is not a port number
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
        is_allowed = bool(host) and is_safe and parts.username is None
    except ValueError:
        is_allowed = False
    if not is_allowed:
        raise error("feedUrl", url, f"it must be {FEED_URLS}")


def _is_loopback(host: str) -> bool:
    """Return True for `localhost` and loopback addresses. Raises ValueError for other names."""
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _check_combinations(settings: Settings) -> None:
    domain, certificate = settings.domain_name, settings.certificate_arn
    if settings.alarm_email and not settings.alarms:
        raise _needs("alarmEmail", settings.alarm_email, "alarms", "true")
    if domain and not certificate:
        raise _needs("domainName", domain, "certificateArn", "<ARN>")
    if certificate and not domain:
        raise _needs("certificateArn", certificate, "domainName", "<name>")
    if not settings.default_endpoint and not domain:
        raise _needs("defaultEndpoint", "false", "domainName", "<name>", ", or no URL would lead to the API")


def _needs(key: str, value: str, needed: str, example: str, reason: str = "") -> pulumi.RunError:
    return error(key, value, f"it needs {needed}{reason}", f"pulumi config set {needed} {example}")
