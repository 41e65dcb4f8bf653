"""The configuration of the stack, validated before any resource is created.

Pulumi.yaml has the defaults and descriptions. The CLI applies these defaults.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pulumi
from pulumi.runtime import config as runtime_config

from infra.values import Values, error

# The retention periods of CloudWatch Logs.
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# The stack's name is a part of role names, which have at most 64 characters.
STACK_NAMES = r"[A-Za-z0-9_-]{1,24}"
CATCH_UP_HOURS = 5  # the catch-up schedule runs once in each of these hours
EARLIEST_UPDATE = "15:30"  # UTC
FEED_URLS = "an https URL without a user name, or an http URL of a loopback address"
BLOCKS = "CIDR blocks separated by commas (203.0.113.0/24,2001:db8::/32), or empty"


@dataclass(frozen=True)
class Settings:
    """The settings of a stack. The fields are the keys of Pulumi.yaml, in its order."""

    update_time: str  # HH:MM, UTC
    catch_up: bool
    feed_url: str
    events: bool
    log_retention_days: int
    throttle_rate: int  # requests per second
    throttle_burst: int  # requests
    requests_per_address: int  # in five minutes; 0 if there is no limit
    allowed_addresses: tuple[str, ...]  # CIDR blocks; () for everybody
    protect: bool
    alarms: bool
    alarm_email: str  # "" for nobody
    traffic_alarm_gigabytes: int  # per hour
    runbook_url: str  # "" for the path in the repository
    dashboard: bool
    access_logs: bool
    tracing: bool
    domain_name: str  # "" for none
    certificate_arn: str  # "" for none
    default_endpoint: bool
    permissions_boundary: str  # "" for none

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
    values = Values(get)
    settings = Settings(
        update_time=values.text("updateTime", r"([01][0-9]|2[0-3]):[0-5][0-9]", "HH:MM in UTC"),
        catch_up=values.flag("catchUp"),
        feed_url=values.text("feedUrl", r"\S*", FEED_URLS),
        events=values.flag("events"),
        log_retention_days=values.number(
            "logRetentionDays", f"one of {', '.join(map(str, RETENTION_DAYS))}", RETENTION_DAYS
        ),
        throttle_rate=values.number("throttleRate", "an integer from 1 to 10000", range(1, 10_001)),
        throttle_burst=values.number("throttleBurst", "an integer from 1 to 5000", range(1, 5_001)),
        requests_per_address=values.number(
            "requestsPerAddress", "0, or an integer from 10 to 2000000", (0,), range(10, 2_000_001)
        ),
        allowed_addresses=_blocks(values.text("allowedAddresses", r"[^\n]{0,4000}", BLOCKS)),
        protect=values.flag("protect"),
        alarms=values.flag("alarms"),
        alarm_email=values.text("alarmEmail", r"|[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address or empty"),
        traffic_alarm_gigabytes=values.number(
            "trafficAlarmGigabytes", "an integer from 1 to 100000", range(1, 100_001)
        ),
        runbook_url=values.text(
            "runbookUrl", r"|https?://[^\s#]{1,400}", "a URL without a fragment, or empty"
        ),
        dashboard=values.flag("dashboard"),
        access_logs=values.flag("accessLogs"),
        tracing=values.flag("tracing"),
        domain_name=values.text(
            "domainName", r"|([a-z0-9-]+\.)+[a-z]{2,}", "a domain name in lower case, or empty"
        ),
        certificate_arn=values.text(
            "certificateArn",
            r"|arn:aws[a-z-]*:acm:[^:\s]+:\d{12}:certificate/\S+",
            "the ARN of an ACM certificate, or empty",
        ),
        default_endpoint=values.flag("defaultEndpoint"),
        permissions_boundary=values.text(
            "permissionsBoundary",
            r"|arn:aws[a-z-]*:iam::(\d{12}|aws):policy/\S+",
            "the ARN of an IAM policy, or empty",
        ),
    )
    values.refuse_others(keys)
    _check_update_time(settings)
    _check_feed_url(settings.feed_url)
    _check_combinations(settings)
    return settings


def _blocks(text: str) -> tuple[str, ...]:
    """Return the CIDR blocks of a list that is separated by commas."""
    found = tuple(part.strip() for part in text.split(",")) if text else ()
    for block in found:
        try:
            if "/" not in block:
                raise ValueError("it has no prefix length; a single address ends with /32 or /128")
            ipaddress.ip_network(block)
        except ValueError as invalid:
            raise error("allowedAddresses", text, f"it must be {BLOCKS}: {invalid}") from None
    return found


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
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_combinations(settings: Settings) -> None:
    domain, certificate = settings.domain_name, settings.certificate_arn
    if settings.alarm_email and not settings.alarms:
        raise error("alarmEmail", settings.alarm_email, "it needs alarms", "pulumi config set alarms true")
    if domain and not certificate:
        raise error("domainName", domain, "it needs certificateArn", "pulumi config set certificateArn <ARN>")
    if certificate and not domain:
        raise error(
            "certificateArn", certificate, "it needs domainName", "pulumi config set domainName <name>"
        )
    if not settings.default_endpoint and not domain:
        raise error(
            "defaultEndpoint",
            "false",
            "it needs domainName, or no URL would lead to the API",
            "pulumi config set domainName <name>",
        )
