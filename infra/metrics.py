"""The resources of the stack that have metrics. rates/telemetry.py has the names of the functions' own."""

from functools import partial
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
    """The identity of one metric in CloudWatch, as an alarm names its parts."""

    namespace: str
    dimensions: dict[str, pulumi.Input[str]]
    metric_name: str


class Watched:
    """The resources of the stack, each as a function from the name of one of its metrics to that metric.

    `own` has the metrics that either function prints, `api` those of all stages, `stages` those of each.
    """

    def __init__(
        self, table: Table, update: Function, get: Function, dead_letters: DeadLetters, api: Api
    ) -> None:
        self.own = partial(Metric, NAMESPACE, {DIMENSION: pulumi.get_stack()})
        self.table = partial(Metric, "AWS/DynamoDB", {"TableName": table.name})
        self.update = partial(Metric, "AWS/Lambda", {"FunctionName": update.name})
        self.get = partial(Metric, "AWS/Lambda", {"FunctionName": get.name})
        self.dead_letters = partial(Metric, "AWS/SQS", {"QueueName": dead_letters.queue.name})
        self.api = partial(Metric, "AWS/ApiGateway", {"ApiName": api.name})
        self.stages = {
            version: partial(Metric, "AWS/ApiGateway", {"ApiName": api.name, "Stage": version})
            for version in api.stages
        }
