"""Lambda: functions with a version, aliases, permissions, failed events, and invocations while deploying."""

from local import archive
from local.aws import Aws
from local.inputs import Inputs, Outputs, pascal


def function(aws: Aws, inputs: Inputs) -> Outputs:
    # MiniStack stores `runtime` and `architectures`, and runs the code with its own interpreter.
    created = aws.client("lambda").create_function(
        FunctionName=inputs.auto_name(),
        Code={"ZipFile": archive.build(inputs["code"])},
        Environment={"Variables": inputs.block("environment")["variables"]},
        Tags=inputs.tags,
        **pascal(inputs.rest()),
    )
    return {"name": created["FunctionName"], "version": created["Version"]}


def alias(aws: Aws, inputs: Inputs) -> Outputs:
    arn = aws.client("lambda").create_alias(**pascal(inputs.rest()))["AliasArn"]
    path = f"path/2015-03-31/functions/{arn}/invocations"
    return {"arn": arn, "invokeArn": aws.arn("apigateway", path, account="lambda")}


def permission(aws: Aws, inputs: Inputs) -> None:
    aws.client("lambda").add_permission(
        FunctionName=inputs["function"], StatementId=inputs.auto_name(), **pascal(inputs.rest())
    )


def function_event_invoke_config(aws: Aws, inputs: Inputs) -> None:
    aws.client("lambda").put_function_event_invoke_config(**pascal(inputs.rest()))


def invocation(aws: Aws, inputs: Inputs) -> Outputs:
    inputs.ignore("lifecycleScope")  # nothing is replaced here: each `up` makes a new stack
    return {"result": aws.invoke(inputs["functionName"], inputs["qualifier"], inputs["input"])}
