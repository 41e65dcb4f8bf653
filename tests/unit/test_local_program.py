"""Run a Pulumi program under mocks: its outputs, and an end for every failure."""

from pathlib import Path
from typing import Any

import pulumi
import pytest

from local import program
from local.program import Engine

SECONDS = 20  # far more than a run takes; a run that hangs ends the test with TimeoutError
WAITING = """\
import asyncio, pulumi
never = pulumi.Output.from_input(asyncio.Future())
waiting = pulumi.ComponentResource("any:of:Waiting", "waiting", {"input": never})
pulumi.export("never", never)
"""


class Mocks(pulumi.runtime.Mocks):
    """Accepts each resource unless it is called `broken`."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.name == "broken":
            raise ValueError("no such thing")
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:  # type: ignore[override]
        raise LookupError("no answer to " + args.token)


def run(project: Path, text: str) -> dict[str, Any]:
    """The outputs of a program with this text."""
    (project / "Pulumi.yaml").write_text("name: rates\n")
    (project / "__main__.py").write_text(text)
    return Engine(Mocks()).run(project, "dev", {"rates:size": "3"}).result(SECONDS)


def resource(name: str) -> str:
    return f'pulumi.CustomResource("any:of/thing:Thing", "{name}", {{"size": 1}})\n'


def test_outputs_are_those_that_the_program_exports(tmp_path: Path) -> None:
    exports = (
        f"import pulumi\nthing = {resource('one')}"
        'pulumi.export("id", thing.id)\n'
        'pulumi.export("size", pulumi.Config().get_int("size"))\n'
        'pulumi.export("stack", pulumi.get_stack())\n'
    )
    assert run(tmp_path, exports) == {"id": "one-id", "size": 3, "stack": "dev"}


@pytest.mark.fault("The program fails while outputs are pending")
@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (WAITING + resource("broken"), ValueError, "no such thing"),
        (WAITING + "raise pulumi.RunError('bad value')\n", pulumi.RunError, "bad value"),
        (WAITING + "syntax error\n", SyntaxError, "invalid syntax"),
        (
            WAITING + "pulumi.runtime.invoke('any:of:call', {}).value\n",
            LookupError,
            "no answer",
        ),
        (WAITING + "import sys\nsys.exit('enough')\n", SystemExit, "enough"),
    ],
)
def test_failure_ends_a_run_that_waits_for_an_output(
    tmp_path: Path, text: str, error: type[BaseException], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(tmp_path, text)


def test_failed_run_does_not_disturb_the_next_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such thing"):
        run(tmp_path, WAITING + resource("broken"))
    assert run(tmp_path, 'import pulumi\npulumi.export("one", 1)\n') == {"one": 1}


def test_kind_is_service_and_type() -> None:
    assert program.kind("aws:sqs/queue:Queue") == "sqs.Queue"
