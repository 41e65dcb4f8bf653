"""Lambda: functions, who may call them, what becomes of failed events, and invocations while deploying."""

from __future__ import annotations

from local import archive
from local.aws import Aws
from local.inputs import Inputs, pascal
from local.resources.registry import Made, makes


@makes("aws:lambda/function:Function")
def function(aws: Aws, inputs: Inputs) -> Made:
    created = aws.client("lambda").create_function(
        FunctionName=inputs.auto_name(),
        Code={"ZipFile": archive.build(inputs["code"])},
        Environment={"Variables": inputs.block("environment").get("variables", {})},
        LoggingConfig=pascal(inputs.get("loggingConfig", {})),
        TracingConfig=pascal(inputs.get("tracingConfig", {})),
        Tags=inputs.tags(),
        **inputs.given(
            Description="description",
            Runtime="runtime",  # is stored; MiniStack runs it with its own interpreter
            Architectures="architectures",  # is stored
            Handler="handler",
            Role="role",
            MemorySize="memorySize",
            Timeout="timeout",
        ),
    )
    name, arn = created["FunctionName"], created["FunctionArn"]
    path = f"path/2015-03-31/functions/{arn}/invocations"
    return name, {"name": name, "arn": arn, "invokeArn": aws.arn("apigateway", path, account="lambda")}


@makes("aws:lambda/permission:Permission")
def permission(aws: Aws, inputs: Inputs) -> Made:
    statement = inputs.auto_name("statementId")
    aws.client("lambda").add_permission(
        FunctionName=inputs["function"],
        StatementId=statement,
        Action=inputs["action"],
        Principal=inputs["principal"],
        **inputs.given(SourceArn="sourceArn", SourceAccount="sourceAccount"),
    )
    return statement, {"statementId": statement}


@makes("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
def function_event_invoke_config(aws: Aws, inputs: Inputs) -> Made:
    aws.client("lambda").put_function_event_invoke_config(
        FunctionName=inputs["functionName"],
        DestinationConfig=pascal(inputs.get("destinationConfig", {})),
        **inputs.given(
            MaximumEventAgeInSeconds="maximumEventAgeInSeconds", MaximumRetryAttempts="maximumRetryAttempts"
        ),
    )
    return str(inputs["functionName"]), {}


ONCE = "nothing is ever replaced here: each `up` deploys anew"


@makes("aws:lambda/invocation:Invocation", ignored={"lifecycleScope": ONCE, "triggers": ONCE})
def invocation(aws: Aws, inputs: Inputs) -> Made:
    name = inputs["functionName"]
    return f"{name}_invocation", {"result": aws.invoke(name, inputs["input"])}
