"""API Gateway (REST): the API with its routes and error responses, deployments, stages and custom domains."""

from typing import Any

from local.aws import Aws
from local.inputs import Inputs, Outputs


def rest_api(aws: Aws, inputs: Inputs) -> Outputs:
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
    return {
        "id": api,
        "name": name,
        "executionArn": aws.arn("execute-api", api),
        "rootResourceId": root,
    }


def rest_api_policy(aws: Aws, inputs: Inputs) -> None:
    operation = {"op": "replace", "path": "/policy", "value": inputs["policy"]}
    aws.client("apigateway").update_rest_api(restApiId=inputs["restApiId"], patchOperations=[operation])


def resource(aws: Aws, inputs: Inputs) -> Outputs:
    created = aws.client("apigateway").create_resource(restApiId=inputs["restApi"], **inputs.rest())
    return {"id": created["id"]}


def method(aws: Aws, inputs: Inputs) -> None:
    aws.client("apigateway").put_method(
        restApiId=inputs["restApi"], authorizationType=inputs["authorization"], **inputs.rest()
    )


def integration(aws: Aws, inputs: Inputs) -> None:
    aws.client("apigateway").put_integration(restApiId=inputs["restApi"], **inputs.rest())


def response(aws: Aws, inputs: Inputs) -> None:
    aws.client("apigateway").put_gateway_response(**inputs.rest())


def deployment(aws: Aws, inputs: Inputs) -> Outputs:
    inputs.ignore("triggers")  # each `up` creates the only deployment of a new API
    return {"id": aws.client("apigateway").create_deployment(restApiId=inputs["restApi"])["id"]}


def stage(aws: Aws, inputs: Inputs) -> Outputs:
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
    return {
        "arn": aws.arn("apigateway", f"/restapis/{api}/stages/{name}", account=""),
        # local/host.py serves the stages here. On AWS, each API has a host name.
        "invokeUrl": f"{aws.endpoint}/{name}",
    }


def method_settings(aws: Aws, inputs: Inputs) -> None:
    api, name, path = inputs["restApi"], inputs["stageName"], inputs["methodPath"]
    settings = inputs.block("settings")
    values = {
        "throttling/rateLimit": settings["throttlingRateLimit"],
        "throttling/burstLimit": settings["throttlingBurstLimit"],
        "logging/loglevel": settings["loggingLevel"],
    }
    _patch(aws, api, name, {f"/{path}/{setting}": value for setting, value in values.items()})


def domain_name(aws: Aws, inputs: Inputs) -> Outputs:
    created = aws.client("apigateway").create_domain_name(
        endpointConfiguration=_endpoint(inputs), tags=inputs.tags, **inputs.rest()
    )
    return {
        "regionalDomainName": created["regionalDomainName"],
        "regionalZoneId": created["regionalHostedZoneId"],
    }


def base_path_mapping(aws: Aws, inputs: Inputs) -> None:
    aws.client("apigateway").create_base_path_mapping(
        restApiId=inputs["restApi"], stage=inputs["stageName"], **inputs.rest()
    )


def _endpoint(inputs: Inputs) -> dict[str, Any]:
    return {"types": [inputs.block("endpointConfiguration")["types"]]}


def _patch(aws: Aws, api: str, stage: str, values: dict[str, Any]) -> None:
    """Set properties of a stage by their paths. The service takes each value as text."""
    operations = [{"op": "replace", "path": path, "value": str(value)} for path, value in values.items()]
    if operations:
        aws.client("apigateway").update_stage(restApiId=api, stageName=stage, patchOperations=operations)
