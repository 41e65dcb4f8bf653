"""API Gateway (REST): the API with its routes and error responses, deployments, stages and custom domains."""

from typing import Any

from local.aws import Aws
from local.inputs import Inputs, Made


def rest_api(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("apigateway")
    name = inputs.auto_name()
    api = client.create_rest_api(
        name=name,
        endpointConfiguration=_endpoint(inputs),
        minimumCompressionSize=int(inputs["minimumCompressionSize"]),
        # MiniStack takes the identifier from this tag, so the URL is the same for each deployment.
        tags={"ms-custom-id": inputs.name, **inputs.tags},
        **inputs.rest(),
    )["id"]
    root = next(item["id"] for item in client.get_resources(restApiId=api)["items"] if item["path"] == "/")
    return api, {"name": name, "executionArn": aws.arn("execute-api", api), "rootResourceId": root}


def rest_api_policy(aws: Aws, inputs: Inputs) -> Made:
    api = inputs["restApiId"]
    operation = {"op": "replace", "path": "/policy", "value": inputs["policy"]}
    aws.client("apigateway").update_rest_api(restApiId=api, patchOperations=[operation])
    return api, {}


def resource(aws: Aws, inputs: Inputs) -> Made:
    created = aws.client("apigateway").create_resource(restApiId=inputs["restApi"], **inputs.rest())
    return created["id"], {}


def method(aws: Aws, inputs: Inputs) -> Made:
    api, authorization = inputs["restApi"], inputs["authorization"]
    aws.client("apigateway").put_method(
        restApiId=api, authorizationType=authorization, **(route := inputs.rest())
    )
    return f"agm-{api}-{route['resourceId']}-{route['httpMethod']}", {}


def integration(aws: Aws, inputs: Inputs) -> Made:
    api = inputs["restApi"]
    aws.client("apigateway").put_integration(restApiId=api, **(route := inputs.rest()))
    return f"agi-{api}-{route['resourceId']}-{route['httpMethod']}", {}


def response(aws: Aws, inputs: Inputs) -> Made:
    answer = inputs.rest()
    aws.client("apigateway").put_gateway_response(**answer)
    return f"aggr-{answer['restApiId']}-{answer['responseType']}", {}


def deployment(aws: Aws, inputs: Inputs) -> Made:
    inputs.ignore("triggers")  # each `up` creates the only deployment of a new API
    return aws.client("apigateway").create_deployment(restApiId=inputs["restApi"])["id"], {}


def stage(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("apigateway")
    api, name = inputs["restApi"], inputs["stageName"]
    client.create_stage(
        restApiId=api,
        stageName=name,
        deploymentId=inputs["deployment"],
        tracingEnabled=inputs["xrayTracingEnabled"],
        tags=inputs.tags,
    )
    log = inputs.get("accessLogSettings", {})
    _patch(aws, api, name, {f"/accessLogSettings/{key}": value for key, value in log.items()})
    return f"ags-{api}-{name}", {
        "arn": aws.arn("apigateway", f"/restapis/{api}/stages/{name}", account=""),
        # local/host.py serves the stages here. On AWS, each API has a host name.
        "invokeUrl": f"{aws.endpoint}/{name}",
    }


def method_settings(aws: Aws, inputs: Inputs) -> Made:
    api, name, path = inputs["restApi"], inputs["stageName"], inputs["methodPath"]
    settings = inputs.block("settings")
    values = {
        "throttling/rateLimit": settings["throttlingRateLimit"],
        "throttling/burstLimit": settings["throttlingBurstLimit"],
        "logging/loglevel": settings["loggingLevel"],
    }
    _patch(aws, api, name, {f"/{path}/{setting}": value for setting, value in values.items()})
    return f"{api}-{name}-{path}", {}


def domain_name(aws: Aws, inputs: Inputs) -> Made:
    name = inputs["domainName"]
    created = aws.client("apigateway").create_domain_name(
        domainName=name, endpointConfiguration=_endpoint(inputs), tags=inputs.tags, **inputs.rest()
    )
    return name, {
        "regionalDomainName": created["regionalDomainName"],
        "regionalZoneId": created["regionalHostedZoneId"],
    }


def base_path_mapping(aws: Aws, inputs: Inputs) -> Made:
    domain, path = inputs["domainName"], inputs["basePath"]
    aws.client("apigateway").create_base_path_mapping(
        domainName=domain, basePath=path, restApiId=inputs["restApi"], stage=inputs["stageName"]
    )
    return f"{domain}/{path}", {}


def _endpoint(inputs: Inputs) -> dict[str, Any]:
    return {"types": [inputs.block("endpointConfiguration")["types"]]}


def _patch(aws: Aws, api: str, stage: str, values: dict[str, Any]) -> None:
    """Set properties of a stage by their paths. The service takes each value as text."""
    operations = [{"op": "replace", "path": path, "value": str(value)} for path, value in values.items()]
    if operations:
        aws.client("apigateway").update_stage(restApiId=api, stageName=stage, patchOperations=operations)
