"""The stacks have exactly the reviewed outputs, resources and inputs."""

import difflib

from tests.infra import snapshots


def test_stacks_are_as_their_snapshots() -> None:
    changes: list[str] = []
    for name, now in snapshots.texts().items():
        path = snapshots.FILES / f"{name}.json"
        reviewed = path.read_text(encoding="utf-8").splitlines()
        changes += difflib.unified_diff(reviewed, now.splitlines(), path.name, "now", lineterm="")
    assert not changes, "\n".join(["`make snapshots` rewrites the files; review the changes:", *changes])
