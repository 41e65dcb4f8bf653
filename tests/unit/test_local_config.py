"""The configuration is read as the Pulumi engine reads it."""

import re
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
  time: {type: string, default: "17:00"}
  needed: {type: string}
  aws:defaultTags: {value: {tags: {application: rates}}}
"""
STACK = """\
config:
  aws:region: eu-central-1
  rates:protect: true
  aws:endpoints: [{sqs: "http://127.0.0.1:4566", sns: "http://127.0.0.1:4566"}]
"""
# The same content after `pulumi stack init`.
REWRITTEN = """\
encryptionsalt: v1:MTIzNDU2Nzg=:v1:abcdefgh:aWprbG1ub3A=
config:
  aws:region: "eu-central-1"
  rates:protect: "true"
  aws:endpoints:
    - sns: "http://127.0.0.1:4566"
      sqs: "http://127.0.0.1:4566"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


def test_values_of_the_stack_replace_the_defaults_and_are_text(project: Path) -> None:
    assert config.load(project, "dev") == {
        "aws:region": "eu-central-1",
        "aws:defaultTags": '{"tags": {"application": "rates"}}',
        "aws:endpoints": '[{"sqs": "http://127.0.0.1:4566", "sns": "http://127.0.0.1:4566"}]',
        "rates:retention": "30",
        "rates:protect": "true",
        "rates:mail": "",
        "rates:time": "17:00",
    }


def test_stack_file_rewritten_by_the_engine_has_the_same_values(project: Path) -> None:
    before = config.load(project, "dev")
    (project / "Pulumi.dev.yaml").write_text(REWRITTEN)
    after = config.load(project, "dev")
    assert after.keys() == before.keys()
    assert (after["aws:region"], after["rates:protect"]) == ("eu-central-1", "true")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("16:30", "16:30"),
        ('"16:30"', "16:30"),
        ("True", "true"),
        ('"True"', "True"),
        ("yes", "yes"),
        ("007", "007"),
        ("1.50", "1.50"),
    ],
)
def test_plain_value_is_the_text_that_is_written(project: Path, written: str, value: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(f"config:\n  rates:time: {written}\n  aws:region: x\n")
    assert config.load(project, "dev")["rates:time"] == value


def test_override_replaces_default_and_value_of_the_stack(project: Path) -> None:
    values = config.load(project, "dev", ["retention=7", "rates:mail=a=b", "aws:region=us-east-1"])
    assert (values["rates:retention"], values["rates:mail"]) == ("7", "a=b")
    assert values["aws:region"] == "us-east-1"


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("retention", "'retention' has no '='"),
        ("retentoin=1", "no such key (did you mean retention?)"),
        ("xyz=1", "no such key;"),
    ],
)
def test_invalid_override_is_refused(project: Path, override: str, said: str) -> None:
    with pytest.raises(LocalError, match=re.escape(said)):
        config.load(project, "dev", [override])


def test_missing_stack_file_is_named_with_the_remedy(project: Path) -> None:
    with pytest.raises(LocalError, match=r"Pulumi\.prod\.yaml is missing; `git restore Pulumi\.prod\.yaml`"):
        config.load(project, "prod")


@pytest.mark.fault("A stack file is missing or damaged")
@pytest.mark.parametrize(
    "content",
    [
        b"config: [\n",
        b"- one\n",
        b"just text\n",
        b"config: [1, 2]\n",
        b"config: text\n",
        b"\xff\xfe\x00",
        b"a: !b c\n\t",
    ],
)
@pytest.mark.parametrize("file", ["Pulumi.dev.yaml", "Pulumi.yaml"])
def test_damaged_file_is_named_in_one_line(project: Path, file: str, content: bytes) -> None:
    (project / file).write_bytes(content)
    with pytest.raises(LocalError) as error:
        config.load(project, "dev")
    assert str(error.value).startswith(file)
    assert "\n" not in str(error.value)


def test_stack_without_a_region_is_an_error(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("")
    with pytest.raises(LocalError, match=r"Pulumi\.dev\.yaml sets no region"):
        config.load(project, "dev")


def test_secret_must_be_given(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config: {rates:mail: {secure: v1:abc}, aws:region: x}")
    with pytest.raises(LocalError, match="--config rates:mail=VALUE"):
        config.load(project, "dev")
    assert config.load(project, "dev", ["mail=x@example.com"])["rates:mail"] == "x@example.com"


def test_default_is_none_if_a_key_has_no_default(project: Path) -> None:
    _, defaults = config.program(project)
    assert (defaults["rates:time"], defaults["rates:needed"]) == ("17:00", None)
