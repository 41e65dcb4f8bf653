"""The configuration that the Pulumi CLI would give the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from local import config
from local.console import LocalError

PROJECT = """\
name: rates
config:
  retention: {type: integer, default: 30}
  protect: {type: boolean, default: false}
  mail: {type: string, default: ""}
  needed: {type: string}
  aws:defaultTags: {value: {tags: {application: rates}}}
"""
STACK = """\
config:
  aws:region: eu-central-1
  rates:protect: true
  aws:endpoints: [{sqs: "http://127.0.0.1:4566", sns: "http://127.0.0.1:4566"}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


def test_the_stack_s_values_stand_over_the_defaults_all_as_text(project: Path) -> None:
    assert config.load(project, "dev") == {
        "aws:region": "eu-central-1",
        "aws:defaultTags": '{"tags": {"application": "rates"}}',
        "aws:endpoints": '[{"sqs": "http://127.0.0.1:4566", "sns": "http://127.0.0.1:4566"}]',
        "rates:retention": "30",
        "rates:protect": "true",
        "rates:mail": "",
    }


def test_an_override_stands_over_both(project: Path) -> None:
    values = config.load(project, "dev", ["retention=7", "rates:mail=a=b", "aws:region=us-east-1"])
    assert (values["rates:retention"], values["rates:mail"]) == ("7", "a=b")
    assert values["aws:region"] == "us-east-1"


@pytest.mark.parametrize(
    ("override", "said"),
    [("retention", "'retention' has no '='"), ("retentoin=1", "declares no such key")],
)
def test_an_override_that_cannot_be_meant_is_refused(project: Path, override: str, said: str) -> None:
    with pytest.raises(LocalError, match=said):
        config.load(project, "dev", [override])


def test_a_stack_that_is_not_there_is_said(project: Path) -> None:
    with pytest.raises(LocalError, match=r"Pulumi\.prod\.yaml is missing"):
        config.load(project, "prod")


def test_a_secret_has_to_be_given(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config: {rates:mail: {secure: v1:abc}}")
    with pytest.raises(LocalError, match="--config rates:mail=VALUE"):
        config.load(project, "dev")
    assert config.load(project, "dev", ["mail=x@example.com"])["rates:mail"] == "x@example.com"


def test_the_endpoints_are_listed_by_service(project: Path) -> None:
    known = config.endpoints(config.load(project, "dev"))
    assert known == {"sqs": "http://127.0.0.1:4566", "sns": "http://127.0.0.1:4566"}
