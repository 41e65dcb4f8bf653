"""A function's zip file contains explicit files only."""

import pulumi
import pytest

from local import archive


@pytest.mark.parametrize(
    "whole",
    [pulumi.FileArchive("functions"), pulumi.AssetArchive({"rates": pulumi.FileArchive("functions/rates")})],
)
def test_archive_of_a_directory_is_refused(whole: pulumi.Archive) -> None:
    with pytest.raises(TypeError, match="FileArchive"):
        archive.build(whole)
