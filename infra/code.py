"""The code of the functions: an archive of explicit files, identical on every machine."""

import hashlib
from pathlib import Path

import pulumi

FUNCTIONS = Path(__file__).parent.parent / "functions"
PACKAGED = (".py", ".html", ".json")  # leaves out bytecode, editor files and the like


def files(root: Path = FUNCTIONS) -> dict[str, Path]:
    """Return the packaged files, sorted: the path inside the archive, with `/`, to the file."""
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.suffix in PACKAGED}
    return dict(sorted(found.items()))


def archive(root: Path = FUNCTIONS) -> pulumi.AssetArchive:
    """Return the archive, which both functions share."""
    return pulumi.AssetArchive({name: pulumi.FileAsset(str(path)) for name, path in files(root).items()})


def version(root: Path = FUNCTIONS) -> str:
    """Return 12 hexadecimal digits of a hash over the names and contents of the files."""
    digest = hashlib.sha256()
    for name, path in files(root).items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
