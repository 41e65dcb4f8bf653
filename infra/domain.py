"""A domain name of one's own in front of the API."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra.config import Settings


class Domain(pulumi.ComponentResource):
    """Makes: a regional domain name with its certificate, and the mapping of its `/v1` to the stage.

    The DNS record is its owner's: an alias of the domain to `target`, which the stack puts out.
    """

    def __init__(
        self,
        name: str,
        *,
        api_id: pulumi.Input[str],
        stage: aws.apigateway.Stage,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("exchange-rates:infra:Domain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        domain = aws.apigateway.DomainName(
            name,
            domain_name=settings.domain_name,
            regional_certificate_arn=settings.certificate_arn,
            endpoint_configuration=aws.apigateway.DomainNameEndpointConfigurationArgs(types="REGIONAL"),
            security_policy="TLS_1_2",
            opts=child,
        )
        mapping = aws.apigateway.BasePathMapping(
            name,
            rest_api=api_id,
            stage_name=stage.stage_name,
            domain_name=domain.domain_name,
            base_path=stage.stage_name,
            opts=child,
        )
        self.target = domain.regional_domain_name
        self.url = pulumi.Output.concat("https://", mapping.domain_name, "/", stage.stage_name)
        self.register_outputs({})
