"""The inputs and outputs of a resource. Inputs record which of them were read: none is dropped silently."""

import secrets
from collections.abc import Mapping
from typing import Any

from local.console import LocalError

# The outputs that are not inputs. Without an `id` among them, the logical name is the identifier.
Outputs = dict[str, Any]
# The keys whose name in the service is not simply the one in PascalCase.
IRREGULAR = {"cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled", "okActions": "OKActions"}


class Inputs:
    """The inputs of one resource, or of one block in them, by Pulumi's names in camelCase."""

    def __init__(
        self, name: str, values: Mapping[str, Any], default_tags: Mapping[str, str] | None = None
    ) -> None:
        self.name = name  # the resource's logical name
        self._values = {key: plain(value) for key, value in values.items() if value is not None}
        self.tags = dict(default_tags or {})  # of the stack; the program gives no resource its own
        self._read: set[str] = set()
        self._blocks: dict[str, Inputs] = {}

    def __getitem__(self, key: str) -> Any:
        """Return a required input."""
        if key not in self._values:
            raise LocalError(f"the input {key!r} is missing")
        self._read.add(key)
        return self._values[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return an optional input, or the default."""
        return self[key] if key in self._values else default

    def ignore(self, key: str) -> None:
        """Accept an input that has no effect here. The caller says why."""
        self._read.add(key)

    def rest(self) -> dict[str, Any]:
        """Return the inputs that were not read before, for a call in which boto3 refuses unknown names."""
        return {key: self[key] for key in self._values if key not in self._read}

    def block(self, key: str) -> "Inputs":
        """Return the inputs inside an optional input. Each of them must be read."""
        return self._blocks.setdefault(key, Inputs(self.name, self.get(key) or {}))

    def auto_name(self) -> str:
        """Return a physical name: the logical one with 7 random digits, as Pulumi adds them."""
        return f"{self.name}-{secrets.token_hex(4)[:7]}"

    def tag_list(self) -> list[dict[str, str]]:
        """Return the tags in the form of the services that take no map."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def unread(self) -> list[str]:
        """Return the paths of the inputs that were not read, with a dot before each name inside a block."""
        own = [key for key in self._values if key not in self._read]
        return own + [f"{key}.{path}" for key, block in self._blocks.items() for path in block.unread()]


def plain(value: Any) -> Any:
    """Return the value with whole numbers as int, because Pulumi's wire format has only floats."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def pascal(value: Any) -> Any:
    """Return the value with its keys in PascalCase, as most AWS APIs want them."""
    if isinstance(value, dict):
        return {
            IRREGULAR.get(key, key[:1].upper() + key[1:]): pascal(inner)
            for key, inner in value.items()
            if inner is not None
        }
    return [pascal(inner) for inner in value] if isinstance(value, list) else value
