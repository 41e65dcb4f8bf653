"""What a function finds in its environment."""

from __future__ import annotations

TABLE = "rates"
FUNCTION = {
    "TABLE_NAME": TABLE,
    "FEED_URL": "http://127.0.0.1:9/",  # where nothing answers: no benchmark downloads anything
    "UPDATE_TIME": "17:00",
    "STACK": "benchmark",
    "CODE_VERSION": "0123456789ab",
    "METRICS": "true",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
}
