"""A function's zip file from a Pulumi archive, byte by byte the same on every machine."""

import io
import zipfile
from pathlib import Path

import pulumi

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
MODE = 0o644


def build(archive: pulumi.Archive) -> bytes:
    """Return the zip file of an archive of files.

    Order, times, permissions and operating system are fixed, so path, umask, locale and mtime have no effect.
    Raises TypeError if the archive is or contains anything else, such as a directory.
    """
    if not isinstance(archive, pulumi.AssetArchive):
        raise TypeError(
            f"a function's code must be an AssetArchive of explicit files, not a {type(archive).__name__}"
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, asset in sorted(archive.assets.items()):
            member = zipfile.ZipInfo(name, EPOCH)
            member.create_system = 3  # Unix, so that the mode applies
            member.external_attr = MODE << 16
            if not isinstance(asset, pulumi.FileAsset):
                raise TypeError(f"{name} must be a FileAsset, not a {type(asset).__name__}")
            content = Path(asset.path).read_bytes()
            packed.writestr(member, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()
