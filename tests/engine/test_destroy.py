"""The whole life of a stack, from `pulumi stack init` to `pulumi stack rm`."""

from pathlib import Path

import pytest

from tests.engine.changes import CHANGES
from tests.engine.stack import STACK_FILE, initialized

pytestmark = pytest.mark.engine

# The domain is left out: with it, the API answers by another name.
OPTIONAL = {
    key: value
    for name, values in CHANGES.items()
    if name not in ("domainName", "protect")
    for key, value in values.items()
}


@pytest.mark.parametrize("values", [{}, OPTIONAL], ids=["defaults", "optional parts"])
def test_destroy_leaves_nothing_in_the_account_and_in_the_project(
    tmp_path: Path, values: dict[str, str]
) -> None:
    with initialized(tmp_path) as stack:
        before = stack.contents()
        stack.up(**values)
        assert stack.contents() != before
        stack.succeed("destroy", "--yes", "--skip-preview")
        assert stack.contents() == before
        stack.succeed("stack", "rm", "--yes", "--preserve-config")
        stack.git("restore", STACK_FILE)
        assert stack.git("status", "--porcelain") == ""
