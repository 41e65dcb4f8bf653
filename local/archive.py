"""A function's zip file from a Pulumi archive."""

import io
import zipfile
from pathlib import Path

import pulumi


def build(archive: pulumi.Archive) -> bytes:
    """Return the zip file of an archive of files.

    Raises TypeError if the archive is or contains anything else, such as a directory.
    """
    if not isinstance(archive, pulumi.AssetArchive):
        raise TypeError(
            f"a function's code must be an AssetArchive of explicit files, not a {type(archive).__name__}"
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, asset in archive.assets.items():
            if not isinstance(asset, pulumi.FileAsset):
                raise TypeError(f"{name} must be a FileAsset, not a {type(asset).__name__}")
            packed.writestr(name, Path(asset.path).read_bytes())
    return buffer.getvalue()
