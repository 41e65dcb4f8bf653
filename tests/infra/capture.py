"""Runs the program under Pulumi's mocks and records what it registers."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from local import config
from local.inputs import plain
from local.program import Engine, kind

PROJECT = Path(__file__).parents[2]
ACCOUNT, REGION = "123456789012", "eu-central-1"
# What resources have besides their inputs, an id, a name and an ARN.
COMPUTED = ("executionArn", "invokeArn", "invokeUrl", "regionalDomainName", "result", "rootResourceId", "url")


@dataclass(frozen=True)
class Resource:
    """A resource as it was registered. A key is kind and logical name, as in `sqs.Queue dead-letters`."""

    kind: str
    name: str
    inputs: dict[str, Any]
    depends_on: frozenset[str]  # keys, directly
    is_protected: bool
    parent: str  # key

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"

    def policy(self, key: str = "policy") -> list[dict[str, Any]]:
        """The statements of a policy document among the inputs."""
        document = json.loads(self.inputs[key])
        assert set(document) == {"Version", "Statement"}
        assert document["Version"] == "2012-10-17"
        return list(document["Statement"])


@dataclass(frozen=True)
class Program:
    """What a run of the program made: AWS resources and components by key, and the stack's outputs."""

    resources: Mapping[str, Resource]
    components: Mapping[str, Resource]
    outputs: Mapping[str, Any]

    def __getitem__(self, key: str) -> Resource:
        return self.resources[key]

    def of(self, kind: str) -> list[Resource]:
        """All resources of a kind."""
        return [resource for resource in self.resources.values() if resource.kind == kind]

    def comes_after(self, key: str, other: str) -> bool:
        """Whether a resource waits for another, directly or through others."""
        return any(
            before == other or self.comes_after(before, other) for before in self.resources[key].depends_on
        )


def arn(key: str) -> str:
    """The ARN that a resource has under the mocks."""
    return f"arn:{key.replace(' ', ':')}"


@functools.cache
def captured(stack: str, *overrides: str) -> Program:
    """The program as it stands, run once a process for each configuration."""
    return capture(stack, *overrides)


def capture(stack: str, *overrides: str) -> Program:
    """Run the program with the configuration of a stack, overridden by each `KEY=VALUE`.

    Raises the error of the configuration, the program or the mocks.
    """
    engine = _Engine(_Recorder())
    outputs = engine.run(PROJECT, stack, config.load(PROJECT, stack, overrides)).result()
    return Program(*engine.recorded(), outputs)


class _Recorder(pulumi.runtime.Mocks):
    """Makes up a resource's outputs, and keeps its inputs."""

    def __init__(self) -> None:
        self.inputs: dict[tuple[str, str], dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.inputs[args.typ, args.name] = plain(dict(args.inputs))
        if not args.typ.startswith("aws:"):
            return args.name, args.inputs
        made_up = {key: f"{key} of {args.name}" for key in COMPUTED}
        named = {"name": f"{args.name}-1234567", "arn": arn(f"{kind(args.typ)} {args.name}")}
        return f"{args.name}-id", {**made_up, **named, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:  # type: ignore[override]
        return {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getRegion:getRegion": {"region": REGION},
        }[args.token]


class _Engine(Engine):
    """Records the options of each resource."""

    def __init__(self, mocks: _Recorder) -> None:
        super().__init__(mocks)
        self._mocks = mocks
        self._requests: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the name is gRPC's)
        response = super().RegisterResource(request)
        self._requests[response.urn] = request
        return response

    def recorded(self) -> tuple[dict[str, Resource], dict[str, Resource]]:
        """AWS resources and components, by key."""
        key = {urn: f"{kind(request.type)} {request.name}" for urn, request in self._requests.items()}
        found: tuple[dict[str, Resource], dict[str, Resource]] = ({}, {})
        for urn, request in self._requests.items():
            if request.type == "pulumi:pulumi:Stack":
                continue
            assert key[urn] not in found[0] | found[1], f"two resources are called {key[urn]}"
            found[not request.custom][key[urn]] = Resource(
                kind(request.type),
                request.name,
                self._mocks.inputs[request.type, request.name],
                frozenset(key[urn] for urn in request.dependencies if key[urn] in found[0]),
                request.protect,
                key.get(request.parent, ""),
            )
        return found
