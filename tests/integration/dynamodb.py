"""Watch the calls of a client, let them fail, and change the items of the table."""

from collections.abc import Callable
from typing import Any, NamedTuple

from botocore.exceptions import ReadTimeoutError

from tests.conftest import TABLE

Item = dict[str, dict[str, Any]]


class Killed(BaseException):
    """The end of the function's process: no code catches it."""


class _Status(NamedTuple):
    """The part of a parsed HTTP response that botocore reads."""

    status_code: int


def before_each_call(client: Any, hook: Callable[..., Any]) -> None:
    """Run `hook(model=, params=, ...)` before each call of a client. Its result is the answer."""
    client.meta.events.register("before-call", hook)


def after_each_call(client: Any, hook: Callable[..., Any]) -> None:
    """Run `hook(model=, parsed=, ...)` after each call of a client took effect."""
    client.meta.events.register("after-call", hook)


def failing(code: str, **more: Any) -> Callable[..., Any]:
    """Return a hook that fails every call with an error code of AWS, and more in its answer."""
    return lambda **_: (_Status(400), {"Error": {"Code": code, "Message": "as planned"}, **more})


def timing_out(**_: Any) -> None:
    """Fail a call with a read timeout, as a hook."""
    raise ReadTimeoutError(endpoint_url="https://dynamodb.example")


def only(operation: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    """Return the hook, for one operation only."""
    return lambda model, **rest: hook(model=model, **rest) if model.name == operation else None


def items(client: Any) -> dict[str, Item]:
    """Return all items of the table, by key."""
    return {item["pk"]["S"]: item for item in client.scan(TableName=TABLE)["Items"]}


def change(client: Any, key: str, **attributes: Any) -> None:
    """Replace some of an item's attributes. None removes one."""
    item = items(client)[key] | attributes
    client.put_item(TableName=TABLE, Item={name: value for name, value in item.items() if value})


def delete(client: Any, key: str) -> None:
    """Delete an item."""
    client.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
