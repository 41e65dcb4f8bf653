"""A zip file depends only on the names and contents of its files."""

import pulumi
import pytest

from infra import code
from local import archive


def test_order_of_the_files_makes_no_difference() -> None:
    files = code.archive()
    backwards = pulumi.AssetArchive(dict(reversed(files.assets.items())))
    assert archive.build(files) == archive.build(backwards)


@pytest.mark.parametrize(
    "whole",
    [pulumi.FileArchive("functions"), pulumi.AssetArchive({"rates": pulumi.FileArchive("functions/rates")})],
)
def test_archive_of_a_directory_is_refused(whole: pulumi.Archive) -> None:
    with pytest.raises(TypeError, match="FileArchive"):
        archive.build(whole)
