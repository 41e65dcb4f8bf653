"""What is watched, and the metrics that tell how it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pulumi

from infra.api import Api
from infra.dead_letters import DeadLetters
from infra.function import Function
from infra.table import Table

# What the functions print in CloudWatch's embedded metric format, and its one dimension.
NAMESPACE = "ExchangeRates"
DIMENSION = "Stack"


class Metric(NamedTuple):
    """One metric, as CloudWatch knows it."""

    namespace: str
    name: str
    dimensions: dict[str, pulumi.Input[str]]


@dataclass(frozen=True)
class Watched:
    """The physical names of a stack's parts; each method gives a metric of one of them."""

    stack: str
    table: pulumi.Input[str]
    update_function: pulumi.Input[str]
    get_function: pulumi.Input[str]
    dead_letters: pulumi.Input[str]
    api: pulumi.Input[str]
    stage: pulumi.Input[str]

    @classmethod
    def of(
        cls, table: Table, update: Function, get: Function, dead_letters: DeadLetters, api: Api
    ) -> Watched:
        """The names of these."""
        return cls(
            pulumi.get_stack(), table.name, update.name, get.name, dead_letters.name, api.name, api.stage
        )

    def own(self, name: str) -> Metric:
        """Of what the functions print themselves, both of them."""
        return Metric(NAMESPACE, name, {DIMENSION: self.stack})

    def of_update(self, name: str) -> Metric:
        """Of what Lambda measures at the update function."""
        return Metric("AWS/Lambda", name, {"FunctionName": self.update_function})

    def of_get(self, name: str) -> Metric:
        """Of what Lambda measures at the get function."""
        return Metric("AWS/Lambda", name, {"FunctionName": self.get_function})

    def of_api(self, name: str) -> Metric:
        """Of what the gateway measures at the stage."""
        return Metric("AWS/ApiGateway", name, {"ApiName": self.api, "Stage": self.stage})

    def of_dead_letters(self, name: str) -> Metric:
        """Of what SQS measures at the queue."""
        return Metric("AWS/SQS", name, {"QueueName": self.dead_letters})

    def of_table(self, name: str) -> Metric:
        """Of what DynamoDB measures at the table."""
        return Metric("AWS/DynamoDB", name, {"TableName": self.table})
