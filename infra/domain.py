"""A custom domain name for the API."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infra.component import Component
from infra.config import Settings
from infra.gateway import ACCESS_MODE, SECURITY_POLICY, versioned


class Domain(Component):
    """A regional domain name with its certificate, and a base path for each stage.

    The stack does not create the DNS record. Its owner points an alias at `target` in `zone_id`.
    """

    def __init__(
        self,
        name: str,
        *,
        stages: Mapping[str, aws.apigateway.Stage],
        settings: Settings,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(name, opts)
        domain = aws.apigateway.DomainName(
            name,
            domain_name=settings.domain_name,
            regional_certificate_arn=settings.certificate_arn,
            endpoint_configuration={"types": "REGIONAL"},
            security_policy=SECURITY_POLICY,
            endpoint_access_mode=ACCESS_MODE,
            opts=self._child,
        )
        self.urls = {}
        for version, stage in stages.items():
            mapping = aws.apigateway.BasePathMapping(
                versioned(name, version),
                rest_api=stage.rest_api,
                stage_name=stage.stage_name,
                domain_name=domain.domain_name,
                base_path=version,
                opts=self._child,
            )
            self.urls[version] = pulumi.Output.concat("https://", mapping.domain_name, f"/{version}")
        self.target = domain.regional_domain_name
        self.zone_id = domain.regional_zone_id
        self.register_outputs({})
