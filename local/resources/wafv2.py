"""AWS WAF: web ACLs and their associations. MiniStack stores them; it does not apply the rules."""

from __future__ import annotations

from typing import Any

from local.aws import Aws
from local.inputs import Inputs, pascal
from local.resources.registry import Made, makes

# The API's spelling of keys that `pascal` spells in another way.
SPELLINGS = {"CloudwatchMetricsEnabled": "CloudWatchMetricsEnabled"}


@makes("aws:wafv2/webAcl:WebAcl")
def web_acl(aws: Aws, inputs: Inputs) -> Made:
    name = inputs.auto_name()
    bodies = {
        body["key"]: {"ContentType": body["contentType"], "Content": body["content"]}
        for body in inputs.get("customResponseBodies", [])
    }
    summary = aws.client("wafv2").create_web_acl(
        Name=name,
        Scope=inputs["scope"],
        DefaultAction=pascal(inputs["defaultAction"]),
        Rules=_spelled(pascal(inputs["rules"])),
        VisibilityConfig=_spelled(pascal(inputs["visibilityConfig"])),
        CustomResponseBodies=bodies,
        Tags=inputs.tag_list(),
    )["Summary"]
    return summary["Id"], {"name": name, "arn": summary["ARN"]}


@makes("aws:wafv2/webAclAssociation:WebAclAssociation")
def web_acl_association(aws: Aws, inputs: Inputs) -> Made:
    acl, resource = inputs["webAclArn"], inputs["resourceArn"]
    aws.client("wafv2").associate_web_acl(WebACLArn=acl, ResourceArn=resource)
    return f"{acl},{resource}", {}


def _spelled(value: Any) -> Any:
    """Return the value with the keys as the API spells them."""
    if isinstance(value, dict):
        return {SPELLINGS.get(key, key): _spelled(inner) for key, inner in value.items()}
    return [_spelled(inner) for inner in value] if isinstance(value, list) else value
