"""The zip file of the functions is the same on every machine."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from pathlib import Path

import pulumi
import pytest

from infra import code
from local import archive


def build(root: Path) -> bytes:
    return archive.build(code.archive(root))


def test_path_time_umask_and_order_make_no_difference(tmp_path: Path) -> None:
    other = shutil.copytree(
        code.FUNCTIONS, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("__pycache__")
    )
    for number, path in enumerate(other.rglob("*")):
        path.chmod(0o700)
        os.utime(path, (number, number))
    here, there = code.archive(), code.archive(other)
    backwards = pulumi.AssetArchive(dict(reversed(there.assets.items())))
    assert archive.build(here) == archive.build(there) == archive.build(backwards)


def test_archive_contains_the_functions_modules_only() -> None:
    packed = build(code.FUNCTIONS)
    with zipfile.ZipFile(io.BytesIO(packed)) as members:
        names = members.namelist()
        assert {member.external_attr >> 16 for member in members.infolist()} == {0o644}
    assert {"get_rates.py", "update_rates.py"} <= set(names)
    assert all(name.startswith("rates/") for name in names if name.count("/"))
    assert {Path(name).suffix for name in names} <= {".py", ".html", ".json"}
    assert len(packed) < 100_000


def test_changed_byte_changes_the_archive() -> None:
    one, two = (archive.build(pulumi.AssetArchive({"a.py": pulumi.StringAsset(text)})) for text in ("1", "2"))
    assert one != two


@pytest.mark.parametrize(
    "whole",
    [pulumi.FileArchive("functions"), pulumi.AssetArchive({"rates": pulumi.FileArchive("functions/rates")})],
)
def test_archive_of_a_directory_is_refused(whole: pulumi.Archive) -> None:
    with pytest.raises(TypeError, match="FileArchive"):
        archive.build(whole)
