"""The limit of requests per client address."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infra.component import Component
from infra.config import Settings
from infra.gateway import ERROR_HEADERS, ERRORS, error_body

WINDOW_SECONDS = 300
STATUS, MESSAGE = ERRORS["THROTTLED"]  # the same answer as to a request over the stage's limit
RULE = "requests-per-address"
BODY = "too-many-requests"
# Like the API's own errors.
RESPONSE: aws.wafv2.WebAclRuleActionBlockCustomResponseArgsDict = {
    "response_code": STATUS,
    "custom_response_body_key": BODY,
    "response_headers": [{"name": name, "value": value} for name, value in ERROR_HEADERS.items()],
}


class Firewall(Component):
    """A regional web ACL with one rate-based rule, and its association with each stage.

    An address that sends more requests than the limit within five minutes gets 429 until its rate falls. The
    throttling of a stage cannot do this, because it does not tell one client from another.
    """

    def __init__(self, name: str, *, stages: Mapping[str, aws.apigateway.Stage], settings: Settings) -> None:
        super().__init__(name)
        # Only the name distinguishes the metrics of the stacks in a region.
        metric = f"{pulumi.get_project()}-{pulumi.get_stack()}"
        visibility: aws.wafv2.WebAclVisibilityConfigArgsDict = {
            "metric_name": metric,
            "cloudwatch_metrics_enabled": True,
            "sampled_requests_enabled": True,
        }
        acl = aws.wafv2.WebAcl(
            name,
            scope="REGIONAL",
            default_action={"allow": {}},
            custom_response_bodies=[
                {"key": BODY, "content": error_body(STATUS, MESSAGE), "content_type": "APPLICATION_JSON"}
            ],
            rules=[
                {
                    "name": RULE,
                    "priority": 0,
                    "action": {"block": {"custom_response": RESPONSE}},
                    "statement": {
                        "rate_based_statement": {
                            "limit": settings.requests_per_address,
                            "evaluation_window_sec": WINDOW_SECONDS,
                            "aggregate_key_type": "IP",
                        }
                    },
                    "visibility_config": {**visibility, "metric_name": f"{metric}-{RULE}"},
                }
            ],
            visibility_config=visibility,
            opts=self._child,
        )
        for version, stage in stages.items():
            aws.wafv2.WebAclAssociation(
                f"{name}-{version}", resource_arn=stage.arn, web_acl_arn=acl.arn, opts=self._child
            )
        self.register_outputs({})
