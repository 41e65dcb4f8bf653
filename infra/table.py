"""The DynamoDB table that stores the history."""

import pulumi
import pulumi_aws as aws

from infra.component import Component


class Table(Component):
    """One on-demand table with the key `pk`, point-in-time recovery and a TTL in `expires_at`."""

    def __init__(self, name: str, *, protect: bool) -> None:
        super().__init__(name)
        table = aws.dynamodb.Table(
            name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="pk",
            attributes=[{"name": "pk", "type": "S"}],
            # No item of this version expires. Version 2.0 needs the TTL after a rollback, and AWS may refuse
            # for an hour to turn it on again.
            ttl={"attribute_name": "expires_at", "enabled": True},
            point_in_time_recovery={"enabled": True},
            # Uses the AWS managed key of the account. Auditors cannot see DynamoDB's default key.
            server_side_encryption={"enabled": True},
            deletion_protection_enabled=protect,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        self.name = table.name
        self.arn = table.arn
        self.endpoint = f"https://dynamodb.{aws.get_region().region}.{aws.get_partition().dns_suffix}"
        self.register_outputs({})
