"""The DynamoDB table that holds the history."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


class Table(pulumi.ComponentResource):
    """Makes: one table on demand, keyed by `pk`, whose superseded documents expire by `expires_at`."""

    def __init__(self, name: str, *, protect: bool, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("exchange-rates:infra:Table", name, None, opts)
        table = aws.dynamodb.Table(
            name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="pk",
            attributes=[aws.dynamodb.TableAttributeArgs(name="pk", type="S")],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
            # With the account's own AWS managed key: DynamoDB's default key is not visible to an auditor.
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True),
            deletion_protection_enabled=protect,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        self.name = table.name
        self.arn = table.arn
        self.register_outputs({})
