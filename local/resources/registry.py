"""The supported resource types: the function that creates each, and the inputs that it may ignore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.aws import Aws
from local.console import LocalError
from local.inputs import Inputs

# The physical identifier, and the outputs that are not inputs.
Made = tuple[str, dict[str, Any]]
Maker = Callable[[Aws, Inputs], Made]


@dataclass(frozen=True)
class Kind:
    """A resource type."""

    make: Maker
    ignored: Mapping[str, str]  # input -> the reason why it has no effect here


KINDS: dict[str, Kind] = {}


def makes(token: str, ignored: Mapping[str, str] | None = None) -> Callable[[Maker], Maker]:
    """Register the decorated function as the one that creates the type, such as `aws:sqs/queue:Queue`."""

    def register(make: Maker) -> Maker:
        KINDS[token] = Kind(make, ignored or {})
        return make

    return register


def create(aws: Aws, token: str, name: str, values: Mapping[str, Any], tags: Mapping[str, str]) -> Made:
    """Create a resource from its inputs and the stack's default tags.

    Raises `LocalError` if the type is not supported or an input would be dropped without a reason.
    """
    kind = KINDS.get(token)
    if kind is None:
        service = token.split(":")[1].split("/")[0]
        raise LocalError(
            "this type of resource is not supported yet. Add a function for it to the module of the service"
            f" {service!r} in local/resources/ (add a new module to local/resources/__init__.py)"
        )
    inputs = Inputs(name, values, tags)
    made = kind.make(aws, inputs)
    dropped = [path for path in inputs.unread() if path not in kind.ignored]
    if dropped:
        maker, file = kind.make.__name__, f"{kind.make.__module__.replace('.', '/')}.py"
        raise LocalError(
            f"{', '.join(sorted(dropped))}: neither applied nor ignored. Apply it in {maker}() in {file},"
            " or list it there under `ignored`, with the reason"
        )
    return made
