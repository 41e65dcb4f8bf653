"""The REST API in front of the get function."""

import json

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.component import Component
from infra.config import Settings
from infra.domain import Domain
from infra.gateway import VERSIONS, Content, content, versioned
from infra.live import Live

# Each request is one JSON line, without the query and without the user agent.
ACCESS_LOG_FORMAT = json.dumps(
    {
        "request_id": "$context.requestId",
        "time": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "method": "$context.httpMethod",
        "stage": "$context.stage",
        "path": "$context.path",
        "status": "$context.status",
        "bytes": "$context.responseLength",
        "latency_ms": "$context.responseLatency",
        "error": "$context.error.responseType",
    }
)


class Api(Component):
    """A regional REST API that sends every path and method to the get function.

    It consists of the resource policy, the routes, the gateway's own error responses, one deployment, and for
    each version a stage with its throttling and a permission to call the function. It may have a log group
    for access logs and a custom domain.
    """

    def __init__(self, name: str, *, function: Live, settings: Settings) -> None:
        super().__init__(name)
        self._name = name
        self._settings = settings
        described = content(settings)
        api = aws.apigateway.RestApi(
            name, **described.api, opts=pulumi.ResourceOptions(parent=self, protect=settings.protect)
        )
        deployment = self._deployment(api, described, function)
        access_log = None
        if settings.access_logs:
            access_log = aws.cloudwatch.LogGroup(
                f"{name}-access", retention_in_days=settings.log_retention_days, opts=self._child
            )
        self.name = api.name
        self.stages = {version: self._stage(version, api, deployment, access_log) for version in VERSIONS}
        self.log_groups = [access_log.name] if access_log else []
        urls = {version: stage.invoke_url for version, stage in self.stages.items()}
        target = {}
        if settings.domain_name:
            domain = Domain(name, stages=self.stages, settings=settings, opts=self._child)
            urls, target = domain.urls, {"domain_target": domain.target, "domain_zone_id": domain.zone_id}
        self.outputs = {
            "api_host": urls["v1"].apply(lambda url: url.removesuffix("/v1")),
            "api_url": urls["v1"],
            "api_v2_url": urls["v2"],
            **target,
        }
        self.register_outputs({})

    def _deployment(
        self, api: aws.apigateway.RestApi, described: Content, function: Live
    ) -> aws.apigateway.Deployment:
        """Create the content of the API and a deployment of it that waits for all of it."""
        statement = {**described.policy, "Resource": pulumi.Output.concat(api.execution_arn, "/*")}
        created: list[pulumi.Resource] = [
            aws.apigateway.RestApiPolicy(
                self._name, rest_api_id=api.id, policy=policies.document(statement), opts=self._child
            )
        ]
        for route, path_part in described.routes.items():
            resource_id = api.root_resource_id
            if path_part is not None:
                resource_id = aws.apigateway.Resource(
                    self._name,
                    rest_api=api.id,
                    parent_id=api.root_resource_id,
                    path_part=path_part,
                    opts=self._child,
                ).id
            method = aws.apigateway.Method(
                f"{self._name}-{route}",
                rest_api=api.id,
                resource_id=resource_id,
                **described.method,
                opts=self._child,
            )
            integration = aws.apigateway.Integration(
                f"{self._name}-{route}",
                rest_api=api.id,
                resource_id=resource_id,
                http_method=method.http_method,
                **described.integration,
                uri=function.alias.invoke_arn,
                opts=self._child,
            )
            created += [method, integration]
        for error in described.errors:
            suffix = error["response_type"].lower().replace("_", "-")
            created.append(
                aws.apigateway.Response(
                    f"{self._name}-{suffix}", rest_api_id=api.id, **error, opts=self._child
                )
            )
        # No stage serves a request before the function may be called.
        for version in VERSIONS:
            created.append(
                aws.lambda_.Permission(
                    versioned(self._name, version),
                    action="lambda:InvokeFunction",
                    function=function.alias.function_name,
                    qualifier=function.alias.name,
                    principal="apigateway.amazonaws.com",
                    source_arn=pulumi.Output.concat(api.execution_arn, f"/{version}/*/*"),
                    opts=self._child,
                )
            )
        return aws.apigateway.Deployment(
            self._name,
            rest_api=api.id,
            triggers={"function": function.alias.invoke_arn, "content": described.fingerprint()},
            opts=pulumi.ResourceOptions(parent=self, depends_on=created),
        )

    def _stage(
        self,
        version: str,
        api: aws.apigateway.RestApi,
        deployment: aws.apigateway.Deployment,
        access_log: aws.cloudwatch.LogGroup | None,
    ) -> aws.apigateway.Stage:
        stage = aws.apigateway.Stage(
            versioned(self._name, version),
            rest_api=api.id,
            deployment=deployment.id,
            stage_name=version,
            xray_tracing_enabled=self._settings.tracing,
            access_log_settings={"destination_arn": access_log.arn, "format": ACCESS_LOG_FORMAT}
            if access_log
            else None,
            opts=pulumi.ResourceOptions(parent=self, protect=self._settings.protect),
        )
        aws.apigateway.MethodSettings(
            versioned(self._name, version),
            rest_api=api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings={
                "throttling_rate_limit": self._settings.throttle_rate,
                "throttling_burst_limit": self._settings.throttle_burst,
                # API Gateway would create the log group of execution logs, and no stack would delete it.
                "logging_level": "OFF",
            },
            opts=self._child,
        )
        return stage
