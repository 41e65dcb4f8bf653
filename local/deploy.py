"""Deploys the Pulumi program unchanged on the emulated AWS.

The program runs under mocks that make each resource when the program registers it. The order follows from the
program's outputs and dependencies.
"""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from local import resources
from local.aws import ACCOUNT, PARTITION, Aws
from local.console import LocalError, say, styled
from local.program import Engine, kind
from local.waiting import until


def deploy(
    project: Path, stack: str, configuration: Mapping[str, str], aws: Aws
) -> tuple[dict[str, Any], int]:
    """Run the program of the project directory, and return the stack's outputs and the number of resources.

    Raises `LocalError` if a resource cannot be made or the program refuses the configuration, and other
    errors of the program as they are.
    """
    default_tags = json.loads(configuration.get("aws:defaultTags", "{}")).get("tags", {})
    deployer = _Deployer(aws, default_tags)
    running = Engine(deployer).run(project, stack, configuration)
    until(running.done)
    try:
        return running.result(), len(deployer.made)
    except pulumi.RunError as error:
        said = re.sub(r"Run `pulumi config set (\S+) ", r"Start it with `--config \1=", str(error))
        raise LocalError(said) from error


class _Deployer(pulumi.runtime.Mocks):
    """Makes resources and answers function calls, on several threads."""

    def __init__(self, aws: Aws, default_tags: Mapping[str, str]) -> None:
        self.made: list[str] = []  # the logical names
        self._aws = aws
        self._default_tags = default_tags

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if not args.typ.startswith("aws:"):  # a component, which consists of other resources
            return args.name, args.inputs
        began = time.perf_counter()
        try:
            outputs = resources.create(self._aws, args.typ, args.name, args.inputs, self._default_tags)
        except Exception as error:
            raise LocalError(f"{args.typ} {args.name!r}: {error}") from error
        seconds = styled(f"{time.perf_counter() - began:5.2f} s", "dim")
        say(f"  {kind(args.typ):<34} {args.name:<44} {seconds}")
        self.made.append(args.name)
        return outputs.pop("id", args.name), {**args.inputs, **outputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:  # type: ignore[override]
        region, user = self._aws.region, f"arn:{PARTITION}:iam::{ACCOUNT}:root"
        answers = {
            "getCallerIdentity": {"id": ACCOUNT, "accountId": ACCOUNT, "userId": ACCOUNT, "arn": user},
            "getRegion": {"id": region, "name": region, "region": region},
            "getPartition": {"id": PARTITION, "partition": PARTITION, "dnsSuffix": "amazonaws.com"},
        }
        module, _, function = args.token.rpartition(":")
        if module != f"aws:index/{function}" or function not in answers:
            raise LocalError(
                f"{args.token}: no answer to this function yet. Add it to call() in local/deploy.py"
            )
        return answers[function]
