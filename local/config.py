"""A stack's configuration from Pulumi.yaml and Pulumi.<stack>.yaml, read as the Pulumi engine reads it."""

import difflib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from local.console import LocalError


class _Loader(yaml.BaseLoader):
    """Reads plain scalars as text, except booleans. In YAML 1.1, the time `16:30` would be the number 990."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))
_Loader.add_constructor(_BOOLEAN, lambda _, node: node.value.lower() == "true")


def program(project: Path) -> tuple[str, dict[str, str | None]]:
    """Return the project's name, and the full key of each declared key with its default, None if it has none.

    Both are in its Pulumi.yaml. A full key has its own namespace, or else the project's.
    """
    file = project / "Pulumi.yaml"
    content = _read(file)
    name = content.get("name")
    if not name:
        raise LocalError("Pulumi.yaml is damaged: it has no `name:`")
    declared = _section(file, content)
    values = {_full(name, key): spec.get("default", spec.get("value")) for key, spec in declared.items()}
    return str(name), {key: None if value is None else _text(key, value) for key, value in values.items()}


def load(project: Path, stack: str, overrides: Iterable[str] = ()) -> dict[str, str]:
    """Return the texts by full key: the defaults, replaced by the stack's values and then by the overrides.

    Each override is `KEY=VALUE`. Raises `LocalError` if a file is missing or damaged, if an override is
    invalid, or if no region is set.
    """
    name, declared = program(project)
    file = project / f"Pulumi.{stack}.yaml"
    if not file.exists():
        raise LocalError(
            f"there is no stack {stack!r}: {file.name} is missing;"
            f" `git restore {file.name}` restores a deleted one"
        )
    values: dict[str, Any] = dict(declared)
    values |= {_full(name, key): value for key, value in _section(file, _read(file)).items()}
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals:
            raise LocalError(f"--config takes KEY=VALUE; {override!r} has no '='")
        if ":" not in key and _full(name, key) not in declared:
            own = [declared_key.rpartition(":")[2] for declared_key in declared]
            near = difflib.get_close_matches(key, own, n=1)
            guess = f" (did you mean {near[0]}?)" if near else ""
            raise LocalError(f"--config {key}: no such key{guess}; Pulumi.yaml declares all keys")
        values[_full(name, key)] = value
    if values.get("aws:region") is None:
        raise LocalError(f"{file.name} sets no region: add `aws:region: eu-central-1` under `config:`")
    return {key: _text(key, value) for key, value in values.items() if value is not None}


def _full(name: str, key: str) -> str:
    return key if ":" in key else f"{name}:{key}"


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LocalError(f"{file.name} cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(content or {}, dict):
        raise LocalError(f"{file.name} is damaged: it must contain keys and values, such as `config:`")
    return content or {}


def _section(file: Path, content: dict[str, Any]) -> dict[str, Any]:
    section = content.get("config") or {}
    if not isinstance(section, dict):
        raise LocalError(f"{file.name} is damaged: `config:` must contain keys and values")
    return section


def _text(key: str, value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"secure"}:
        raise LocalError(f"{key} is a secret, which only the Pulumi CLI can read; add --config {key}=VALUE")
    return value if isinstance(value, str) else json.dumps(value)
