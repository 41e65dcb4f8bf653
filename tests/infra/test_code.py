"""The archive of the functions, and the effects of a change of the code."""

import io
import os
import shutil
import zipfile
from pathlib import Path

import pulumi
import pytest

from infra import code
from local import archive
from tests.infra.capture import capture, captured
from tests.infra.stacks import PROJECT

MODULES = {
    path.relative_to(PROJECT / "functions").as_posix(): path.read_bytes()
    for path in (PROJECT / "functions").rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the functions at another path, with newer files and the leftovers of editors and Python."""
    root = tmp_path / "another place"
    shutil.copytree(PROJECT / "functions", root)
    (root / "rates/__pycache__").mkdir(exist_ok=True)
    for leftover in (
        "rates/__pycache__/feed.cpython-311.pyc",
        "rates/.feed.py.swp",
        ".DS_Store",
        "rates/updating/feed.py~",
    ):
        (root / leftover).write_bytes(b"leftover")
    for path in root.rglob("*"):
        path.chmod(0o700)
        os.utime(path, (2_000_000_000, 2_000_000_000))
    return root


def test_the_archive_has_exactly_the_files_of_the_functions() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.build(code.archive()))) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == MODULES
        assert packed.namelist() == sorted(MODULES)
    assert {"update_rates.py", "get_rates.py", "rates/__init__.py"} <= set(MODULES)
    assert {Path(name).suffix for name in MODULES} == {".py", ".html", ".json"}


def test_the_version_does_not_depend_on_the_machine(copy: Path) -> None:
    assert code.version(copy) == code.version()


def test_the_archive_is_small() -> None:
    assert len(archive.build(code.archive())) < 100_000


@pytest.mark.parametrize("change", ["content", "name", "new file"])
def test_a_change_of_the_code_changes_its_version(copy: Path, change: str) -> None:
    if change == "content":
        (copy / "rates/updating/feed.py").write_bytes(MODULES["rates/updating/feed.py"] + b"\n")
    elif change == "name":
        (copy / "rates/updating/feed.py").rename(copy / "rates/updating/feeds.py")
    else:
        (copy / "rates/zzz.py").touch()
    assert code.version(copy) != code.version()
    assert len(code.version()) == 12


def test_a_change_of_the_code_changes_only_the_functions(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = captured("prod").resources
    (copy / "rates/updating/feed.py").write_bytes(MODULES["rates/updating/feed.py"] + b"\n")
    changed = code.files(copy)
    monkeypatch.setattr(code, "files", lambda *_: changed)
    after = capture("prod").resources
    assert set(after) == set(before)
    differences = {
        f"{key}.{name}"
        for key in before
        for name in before[key].inputs.keys() | after[key].inputs.keys()
        if _comparable(before[key].inputs.get(name)) != _comparable(after[key].inputs.get(name))
    }
    assert differences == {
        "lambda.Function update-rates.code",
        "lambda.Function update-rates.environment",
        "lambda.Function get-rates.code",
        "lambda.Function get-rates.environment",
    }


def _comparable(value: object) -> object:
    """Return an archive as the contents of its files, and any other value unchanged."""
    if isinstance(value, pulumi.AssetArchive):
        return {name: Path(asset.path).read_bytes() for name, asset in value.assets.items()}  # type: ignore[union-attr]
    return value
