"""The inputs of a resource: their values, and the inputs that nobody read."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from local.aws import Aws
from local.console import LocalError
from local.inputs import Inputs, Outputs, pascal
from local.resources import MODULES, create

AWS = Aws("http://127.0.0.1:9", "eu-central-1")


def inputs(**values: Any) -> Inputs:
    return Inputs("rates", values, {"application": "exchange-rates"})


def test_whole_numbers_are_integers_again() -> None:
    assert repr(inputs(block={"numbers": [1.0, 2.5]})["block"]) == "{'numbers': [1, 2.5]}"


def test_absent_input_is_an_error_or_the_default() -> None:
    given = inputs(path="/", nothing=None)
    assert given.get("nothing", 3) == 3
    with pytest.raises(LocalError, match="'other' is missing"):
        given["other"]


def test_rest_contains_the_inputs_that_were_not_read() -> None:
    given = inputs(path="/", name="x", nothing=None)
    assert given["name"] == "x"
    assert given.rest() == {"path": "/"}
    assert given.unread() == []


def test_name_is_the_logical_one_with_seven_digits() -> None:
    assert re.fullmatch(r"rates-[0-9a-f]{7}", inputs().auto_name())


def test_tags_are_a_map_or_a_list() -> None:
    assert inputs().tags == {"application": "exchange-rates"}
    assert inputs().tag_list() == [{"Key": "application", "Value": "exchange-rates"}]


def test_unread_inputs_are_named_by_their_paths() -> None:
    given = inputs(name="x", ttl={"enabled": True, "attributeName": "t"}, encrypted={"key": "k"})
    assert given.unread() == ["name", "ttl", "encrypted"]
    assert given["name"]
    assert given.block("ttl")["enabled"]
    assert given["encrypted"]
    assert given.unread() == ["ttl.attributeName"]


def test_keys_get_the_names_of_the_service() -> None:
    values = {"retryPolicy": [{"maximumRetryAttempts": 3}], "okActions": "a", "none": None}
    assert pascal(values) == {
        "RetryPolicy": [{"MaximumRetryAttempts": 3}],
        "OKActions": "a",
    }


def created(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, Any], *ignored: str) -> Outputs:
    def thing(aws: Aws, inputs: Inputs) -> Outputs:
        for key in ignored:
            inputs.ignore(key)
        return {"region": aws.region, "size": inputs["size"]}

    monkeypatch.setitem(MODULES, "mine", SimpleNamespace(thing=thing))
    return create(AWS, "aws:mine/thing:Thing", "one", values, {})


def test_input_that_is_dropped_without_a_reason_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"size": 1.0, "colour": "red"}
    with pytest.raises(
        LocalError, match=r"colour: neither applied nor ignored\. Apply it in thing\(\) in .*\.py"
    ):
        created(monkeypatch, values)
    assert created(monkeypatch, values, "colour") == {"region": "eu-central-1", "size": 1}


def test_unsupported_type_is_an_error_that_says_where_to_add_it() -> None:
    with pytest.raises(LocalError, match=r"'route53' in local/resources/"):
        create(AWS, "aws:route53/record:Record", "api", {}, {})
