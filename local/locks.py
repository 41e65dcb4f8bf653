"""Locks on files. The system releases a lock when the last process that holds its open file ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from local.console import LocalError, say
from local.waiting import until

PROMPT_SECONDS = 1


def is_free(file: IO[str]) -> bool:
    """Return True if no process holds a lock on the open file."""
    taken = _take(file, fcntl.LOCK_SH)
    if taken:
        fcntl.flock(file, fcntl.LOCK_UN)
    return taken


@contextmanager
def held(path: Path, prompt: str) -> Iterator[None]:
    """Create a file and hold its lock. The holder may remove the file. Print the prompt if it must wait."""
    files: list[IO[str]] = []

    def take() -> bool:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another process removed it
            file = path.open("w")
            if _take(file, fcntl.LOCK_EX) and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                files.append(file)
            else:
                file.close()
        return bool(files)

    try:
        if not until(take, PROMPT_SECONDS):
            say(prompt)
            until(take)
    except OSError as error:
        raise LocalError(f"cannot work in {path.parent}: {error.strerror}") from error
    with files[0]:
        yield


def _take(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
