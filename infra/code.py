"""The functions' code: an archive of named files, the same on every machine."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pulumi

FUNCTIONS = Path(__file__).parent.parent / "functions"
PACKAGED = (".py", ".html", ".json")  # nothing else is code: no bytecode, no editor's leavings


def files(root: Path = FUNCTIONS) -> dict[str, Path]:
    """What is packaged: the path inside the archive, with `/`, to the file, in the order of the paths."""
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.suffix in PACKAGED}
    return dict(sorted(found.items()))


def archive(root: Path = FUNCTIONS) -> pulumi.AssetArchive:
    """The archive of both functions."""
    return pulumi.AssetArchive({name: pulumi.FileAsset(str(path)) for name, path in files(root).items()})


def version(root: Path = FUNCTIONS) -> str:
    """The code's own version: 12 hexadecimal digits over the names and contents of its files."""
    digest = hashlib.sha256()
    for name, path in files(root).items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
