"""List everything that an emulator contains."""

import jmespath  # type: ignore[import-untyped]

from local.aws import Aws

# Type -> service, operation, arguments, and the names in the answer.
LISTS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "apigateway.DomainName": ("apigateway", "get_domain_names", {}, "items[].domainName"),
    "apigateway.RestApi": ("apigateway", "get_rest_apis", {}, "items[].id"),
    "cloudwatch.Dashboard": ("cloudwatch", "list_dashboards", {}, "DashboardEntries[].DashboardName"),
    "cloudwatch.LogGroup": ("logs", "describe_log_groups", {}, "logGroups[].logGroupName"),
    "cloudwatch.MetricAlarm": ("cloudwatch", "describe_alarms", {}, "MetricAlarms[].AlarmName"),
    "dynamodb.Table": ("dynamodb", "list_tables", {}, "TableNames[]"),
    "iam.Role": ("iam", "list_roles", {}, "Roles[].RoleName"),
    "lambda.Function": ("lambda", "list_functions", {}, "Functions[].FunctionName"),
    "s3.Bucket": ("s3", "list_buckets", {}, "Buckets[].Name"),
    "scheduler.Schedule": ("scheduler", "list_schedules", {}, "Schedules[].Name"),
    "scheduler.ScheduleGroup": ("scheduler", "list_schedule_groups", {}, "ScheduleGroups[].Name"),
    "sns.Topic": ("sns", "list_topics", {}, "Topics[].TopicArn"),
    "sns.TopicSubscription": ("sns", "list_subscriptions", {}, "Subscriptions[].SubscriptionArn"),
    "sqs.Queue": ("sqs", "list_queues", {}, "QueueUrls[]"),
    "wafv2.WebAcl": ("wafv2", "list_web_acls", {"Scope": "REGIONAL"}, "WebACLs[].Name"),
}
# Types that AWS deletes with the resource that they belong to, and that have no list of their own.
PARTS = {
    "apigateway.BasePathMapping": "apigateway.DomainName",
    "apigateway.Deployment": "apigateway.RestApi",
    "apigateway.Integration": "apigateway.RestApi",
    "apigateway.Method": "apigateway.RestApi",
    "apigateway.MethodSettings": "apigateway.RestApi",
    "apigateway.Resource": "apigateway.RestApi",
    "apigateway.Response": "apigateway.RestApi",
    "apigateway.RestApiPolicy": "apigateway.RestApi",
    "apigateway.Stage": "apigateway.RestApi",
    "iam.RolePolicy": "iam.Role",
    "lambda.Alias": "lambda.Function",
    "lambda.FunctionEventInvokeConfig": "lambda.Function",
    "lambda.Invocation": "lambda.Function",
    "lambda.Permission": "lambda.Function",
    "sns.TopicPolicy": "sns.Topic",
    "wafv2.WebAclAssociation": "wafv2.WebAcl",
}


def listed(aws: Aws) -> dict[str, set[str]]:
    """Return the names of everything in the emulator, by type."""
    return {kind: _names(aws, *arguments) for kind, arguments in LISTS.items()}


def _names(aws: Aws, service: str, operation: str, arguments: dict[str, str], names: str) -> set[str]:
    client = aws.client(service)
    if client.can_paginate(operation):
        return set(client.get_paginator(operation).paginate(**arguments).search(names))
    return set(jmespath.search(names, getattr(client, operation)(**arguments)) or ())
