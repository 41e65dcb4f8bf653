"""An IAM role that one AWS service assumes, with one inline policy."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.config import Settings


class Role:
    """A role within the permissions boundary of the stack, and its policy.

    A resource that uses the role must depend on `policy`: the role can do nothing before the policy exists.
    """

    def __init__(
        self,
        name: str,
        *,
        trust: pulumi.Input[str],
        statements: Sequence[Mapping[str, Any]],
        settings: Settings,
        opts: pulumi.ResourceOptions,
    ) -> None:
        role = aws.iam.Role(
            name,
            assume_role_policy=trust,
            permissions_boundary=settings.permissions_boundary or None,
            opts=opts,
        )
        self.policy = aws.iam.RolePolicy(
            name, role=role.name, policy=policies.document(*statements), opts=opts
        )
        self.arn = role.arn
