"""IAM: roles and their inline policies."""

from local.aws import Aws
from local.inputs import Inputs, Made, pascal


def role(aws: Aws, inputs: Inputs) -> Made:
    created = aws.client("iam").create_role(
        RoleName=inputs.auto_name(),
        AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
        Tags=inputs.tag_list(),
        **pascal(inputs.rest()),
    )["Role"]
    name = created["RoleName"]
    return name, {"name": name, "arn": created["Arn"]}


def role_policy(aws: Aws, inputs: Inputs) -> Made:
    name = inputs.auto_name()
    aws.client("iam").put_role_policy(
        RoleName=inputs["role"], PolicyName=name, PolicyDocument=inputs["policy"]
    )
    return f"{inputs['role']}:{name}", {"name": name}
