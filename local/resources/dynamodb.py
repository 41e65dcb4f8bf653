"""DynamoDB: tables."""

from local.aws import Aws
from local.inputs import Inputs, Outputs, pascal


def table(aws: Aws, inputs: Inputs) -> Outputs:
    client = aws.client("dynamodb")
    name = inputs.auto_name()
    expiry, recovery = pascal(inputs["ttl"]), inputs.block("pointInTimeRecovery")["enabled"]
    created = client.create_table(
        TableName=name,
        AttributeDefinitions=[
            {"AttributeName": a["name"], "AttributeType": a["type"]} for a in inputs["attributes"]
        ],
        KeySchema=[{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}],
        SSESpecification=pascal(inputs["serverSideEncryption"]),
        Tags=inputs.tag_list(),
        **pascal(inputs.rest()),
    )
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovery}
    )
    return {"name": name, "arn": created["TableDescription"]["TableArn"]}
