"""The REST API in front of the get function."""

from __future__ import annotations

import hashlib
import json

import pulumi
import pulumi_aws as aws

from infra.config import Settings
from infra.domain import Domain
from infra.function import Function

STAGE = "v1"  # so that the base URL ends as Frankfurter's does
COMPRESS_FROM_BYTES = 1024
METHOD = "ANY"  # routing is the function's
AUTHORIZATION = "NONE"  # public data
INTEGRATION = "AWS_PROXY"

# What the gateway itself answers, in the API's own shape: response type -> (status, message).
GATEWAY_RESPONSES = {
    "MISSING_AUTHENTICATION_TOKEN": ("404", "not found"),  # how API Gateway calls an unknown path or method
    "THROTTLED": ("429", "too many requests"),
    "REQUEST_TOO_LARGE": ("413", "request too large"),
    "INTEGRATION_TIMEOUT": ("504", "timeout"),
    "DEFAULT_5XX": ("500", "internal server error"),
    "DEFAULT_4XX": (None, "bad request"),  # with the status of the case at hand
}
RESPONSE_HEADERS = {
    "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
    "gatewayresponse.header.Access-Control-Expose-Headers": "'ETag'",
    "gatewayresponse.header.Cache-Control": "'no-store'",
}
# Status, latency and who asked for what, as one JSON line.
ACCESS_LOG_FORMAT = json.dumps(
    {
        "request_id": "$context.requestId",
        "time": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "method": "$context.httpMethod",
        "path": "$context.path",
        "status": "$context.status",
        "bytes": "$context.responseLength",
        "latency_ms": "$context.responseLatency",
        "error": "$context.error.responseType",
    }
)


class Api(pulumi.ComponentResource):
    """Makes: a regional REST API whose every path and method is the get function's, the gateway's own
    answers, a deployment, the stage `v1` with its throttling, the function's permission, and where they are
    asked for an access log group and a custom domain."""

    def __init__(
        self, name: str, *, function: Function, settings: Settings, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("exchange-rates:infra:Api", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        api = aws.apigateway.RestApi(
            name,
            endpoint_configuration=aws.apigateway.RestApiEndpointConfigurationArgs(types="REGIONAL"),
            minimum_compression_size=str(COMPRESS_FROM_BYTES),
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        anything = aws.apigateway.Resource(
            name, rest_api=api.id, parent_id=api.root_resource_id, path_part="{proxy+}", opts=child
        )
        routes: list[pulumi.Resource] = []
        for route, resource_id in {"root": api.root_resource_id, "proxy": anything.id}.items():
            method = aws.apigateway.Method(
                f"{name}-{route}",
                rest_api=api.id,
                resource_id=resource_id,
                http_method=METHOD,
                authorization=AUTHORIZATION,
                opts=child,
            )
            integration = aws.apigateway.Integration(
                f"{name}-{route}",
                rest_api=api.id,
                resource_id=resource_id,
                http_method=method.http_method,
                type=INTEGRATION,
                integration_http_method="POST",
                uri=function.invoke_arn,
                opts=child,
            )
            routes += [method, integration]
        responses: list[pulumi.Resource] = [
            aws.apigateway.Response(
                f"{name}-{kind.lower().replace('_', '-')}",
                rest_api_id=api.id,
                response_type=kind,
                status_code=status,
                response_parameters=RESPONSE_HEADERS,
                response_templates={"application/json": json.dumps({"message": message})},
                opts=child,
            )
            for kind, (status, message) in GATEWAY_RESPONSES.items()
        ]
        deployment = aws.apigateway.Deployment(
            name,
            rest_api=api.id,
            # A deployment is a snapshot: whatever it takes in must make a new one when it changes.
            triggers={"function": function.invoke_arn, "rest": _fingerprint()},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*routes, *responses]),
        )
        access_log = (
            aws.cloudwatch.LogGroup(
                f"{name}-access", retention_in_days=settings.log_retention_days, opts=child
            )
            if settings.access_logs
            else None
        )
        stage = aws.apigateway.Stage(
            name,
            rest_api=api.id,
            deployment=deployment.id,
            stage_name=STAGE,
            xray_tracing_enabled=settings.tracing,
            access_log_settings=aws.apigateway.StageAccessLogSettingsArgs(
                destination_arn=access_log.arn, format=ACCESS_LOG_FORMAT
            )
            if access_log
            else None,
            opts=child,
        )
        aws.apigateway.MethodSettings(
            name,
            rest_api=api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings=aws.apigateway.MethodSettingsSettingsArgs(
                throttling_rate_limit=settings.throttle_rate,
                throttling_burst_limit=settings.throttle_burst,
                # Execution logs would go to a group that the gateway makes and no stack owns.
                logging_level="OFF",
            ),
            opts=child,
        )
        permission = aws.lambda_.Permission(
            name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(api.execution_arn, "/", STAGE, "/*/*"),
            opts=child,
        )
        self.name = api.name
        self.stage = stage.stage_name
        self.log_groups = [access_log.name] if access_log else []
        domain = (
            Domain(name, api_id=api.id, stage=stage, settings=settings, opts=child)
            if settings.domain_name
            else None
        )
        self.domain_target = domain.target if domain else None
        # The URL is given out once the function may be called.
        url = domain.url if domain else stage.invoke_url
        self.url = pulumi.Output.all(url, permission.id).apply(lambda known: str(known[0]))
        self.register_outputs({})


def _fingerprint() -> str:
    """Of everything that a deployment takes in, but for the function."""
    routes = [METHOD, AUTHORIZATION, INTEGRATION, COMPRESS_FROM_BYTES]
    taken_in = json.dumps([routes, GATEWAY_RESPONSES, RESPONSE_HEADERS], sort_keys=True)
    return hashlib.sha256(taken_in.encode()).hexdigest()[:16]
