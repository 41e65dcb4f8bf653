"""The metrics of the stack, by the resource that they measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pulumi

from infra.api import Api
from infra.dead_letters import DeadLetters
from infra.function import Function
from infra.table import Table

# The namespace and the only dimension of the metrics that the functions print (embedded metric format).
NAMESPACE = "ExchangeRates"
DIMENSION = "Stack"


class Metric(NamedTuple):
    """The identity of one metric in CloudWatch."""

    namespace: str
    name: str
    dimensions: dict[str, pulumi.Input[str]]


@dataclass(frozen=True)
class Watched:
    """The physical names of the watched resources. Each method returns a metric of one of them."""

    stack: str
    table: pulumi.Input[str]
    update_function: pulumi.Input[str]
    get_function: pulumi.Input[str]
    dead_letters: pulumi.Input[str]
    api: pulumi.Input[str]

    @classmethod
    def of(
        cls, table: Table, update: Function, get: Function, dead_letters: DeadLetters, api: Api
    ) -> Watched:
        """Return the names of these resources."""
        return cls(pulumi.get_stack(), table.name, update.name, get.name, dead_letters.name, api.name)

    def own(self, name: str) -> Metric:
        """Return a custom metric that either function prints."""
        return Metric(NAMESPACE, name, {DIMENSION: self.stack})

    def of_update(self, name: str) -> Metric:
        """Return a Lambda metric of the update function."""
        return Metric("AWS/Lambda", name, {"FunctionName": self.update_function})

    def of_get(self, name: str) -> Metric:
        """Return a Lambda metric of the get function."""
        return Metric("AWS/Lambda", name, {"FunctionName": self.get_function})

    def of_api(self, name: str) -> Metric:
        """Return an API Gateway metric of all stages together."""
        return Metric("AWS/ApiGateway", name, {"ApiName": self.api})

    def of_stage(self, version: str, name: str) -> Metric:
        """Return an API Gateway metric of one stage."""
        return Metric("AWS/ApiGateway", name, {"ApiName": self.api, "Stage": version})

    def of_dead_letters(self, name: str) -> Metric:
        """Return an SQS metric of the dead-letter queue."""
        return Metric("AWS/SQS", name, {"QueueName": self.dead_letters})

    def of_table(self, name: str) -> Metric:
        """Return a DynamoDB metric of the table."""
        return Metric("AWS/DynamoDB", name, {"TableName": self.table})
