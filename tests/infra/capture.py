"""Runs the program under Pulumi's mocks and records what it registers."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import logging
import runpy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.stack import Stack, run_pulumi_func

from local import config
from local.inputs import plain

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
    """Runs the program with the configuration of a stack, overridden by each `KEY=VALUE`."""
    # Pulumi keeps what it knows of a run in context variables: each has a context and a loop of its own.
    return contextvars.Context().run(_captured, stack, overrides)


def _captured(stack: str, overrides: Sequence[str]) -> Program:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        recorder = _Recorder()
        monitor = _Monitor(recorder)
        logger = logging.getLogger("tests.infra.capture")
        logger.addFilter(lambda record: record.levelno < logging.ERROR)  # they come out as exceptions, too
        pulumi.runtime.set_mocks(
            recorder,
            project=config.project_name(PROJECT),
            stack=stack,
            preview=False,
            logger=logger,
            monitor=monitor,
        )
        pulumi.runtime.set_all_config(config.load(PROJECT, stack, overrides))
        loop.run_until_complete(run_pulumi_func(_run))
        outputs = loop.run_until_complete(_outputs())
        return Program(*monitor.recorded(), outputs)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


class _Recorder(pulumi.runtime.Mocks):
    """Makes up a resource's outputs, and keeps its inputs."""

    def __init__(self) -> None:
        self.inputs: dict[tuple[str, str], dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.inputs[args.typ, args.name] = plain(dict(args.inputs))
        if not args.typ.startswith("aws:"):
            return args.name, args.inputs
        made_up = {key: f"{key} of {args.name}" for key in COMPUTED}
        named = {"name": f"{args.name}-1234567", "arn": arn(f"{_kind(args.typ)} {args.name}")}
        return f"{args.name}-id", {**made_up, **named, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:  # type: ignore[override]
        return {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getRegion:getRegion": {"region": REGION},
        }[args.token]


class _Monitor(MockMonitor):
    """Sees what a resource's options became."""

    def __init__(self, mocks: _Recorder) -> None:
        super().__init__(mocks)
        self._mocks = mocks
        self._requests: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the name is gRPC's)
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        self._requests[response.urn] = request
        return response

    def recorded(self) -> tuple[dict[str, Resource], dict[str, Resource]]:
        """AWS resources and components, by key."""
        key = {urn: f"{_kind(request.type)} {request.name}" for urn, request in self._requests.items()}
        found: tuple[dict[str, Resource], dict[str, Resource]] = ({}, {})
        for urn, request in self._requests.items():
            if request.type == "pulumi:pulumi:Stack":
                continue
            assert key[urn] not in found[0] | found[1], f"two resources are called {key[urn]}"
            found[not request.custom][key[urn]] = Resource(
                _kind(request.type),
                request.name,
                self._mocks.inputs[request.type, request.name],
                frozenset(key[urn] for urn in request.dependencies if key[urn] in found[0]),
                request.protect,
                key.get(request.parent, ""),
            )
        return found


def _kind(token: str) -> str:
    """`aws:sqs/queue:Queue` as `sqs.Queue`."""
    _, module, kind = token.split(":")
    return f"{module.partition('/')[0]}.{kind}"


def _run() -> None:
    runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")


async def _outputs() -> dict[str, Any]:
    root = pulumi.runtime.get_root_resource()
    assert isinstance(root, Stack)
    return {name: await pulumi.Output.from_input(value).future() for name, value in root.outputs.items()}
