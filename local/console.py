"""What the commands say: plain lines, with colour on a terminal only, and the error that ends a command."""

from __future__ import annotations

import os
import sys
from typing import TextIO

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32"}


class LocalError(Exception):
    """Ends the command with its text as the message and exit status 1; the text says what to do."""


def styled(text: str, style: str, stream: TextIO | None = None) -> str:
    """The text in a style of CODES, where the stream (stdout) is a terminal and NO_COLOR is not set."""
    if os.environ.get("NO_COLOR") or not (stream or sys.stdout).isatty():
        return text
    return f"\x1b[{CODES[style]}m{text}\x1b[0m"


def say(text: str = "") -> None:
    """One whole line on stdout, at once; several threads may say something."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """An error on stderr."""
    sys.stderr.write(f"{styled('error:', 'red', sys.stderr)} {text}\n")
