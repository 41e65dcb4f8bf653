"""Output of the commands: plain lines, coloured on terminals only, and the error that ends a command."""

import os
import sys
from typing import TextIO

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32"}


class LocalError(Exception):
    """Ends a command with exit status 1. Its text is the message and says what to do next."""


def styled(text: str, style: str, stream: TextIO | None = None) -> str:
    """Return the text in a style of CODES if the stream (stdout) is a terminal and NO_COLOR is not set."""
    if os.environ.get("NO_COLOR") or not (stream or sys.stdout).isatty():
        return text
    return f"\x1b[{CODES[style]}m{text}\x1b[0m"


def port_option() -> str:
    """Return how the caller chooses a port: the Makefile has a variable for the option."""
    return "PORT=" if os.environ.get("CALLED_BY") == "make" else "--port"


def say(text: str) -> None:
    """Print one whole line at once, because several threads print."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print an error on stderr."""
    sys.stderr.write(f"{styled('error:', 'red', sys.stderr)} {text}\n")
