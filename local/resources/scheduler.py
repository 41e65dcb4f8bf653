"""EventBridge Scheduler: schedule groups and schedules."""

from local.aws import Aws
from local.inputs import Inputs, Outputs, pascal


def schedule_group(aws: Aws, inputs: Inputs) -> Outputs:
    name = inputs.auto_name()
    arn = aws.client("scheduler").create_schedule_group(Name=name, Tags=inputs.tag_list())["ScheduleGroupArn"]
    return {"name": name, "arn": arn}


def schedule(aws: Aws, inputs: Inputs) -> None:
    aws.client("scheduler").create_schedule(Name=inputs.auto_name(), **pascal(inputs.rest()))
