"""A change of each configuration key on a live stack."""

CERTIFICATE = "arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
BOUNDARY = "arn:aws:iam::000000000000:policy/boundary"

# Key -> the values that the change sets: the key itself, and others that it needs.
CHANGES = {
    "updateTime": {"updateTime": "16:45"},
    "catchUp": {"catchUp": "false"},
    "events": {"events": "true"},
    "logRetentionDays": {"logRetentionDays": "3"},
    "throttleRate": {"throttleRate": "30"},
    "throttleBurst": {"throttleBurst": "200"},
    "requestsPerAddress": {"requestsPerAddress": "2000000"},
    "allowedAddresses": {"allowedAddresses": "0.0.0.0/0"},
    "protect": {"protect": "true"},
    "alarms": {"alarms": "true"},
    "alarmEmail": {"alarms": "true", "alarmEmail": "ops@example.com"},
    "trafficAlarmGigabytes": {"alarms": "true", "trafficAlarmGigabytes": "20"},
    "runbookUrl": {"alarms": "true", "runbookUrl": "https://example.com/runbook"},
    "dashboard": {"dashboard": "true"},
    "accessLogs": {"accessLogs": "true"},
    "tracing": {"tracing": "true"},
    "domainName": {"domainName": "rates.example.com", "certificateArn": CERTIFICATE},
    "permissionsBoundary": {"permissionsBoundary": BOUNDARY},
}
# Keys that no entry above is named after.
ELSEWHERE = {
    "feedUrl": "the feed of the tests has one URL, and a wrong one has a test of its own",
    "certificateArn": "it changes with domainName",
    "defaultEndpoint": "MiniStack stores the changed value as a text, which the provider cannot read",
}
# One stack with each optional part.
EVERYTHING_ON = tuple(f"{key}={value}" for values in CHANGES.values() for key, value in values.items())
