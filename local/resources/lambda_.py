"""Lambda: functions with a version, aliases, permissions, failed events, and invocations while deploying."""

from local import archive
from local.aws import Aws
from local.inputs import Inputs, Made, pascal


def function(aws: Aws, inputs: Inputs) -> Made:
    # MiniStack stores `runtime` and `architectures`, and runs the code with its own interpreter.
    created = aws.client("lambda").create_function(
        FunctionName=inputs.auto_name(),
        Code={"ZipFile": archive.build(inputs["code"])},
        Environment={"Variables": inputs.block("environment")["variables"]},
        Tags=inputs.tags,
        **pascal(inputs.rest()),
    )
    name = created["FunctionName"]
    return name, {"name": name, "version": created["Version"]}


def alias(aws: Aws, inputs: Inputs) -> Made:
    arn = aws.client("lambda").create_alias(**pascal(inputs.rest()))["AliasArn"]
    path = f"path/2015-03-31/functions/{arn}/invocations"
    return arn, {"arn": arn, "invokeArn": aws.arn("apigateway", path, account="lambda")}


def permission(aws: Aws, inputs: Inputs) -> Made:
    statement = inputs.auto_name()
    aws.client("lambda").add_permission(
        FunctionName=inputs["function"], StatementId=statement, **pascal(inputs.rest())
    )
    return statement, {}


def function_event_invoke_config(aws: Aws, inputs: Inputs) -> Made:
    configuration = pascal(inputs.rest())
    aws.client("lambda").put_function_event_invoke_config(**configuration)
    return configuration["FunctionName"], {}


def invocation(aws: Aws, inputs: Inputs) -> Made:
    inputs.ignore("lifecycleScope")  # nothing is replaced here: each `up` makes a new stack
    name, version = inputs["functionName"], inputs["qualifier"]
    return f"{name}_{version}", {"result": aws.invoke(name, version, inputs["input"])}
