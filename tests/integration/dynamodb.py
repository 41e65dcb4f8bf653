"""DynamoDB as it is when things go wrong: calls that are watched, fail, or are the last before a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from botocore.exceptions import ReadTimeoutError

from tests.conftest import TABLE

Item = dict[str, dict[str, Any]]


class _Status(NamedTuple):
    """All that botocore looks at in an HTTP response once it is parsed."""

    status_code: int


def before_each_call(client: Any, hook: Callable[..., Any]) -> None:
    """Have `hook(model=, params=, ...)` run before each call of a client; what it returns is the answer."""
    client.meta.events.register("before-call.dynamodb", hook)


def after_each_call(client: Any, hook: Callable[..., Any]) -> None:
    """Have `hook(model=, parsed=, ...)` run after each call of a client took effect."""
    client.meta.events.register("after-call.dynamodb", hook)


def failing(code: str) -> Callable[..., Any]:
    """A hook that has every call fail with that error code of DynamoDB's."""
    return lambda **_: (_Status(400), {"Error": {"Code": code, "Message": "as planned"}})


def timing_out(**_: Any) -> None:
    """A hook: nothing comes back."""
    raise ReadTimeoutError(endpoint_url="https://dynamodb.example")


def only(operation: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    """The hook for one operation alone."""
    return lambda model, **rest: hook(model=model, **rest) if model.name == operation else None


def items(client: Any) -> dict[str, Item]:
    """All that the table holds, by key."""
    return {item["pk"]["S"]: item for item in client.scan(TableName=TABLE)["Items"]}


def change(client: Any, key: str, **attributes: Any) -> None:
    """Write over some of an item's attributes; None takes one away."""
    item = items(client)[key] | attributes
    client.put_item(TableName=TABLE, Item={name: value for name, value in item.items() if value})


def delete(client: Any, key: str) -> None:
    """Take an item away."""
    client.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
