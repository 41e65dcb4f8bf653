"""The supported resource types, and the function that creates each."""

from collections.abc import Callable, Mapping
from typing import Any

from local.aws import Aws
from local.console import LocalError
from local.inputs import Inputs

# The physical identifier, and the outputs that are not inputs.
Made = tuple[str, dict[str, Any]]
Maker = Callable[[Aws, Inputs], Made]


MAKERS: dict[str, Maker] = {}


def makes(token: str) -> Callable[[Maker], Maker]:
    """Register the decorated function as the one that creates the type, such as `aws:sqs/queue:Queue`."""

    def register(make: Maker) -> Maker:
        MAKERS[token] = make
        return make

    return register


def create(aws: Aws, token: str, name: str, values: Mapping[str, Any], tags: Mapping[str, str]) -> Made:
    """Create a resource from its inputs and the stack's default tags.

    Raises `LocalError` if the type is not supported or an input would be dropped without a reason.
    """
    make = MAKERS.get(token)
    if make is None:
        service = token.split(":")[1].split("/")[0]
        raise LocalError(
            "this type of resource is not supported yet. Add a function for it to the module of the service"
            f" {service!r} in local/resources/ (add a new module to local/resources/__init__.py)"
        )
    inputs = Inputs(name, values, tags)
    made = make(aws, inputs)
    if dropped := inputs.unread():
        maker, file = make.__name__, f"{make.__module__.replace('.', '/')}.py"
        raise LocalError(
            f"{', '.join(sorted(dropped))}: neither applied nor ignored. Apply it in {maker}() in {file},"
            " or ignore it there, with the reason"
        )
    return made
