"""The probe of a deployment: a new version of the get function, while the table or IAM is not ready."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.live import PROBE
from rates.serving import probe
from tests.integration.dynamodb import delete
from tests.integration.dynamodb_server import moto, refusal
from tests.integration.get_function import GetFunction

DENIED = refusal("AccessDeniedException")


class Context:
    """Lambda's context of an invocation that began at zero; the pauses of the probe move its clock."""

    log_group_name = "get-rates-log"

    def __init__(self, version: str, timeout: int = 10_000) -> None:
        self.function_version = version
        self.left = timeout

    def get_remaining_time_in_millis(self) -> int:
        return self.left

    def sleep(self, seconds: float) -> None:
        self.left -= round(seconds * 1000)


@pytest.fixture
def probed(
    get_function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Context], tuple[int, str]]:
    """Return a function that probes a version and returns the status and the body."""

    def ask(context: Context) -> tuple[int, str]:
        monkeypatch.setattr("rates.serving.probe.time.sleep", context.sleep)
        payload: dict[str, Any] = get_function.module.handler(json.loads(json.dumps(PROBE)), context)
        return payload["statusCode"], payload["body"]

    return ask


Probed = Callable[[Context], tuple[int, str]]


def test_table_with_data_gives_200(probed: Probed) -> None:
    status, body = probed(Context("7"))
    assert (status, json.loads(body)["base"]) == (200, "EUR")


def test_empty_table_has_no_data_yet(probed: Probed, table: Any) -> None:
    delete(table, "latest")
    assert probed(Context("7")) == (503, '{"message":"no data yet"}')


@pytest.mark.fault("A new role or policy that AWS refuses for some seconds")
@pytest.mark.parametrize("version", ["1", "7"])
def test_probe_waits_for_its_role(probed: Probed, get_function: GetFunction, version: str) -> None:
    get_function.dynamodb.plan(*[DENIED] * 5, moto)
    context = Context(version)
    assert probed(context)[0] == 200
    assert context.left == 5000


@pytest.mark.fault("A new role or policy that AWS refuses for some seconds")
def test_first_version_may_be_refused_for_longer(probed: Probed, get_function: GetFunction) -> None:
    get_function.dynamodb.plan(DENIED)
    context = Context("1")
    assert probed(context) == (503, "no data yet")
    assert context.left > 0


@pytest.mark.fault("A build that cannot read the table")
def test_later_version_that_is_refused_is_an_error_with_its_log(
    probed: Probed, get_function: GetFunction
) -> None:
    get_function.dynamodb.plan(DENIED)
    with pytest.raises(probe.ProbeError) as error:
        probed(Context("7"))
    for part in ("version 7", "503", "temporarily unavailable", "AccessDeniedException", "get-rates-log"):
        assert part in str(error.value)


@pytest.mark.fault("A build that cannot read the table")
@pytest.mark.parametrize("version", ["1", "7"])
def test_other_trouble_is_an_error_at_once(probed: Probed, get_function: GetFunction, version: str) -> None:
    get_function.dynamodb.plan(refusal("ResourceNotFoundException"))
    context = Context(version)
    with pytest.raises(probe.ProbeError, match="ResourceNotFoundException"):
        probed(context)
    assert context.left == 10_000


def test_fault_of_the_code_is_its_answer(
    probed: Probed, get_function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_function.module.service, "respond", None)
    assert probed(Context("7")) == (500, '{"message":"internal server error"}')


def test_clients_cannot_probe(get_function: GetFunction) -> None:
    get_function.dynamodb.plan(DENIED)
    assert get_function("/latest?probe=true", headers={"probe": "true"}, body="probe")["statusCode"] == 503
