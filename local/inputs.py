"""A resource's inputs, which remember what was read of them: nothing that is asked for gets lost unseen."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from local.console import LocalError


class Inputs:
    """The inputs of one resource, or of one block in them, by Pulumi's names in camelCase."""

    def __init__(
        self, name: str, values: Mapping[str, Any], default_tags: Mapping[str, str] | None = None
    ) -> None:
        self.name = name  # the resource's logical name
        self._values = {key: plain(value) for key, value in values.items() if value is not None}
        self._default_tags = default_tags or {}
        self._read: set[str] = set()
        self._blocks: dict[str, Inputs] = {}

    def __getitem__(self, key: str) -> Any:
        """An input that has to be there."""
        if key not in self._values:
            raise LocalError(f"the input {key!r} is missing")
        self._read.add(key)
        return self._values[key]

    def get(self, key: str, default: Any = None) -> Any:
        """An input, or the default where it is not given."""
        return self[key] if key in self._values else default

    def given(self, **keys: str) -> dict[str, Any]:
        """The AWS arguments whose inputs are given: `given(Path="path")` is {"Path": its value} or {}."""
        return {argument: self[key] for argument, key in keys.items() if key in self._values}

    def block(self, key: str) -> Inputs:
        """The inputs inside an input, each to be read on its own; none where it is not given."""
        if key not in self._blocks:
            self._blocks[key] = Inputs(self.name, self.get(key) or {})
        return self._blocks[key]

    def auto_name(self, key: str = "name") -> str:
        """The physical name: the one given, or the logical name with 7 random digits, as Pulumi does it."""
        return str(self.get(key) or f"{self.name}-{secrets.token_hex(4)[:7]}")

    def tags(self) -> dict[str, str]:
        """The resource's tags over the stack's default tags."""
        return {**self._default_tags, **self.get("tags", {})}

    def tag_list(self) -> list[dict[str, str]]:
        """The tags as the services want them that do not take a map."""
        return [{"Key": key, "Value": value} for key, value in self.tags().items()]

    def unread(self) -> list[str]:
        """The paths of what is given but was not read, blocks with dots."""
        own = [key for key in self._values if key not in self._read]
        return own + [f"{key}.{path}" for key, block in self._blocks.items() for path in block.unread()]


def plain(value: Any) -> Any:
    """The value with whole numbers as int: they come as float through Pulumi's wire format."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def pascal(value: Any) -> Any:
    """The value with its keys in PascalCase: the AWS APIs' names for what Pulumi writes in camelCase."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: pascal(inner) for key, inner in value.items() if inner is not None}
    return [pascal(inner) for inner in value] if isinstance(value, list) else value
