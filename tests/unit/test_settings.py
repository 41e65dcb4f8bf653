"""The functions' settings."""

from datetime import time

import pytest

from rates import settings
from tests.conftest import ENVIRONMENT


def test_settings_are_read_from_the_environment() -> None:
    assert settings.load(ENVIRONMENT) == settings.Settings(
        table_name="rates-test",
        feed_url="http://127.0.0.1:9/eurofxref-hist.zip",
        update_time=time(17),
        stack="test",
        code_version="0123456789ab",
        metrics=True,
        topic_arn="",
        dynamodb_endpoint="",
    )


def test_settings_of_one_function_are_optional() -> None:
    own = {"METRICS": "false", "TOPIC_ARN": "arn:topic", "DYNAMODB_ENDPOINT": "https://dynamodb.example"}
    loaded = settings.load({**ENVIRONMENT, **own})
    assert (loaded.metrics, loaded.topic_arn) == (False, "arn:topic")
    assert loaded.dynamodb_endpoint == "https://dynamodb.example"
    del own["METRICS"]
    assert not settings.load({**{name: "17:00" for name in ENVIRONMENT if name != "METRICS"}, **own}).metrics


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name != "METRICS"])
def test_a_missing_setting_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=f"the environment variable {name} is not set"):
        settings.load({key: value for key, value in ENVIRONMENT.items() if key != name})


@pytest.mark.parametrize(("name", "value"), [("METRICS", "yes"), ("UPDATE_TIME", "noon")])
def test_a_malformed_setting_is_an_error(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is '{value}'"):
        settings.load({**ENVIRONMENT, name: value})
