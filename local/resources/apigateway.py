"""API Gateway (REST): the API, its routes and answers, deployments, stages and custom domains."""

from __future__ import annotations

from typing import Any

from local.aws import Aws
from local.inputs import Inputs
from local.resources.registry import Made, makes


@makes("aws:apigateway/restApi:RestApi")
def rest_api(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("apigateway")
    name = inputs.auto_name()
    compression = inputs.get("minimumCompressionSize")
    api = client.create_rest_api(
        name=name,
        endpointConfiguration=_endpoint(inputs),
        # An id of MiniStack's own tag: the URL stays the same from one deployment to the next.
        tags={"ms-custom-id": inputs.name, **inputs.tags()},
        **({} if compression is None else {"minimumCompressionSize": int(compression)}),
        **inputs.given(description="description", disableExecuteApiEndpoint="disableExecuteApiEndpoint"),
    )["id"]
    root = next(item["id"] for item in client.get_resources(restApiId=api)["items"] if item["path"] == "/")
    return api, {
        "name": name,
        "arn": aws.arn("apigateway", f"/restapis/{api}", account=""),
        "executionArn": aws.arn("execute-api", api),
        "rootResourceId": root,
    }


@makes("aws:apigateway/resource:Resource")
def resource(aws: Aws, inputs: Inputs) -> Made:
    created = aws.client("apigateway").create_resource(
        restApiId=inputs["restApi"], parentId=inputs["parentId"], pathPart=inputs["pathPart"]
    )
    return created["id"], {"path": created["path"]}


@makes("aws:apigateway/method:Method")
def method(aws: Aws, inputs: Inputs) -> Made:
    api, resource_id, verb = inputs["restApi"], inputs["resourceId"], inputs["httpMethod"]
    aws.client("apigateway").put_method(
        restApiId=api, resourceId=resource_id, httpMethod=verb, authorizationType=inputs["authorization"]
    )
    return f"agm-{api}-{resource_id}-{verb}", {}


@makes("aws:apigateway/integration:Integration")
def integration(aws: Aws, inputs: Inputs) -> Made:
    api, resource_id, verb = inputs["restApi"], inputs["resourceId"], inputs["httpMethod"]
    aws.client("apigateway").put_integration(
        restApiId=api,
        resourceId=resource_id,
        httpMethod=verb,
        type=inputs["type"],
        **inputs.given(
            integrationHttpMethod="integrationHttpMethod", uri="uri", timeoutInMillis="timeoutMilliseconds"
        ),
    )
    return f"agi-{api}-{resource_id}-{verb}", {}


@makes("aws:apigateway/response:Response")
def response(aws: Aws, inputs: Inputs) -> Made:
    api, kind = inputs["restApiId"], inputs["responseType"]
    aws.client("apigateway").put_gateway_response(
        restApiId=api,
        responseType=kind,
        **inputs.given(
            statusCode="statusCode",
            responseParameters="responseParameters",
            responseTemplates="responseTemplates",
        ),
    )
    return f"aggr-{api}-{kind}", {}


@makes(
    "aws:apigateway/deployment:Deployment",
    ignored={"triggers": "each `up` makes the one deployment of a new API"},
)
def deployment(aws: Aws, inputs: Inputs) -> Made:
    created = aws.client("apigateway").create_deployment(
        restApiId=inputs["restApi"], **inputs.given(description="description")
    )
    return created["id"], {}


@makes("aws:apigateway/stage:Stage")
def stage(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("apigateway")
    api, name = inputs["restApi"], inputs["stageName"]
    client.create_stage(
        restApiId=api,
        stageName=name,
        deploymentId=inputs["deployment"],
        tags=inputs.tags(),
        **inputs.given(description="description", tracingEnabled="xrayTracingEnabled", variables="variables"),
    )
    log = inputs.block("accessLogSettings")
    _patch(
        client.update_stage,
        {"restApiId": api, "stageName": name},
        {f"/accessLogSettings/{key}": log.get(key) for key in ("destinationArn", "format")},
    )
    return f"ags-{api}-{name}", {
        "arn": aws.arn("apigateway", f"/restapis/{api}/stages/{name}", account=""),
        "executionArn": f"{aws.arn('execute-api', api)}/{name}",
        # Where MiniStack serves it; AWS has a host name per API instead.
        "invokeUrl": f"{aws.endpoint}/_aws/execute-api/{api}/{name}",
    }


# Property -> what it is called in a stage's method settings.
METHOD_SETTINGS = {
    "throttlingRateLimit": "throttling/rateLimit",
    "throttlingBurstLimit": "throttling/burstLimit",
    "loggingLevel": "logging/loglevel",
    "metricsEnabled": "metrics/enabled",
    "dataTraceEnabled": "logging/dataTrace",
}


@makes("aws:apigateway/methodSettings:MethodSettings")
def method_settings(aws: Aws, inputs: Inputs) -> Made:
    api, name, path = inputs["restApi"], inputs["stageName"], inputs["methodPath"]
    settings = inputs.block("settings")
    _patch(
        aws.client("apigateway").update_stage,
        {"restApiId": api, "stageName": name},
        {f"/{path}/{setting}": settings.get(key) for key, setting in METHOD_SETTINGS.items()},
    )
    return f"{api}-{name}-{path}", {}


@makes("aws:apigateway/domainName:DomainName")
def domain_name(aws: Aws, inputs: Inputs) -> Made:
    name = inputs["domainName"]
    created = aws.client("apigateway").create_domain_name(
        domainName=name,
        endpointConfiguration=_endpoint(inputs),
        tags=inputs.tags(),
        **inputs.given(regionalCertificateArn="regionalCertificateArn", securityPolicy="securityPolicy"),
    )
    return name, {
        "arn": aws.arn("apigateway", f"/domainnames/{name}", account=""),
        "regionalDomainName": created["regionalDomainName"],
        "regionalZoneId": created["regionalHostedZoneId"],
    }


@makes("aws:apigateway/basePathMapping:BasePathMapping")
def base_path_mapping(aws: Aws, inputs: Inputs) -> Made:
    aws.client("apigateway").create_base_path_mapping(
        domainName=inputs["domainName"],
        restApiId=inputs["restApi"],
        **inputs.given(basePath="basePath", stage="stageName"),
    )
    return f"{inputs['domainName']}/{inputs.get('basePath', '')}", {}


def _endpoint(inputs: Inputs) -> dict[str, Any]:
    return {"types": [inputs.block("endpointConfiguration")["types"]]}


def _patch(update: Any, target: dict[str, str], values: dict[str, Any]) -> None:
    """Sets the paths whose value is given; the API takes every value as text."""
    given = {path: value for path, value in values.items() if value is not None}
    texts = {
        path: str(value).lower() if isinstance(value, bool) else str(value) for path, value in given.items()
    }
    if texts:
        update(
            **target,
            patchOperations=[
                {"op": "replace", "path": path, "value": value} for path, value in texts.items()
            ],
        )
