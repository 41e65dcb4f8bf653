"""Reviewed snapshots of whole stacks: the outputs, and every resource with its inputs.

`make snapshots` rewrites the files. A stack's file has a resource only if it differs from that of the stack
before it, so that a change shows once.
"""

import json
from pathlib import Path
from typing import Any

import pulumi

from infra import code
from tests.engine.changes import EVERYTHING_ON
from tests.infra.capture import ACCOUNT, captured
from tests.infra.stacks import CUSTOM_DOMAIN

FILES = Path(__file__).parent / "snapshots"
ELSEWHERE = ("catchUp=true", "defaultEndpoint=false", "feedUrl=https://feed.example/file.zip")
STACKS = {
    "dev": ("dev",),
    "prod": ("prod",),
    "everything": ("prod", *EVERYTHING_ON, *CUSTOM_DOMAIN, *ELSEWHERE),
}


def texts() -> dict[str, str]:
    """Return the content of each file: sorted JSON, in which hashes and account numbers have placeholders."""
    found: dict[str, str] = {}
    before: dict[str, Any] = {}
    for name, configuration in STACKS.items():
        program = captured(*configuration)
        resources = {
            key: _readable({**resource.inputs, **({"(protected)": True} if resource.is_protected else {})})
            for key, resource in program.resources.items()
        }
        shown = {
            key: "as in the stack before" if before.get(key) == inputs else inputs
            for key, inputs in resources.items()
        }
        content = {"outputs": _readable(program.outputs), "resources": shown}
        found[name] = json.dumps(content, indent=2, sort_keys=True) + "\n"
        before = resources
    return found


def _readable(value: Any) -> Any:
    """Return the value with each JSON text as its content, and with placeholders."""
    if isinstance(value, pulumi.AssetArchive) and value.assets.keys() == code.files().keys():
        return "<archive of functions/>"
    if isinstance(value, dict):
        hidden = {"content": "<hash of the content>"} if {"content", "function"} == set(value) else {}
        return {key: _readable(inner) for key, inner in {**value, **hidden}.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    if isinstance(value, str) and value.startswith('{"'):
        return {"(JSON)": _readable(json.loads(value))}
    if isinstance(value, str):
        return value.replace(ACCOUNT, "<account>").replace(code.version(), "<code version>")
    return value


if __name__ == "__main__":
    for stack, text in texts().items():
        (FILES / f"{stack}.json").write_text(text, encoding="utf-8")
