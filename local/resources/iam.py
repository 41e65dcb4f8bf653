"""IAM: roles and their inline policies."""

from local.aws import Aws
from local.inputs import Inputs, Outputs, pascal


def role(aws: Aws, inputs: Inputs) -> Outputs:
    created = aws.client("iam").create_role(
        RoleName=inputs.auto_name(),
        AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
        Tags=inputs.tag_list(),
        **pascal(inputs.rest()),
    )["Role"]
    return {"name": created["RoleName"], "arn": created["Arn"]}


def role_policy(aws: Aws, inputs: Inputs) -> None:
    aws.client("iam").put_role_policy(
        RoleName=inputs["role"], PolicyName=inputs.auto_name(), PolicyDocument=inputs["policy"]
    )
