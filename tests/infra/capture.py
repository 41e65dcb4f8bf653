"""Runs the program under Pulumi's mocks and records what it registers."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from local.inputs import plain
from local.program import Engine, kind
from tests.infra.stacks import PROJECT, configuration

ACCOUNT, REGION = "123456789012", "eu-central-1"
DNS_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-iso": "c2s.ic.gov"}
SECONDS = 60  # much longer than any run, so a run that hangs ends with an error
# Outputs that resources have in addition to their inputs, an id, a name and an ARN.
COMPUTED = (
    *("executionArn", "invokeArn", "invokeUrl", "regionalDomainName", "regionalZoneId"),
    *("result", "rootResourceId", "url", "version"),
)


@dataclass(frozen=True)
class Resource:
    """A registered resource. Its key is the kind and the logical name, e.g. `sqs.Queue dead-letters`."""

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
        """Return the statements of a policy document among the inputs."""
        document = json.loads(self.inputs[key])
        assert set(document) == {"Version", "Statement"}
        assert document["Version"] == "2012-10-17"
        return list(document["Statement"])


@dataclass(frozen=True)
class Program:
    """The result of a run: AWS resources and components by key, and the outputs of the stack."""

    resources: Mapping[str, Resource]
    components: Mapping[str, Resource]
    outputs: Mapping[str, Any]

    def __getitem__(self, key: str) -> Resource:
        return self.resources[key]

    def of(self, kind: str) -> list[Resource]:
        """Return all resources of a kind."""
        return [resource for resource in self.resources.values() if resource.kind == kind]

    def comes_after(self, key: str, other: str) -> bool:
        """Return true if a resource waits for another one, directly or through others."""
        return any(
            before == other or self.comes_after(before, other) for before in self.resources[key].depends_on
        )


def arn(key: str) -> str:
    """Return the ARN of a resource under the mocks."""
    return f"arn:{key.replace(' ', ':')}"


@functools.cache
def captured(stack: str, *overrides: str) -> Program:
    """Return the result of the program; each configuration runs once in a process."""
    return capture(stack, *overrides)


def capture(stack: str, *overrides: str) -> Program:
    """Run the program with the configuration of a test stack, overridden by each `KEY=VALUE`.

    Raises the error of the program or of the mocks, and TimeoutError if the run hangs.
    """
    return run(stack, configuration(stack, overrides))


def run(stack: str, values: Mapping[str, str], partition: str = "aws") -> Program:
    """Run the program with configuration values by full key, in a partition of AWS."""
    engine = _Engine(_Recorder(partition))
    outputs = engine.run(PROJECT, stack, values).result(timeout=SECONDS)
    return Program(*engine.recorded(), outputs)


def capture_with_result(monkeypatch: pytest.MonkeyPatch, function: str, result: str | None) -> Program:
    """Run the program of `dev`; the invocation of a function during the deployment has this result."""
    register = _Recorder.new_resource

    def with_result(
        recorder: _Recorder, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[Any, Any]]:
        identifier, outputs = register(recorder, args)
        is_it = (kind(args.typ), args.name) == ("lambda.Invocation", function)
        return identifier, outputs | ({"result": result} if is_it else {})

    monkeypatch.setattr(_Recorder, "new_resource", with_result)
    return capture("dev")


class _Recorder(pulumi.runtime.Mocks):
    """Invents the outputs of each resource, and records its inputs."""

    def __init__(self, partition: str) -> None:
        self._partition = partition
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
            "aws:index/getPartition:getPartition": {
                "partition": self._partition,
                "dnsSuffix": DNS_SUFFIXES[self._partition],
            },
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
        """Return the AWS resources and the components by key."""
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
