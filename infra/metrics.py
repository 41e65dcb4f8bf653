"""The resources of the stack that have metrics. rates/telemetry.py has the names of the functions' own."""

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
class Source:
    """A resource that CloudWatch has metrics of, e.g. `source("Errors")`."""

    namespace: str
    dimensions: dict[str, pulumi.Input[str]]

    def __call__(self, name: str, **more: str) -> Metric:
        """Return a metric of the resource, or of a part of it that further dimensions name."""
        return Metric(self.namespace, name, {**self.dimensions, **more})


class Watched:
    """The sources of the stack's metrics. `own` has those that either function prints, `api` all stages."""

    def __init__(
        self, table: Table, update: Function, get: Function, dead_letters: DeadLetters, api: Api
    ) -> None:
        self.own = Source(NAMESPACE, {DIMENSION: pulumi.get_stack()})
        self.table = Source("AWS/DynamoDB", {"TableName": table.name})
        self.update = Source("AWS/Lambda", {"FunctionName": update.name})
        self.get = Source("AWS/Lambda", {"FunctionName": get.name})
        self.dead_letters = Source("AWS/SQS", {"QueueName": dead_letters.name})
        self.api = Source("AWS/ApiGateway", {"ApiName": api.name})
