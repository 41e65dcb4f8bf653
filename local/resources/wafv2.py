"""AWS WAF: web ACLs and their associations."""

from local.aws import Aws
from local.inputs import Inputs, Outputs, pascal


def web_acl(aws: Aws, inputs: Inputs) -> Outputs:
    bodies = {
        body["key"]: {"Content": body["content"], "ContentType": body["contentType"]}
        for body in inputs["customResponseBodies"]
    }
    created = aws.client("wafv2").create_web_acl(
        Name=inputs.auto_name(),
        CustomResponseBodies=bodies,
        Tags=inputs.tag_list(),
        **pascal(inputs.rest()),
    )["Summary"]
    return {"name": created["Name"], "arn": created["ARN"]}


def web_acl_association(aws: Aws, inputs: Inputs) -> None:
    aws.client("wafv2").associate_web_acl(WebACLArn=inputs["webAclArn"], ResourceArn=inputs["resourceArn"])
