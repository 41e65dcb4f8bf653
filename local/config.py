"""The configuration of a stack, from Pulumi.yaml and Pulumi.<stack>.yaml, as the Pulumi CLI would give it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from local.console import LocalError


def project_name(project: Path) -> str:
    """The project's name, from its Pulumi.yaml."""
    return str(_read(project / "Pulumi.yaml")["name"])


def full_key(project: Path, key: str) -> str:
    """The key with its namespace, which is the project's where it has none."""
    return _full(project_name(project), key)


def load(project: Path, stack: str, overrides: Iterable[str] = ()) -> dict[str, str]:
    """Full keys to texts: the defaults, then the stack's own values, then the overrides, each `KEY=VALUE`."""
    stack_file = project / f"Pulumi.{stack}.yaml"
    if not stack_file.exists():
        raise LocalError(f"there is no stack {stack!r}: {stack_file.name} is missing")

    program = _read(project / "Pulumi.yaml")
    name = program["name"]
    declared = {_full(name, key): spec for key, spec in (program.get("config") or {}).items()}
    values = {key: _default(spec) for key, spec in declared.items()}
    values |= {_full(name, key): value for key, value in (_read(stack_file).get("config") or {}).items()}
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals:
            raise LocalError(f"--config takes KEY=VALUE; {override!r} has no '='")
        if ":" not in key and _full(name, key) not in declared:
            raise LocalError(f"--config {key}: Pulumi.yaml declares no such key")
        values[_full(name, key)] = value
    return {key: _text(key, value) for key, value in values.items() if value is not None}


def endpoints(values: dict[str, str]) -> dict[str, str]:
    """Service to URL, from `aws:endpoints` of a stack that is meant for an emulator."""
    return {service: url for entry in json.loads(values["aws:endpoints"]) for service, url in entry.items()}


def _full(name: str, key: str) -> str:
    return key if ":" in key else f"{name}:{key}"


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LocalError(f"{file.name} cannot be read: {error}") from error
    return content or {}


def _default(spec: Any) -> Any:
    return spec.get("default", spec.get("value")) if isinstance(spec, dict) else spec


def _text(key: str, value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"secure"}:
        raise LocalError(
            f"{key} is a secret, which only the Pulumi CLI can read; give it with --config {key}=VALUE"
        )
    return value if isinstance(value, str) else json.dumps(value)
