"""A run of the program for the tests fails at once if it cannot succeed."""

import pulumi
import pytest

from tests.infra.capture import capture


def test_refused_configuration_is_an_error_and_the_next_run_succeeds() -> None:
    with pytest.raises(pulumi.RunError, match="logRetentionDays"):
        capture("dev", "logRetentionDays=2")
    assert capture("dev").outputs["table_name"]
