"""AWS's list prices, and what they are multiplied with.

US dollars, without the free tier and before tax, in us-east-1 (N. Virginia), as published in July 2025.
Other regions cost up to a third more; the shares of the parts stay about the same.
"""

from __future__ import annotations

REGION = "us-east-1"
AS_OF = "2025-07"

REST_REQUEST = 3.50 / 1e6  # API Gateway, the first 333 million a month
HTTP_REQUEST = 1.00 / 1e6  # API Gateway, the first 300 million a month, in steps of 512 KB
LAMBDA_REQUEST = 0.20 / 1e6
LAMBDA_GB_SECOND = 0.0000133334  # arm64, in steps of 1 ms
READ_UNIT = 0.125 / 1e6  # DynamoDB, on demand
WRITE_UNIT = 0.625 / 1e6  # DynamoDB, on demand
STORED_GB_MONTH = 0.25  # DynamoDB
BACKED_UP_GB_MONTH = 0.20  # DynamoDB, point-in-time recovery
LOGGED_GB = 0.50  # CloudWatch Logs, ingestion
METRIC_MONTH = 0.30  # CloudWatch, each of the first 10,000 of one's own
ALARM_MONTH = 0.10  # CloudWatch, each metric of an alarm, at standard resolution
DASHBOARD_MONTH = 3.00  # CloudWatch
TRANSFERRED_GB = 0.09  # out to the internet, the first 10 TB a month
