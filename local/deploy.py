"""Deploys the Pulumi program as it stands, without the Pulumi engine.

Pulumi's mocks are the way in: the program runs unchanged, its outputs and dependencies give the order, and
each resource is made on the emulated AWS when the program registers it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.stack import Stack, run_pulumi_func

from local import resources
from local.aws import ACCOUNT, PARTITION, Aws
from local.console import LocalError

# Told of each resource once it is made: type (`sqs.Queue`), logical name, seconds.
Report = Callable[[str, str, float], None]


def deploy(
    project: Path, name: str, stack: str, config: Mapping[str, str], aws: Aws, report: Report
) -> dict[str, Any]:
    """Runs the program of the project directory and returns the stack's outputs.

    `LocalError` names what could not be made, or says what the program refuses; its other errors come
    through. Once a process.
    """
    deployer = _Deployer(aws, json.loads(config.get("aws:defaultTags", "{}")).get("tags", {}), report)
    pulumi.runtime.set_mocks(deployer, project=name, stack=stack, preview=False, logger=_quiet())
    pulumi.runtime.set_all_config(dict(config))
    os.chdir(project)
    sys.path.insert(0, str(project))
    # Pulumi's own loop: its outputs belong to it.
    loop = asyncio.get_event_loop()
    try:
        loop.run_until_complete(run_pulumi_func(lambda: _run(project / "__main__.py")))
        return loop.run_until_complete(_outputs())
    except Exception as error:
        # What stopped the deployment, not what else failed because of it.
        if deployer.failure:
            raise deployer.failure from error
        if isinstance(error, pulumi.RunError):
            raise LocalError(str(error)) from error
        raise


class _Deployer(pulumi.runtime.Mocks):
    """Answers the program in place of the engine; called on several threads."""

    def __init__(self, aws: Aws, default_tags: Mapping[str, str], report: Report) -> None:
        self._aws = aws
        self._default_tags = default_tags
        self._report = report
        self.failure: LocalError | None = None

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if not args.typ.startswith("aws:"):  # a component, which is made of others
            return args.name, args.inputs
        if self.failure:
            raise self.failure
        began = time.perf_counter()
        try:
            identifier, outputs = resources.create(
                self._aws, args.typ, args.name, args.inputs, self._default_tags
            )
        except Exception as error:
            self.failure = self.failure or LocalError(f"{args.typ} {args.name!r}: {error}")
            raise
        _, module, kind = args.typ.split(":")
        self._report(f"{module.partition('/')[0]}.{kind}", args.name, time.perf_counter() - began)
        return identifier, {**args.inputs, **outputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:  # type: ignore[override]
        region, user = self._aws.region, f"arn:{PARTITION}:iam::{ACCOUNT}:root"
        answers = {
            "getCallerIdentity": {"id": ACCOUNT, "accountId": ACCOUNT, "userId": ACCOUNT, "arn": user},
            "getRegion": {"id": region, "name": region, "region": region},
            "getPartition": {"id": PARTITION, "partition": PARTITION, "dnsSuffix": "amazonaws.com"},
        }
        module, _, function = args.token.rpartition(":")
        if module != f"aws:index/{function}" or function not in answers:
            said = f"{args.token}: this function is not known here yet. Add it to call() in local/deploy.py"
            self.failure = self.failure or LocalError(said)
            raise self.failure
        return answers[function]


def _run(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


async def _outputs() -> dict[str, Any]:
    root = pulumi.runtime.get_root_resource()
    exported = root.outputs if isinstance(root, Stack) else {}
    return {name: await pulumi.Output.from_input(value).future() for name, value in exported.items()}


def _quiet() -> logging.Logger:
    """Pulumi logs each failure on its own account too; a warning of the program is still shown."""
    logger = logging.getLogger("local.deploy")
    logger.addFilter(lambda record: record.levelno == logging.WARNING)
    return logger
