"""DynamoDB: tables."""

from __future__ import annotations

from local.aws import Aws
from local.inputs import Inputs
from local.resources.registry import Made, makes


@makes("aws:dynamodb/table:Table")
def table(aws: Aws, inputs: Inputs) -> Made:
    client = aws.client("dynamodb")
    name = inputs.auto_name()
    keys = {"HASH": inputs["hashKey"], "RANGE": inputs.get("rangeKey")}
    created = client.create_table(
        TableName=name,
        AttributeDefinitions=[
            {"AttributeName": a["name"], "AttributeType": a["type"]} for a in inputs["attributes"]
        ],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for kind, key in keys.items() if key],
        SSESpecification={"Enabled": inputs.block("serverSideEncryption").get("enabled", False)},
        Tags=inputs.tag_list(),
        **inputs.given(BillingMode="billingMode", DeletionProtectionEnabled="deletionProtectionEnabled"),
    )
    expiry = inputs.block("ttl")
    if expiry.get("enabled"):
        client.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": expiry["attributeName"]},
        )
    if inputs.block("pointInTimeRecovery").get("enabled"):
        client.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    return name, {"name": name, "arn": created["TableDescription"]["TableArn"]}
