"""EventBridge Scheduler: schedule groups and schedules."""

from local.aws import Aws
from local.inputs import Inputs, Made, pascal


def schedule_group(aws: Aws, inputs: Inputs) -> Made:
    name = inputs.auto_name()
    arn = aws.client("scheduler").create_schedule_group(Name=name, Tags=inputs.tag_list())["ScheduleGroupArn"]
    return name, {"name": name, "arn": arn}


def schedule(aws: Aws, inputs: Inputs) -> Made:
    name, group = inputs.auto_name(), inputs["groupName"]
    aws.client("scheduler").create_schedule(Name=name, GroupName=group, **pascal(inputs.rest()))
    return f"{group}/{name}", {}
