"""Start `python -m local`: check Python and the packages before anything that needs them is imported."""

from __future__ import annotations  # an old Python must get as far as the check

import importlib.util
import os
import signal
import sys
from pathlib import Path

PYTHON = (3, 11)
PACKAGES = ("boto3", "currency_converter", "ministack", "pulumi", "pulumi_aws", "yaml")


def problem() -> str | None:
    """Return why the commands cannot run on this Python, in one line, or None if they can."""
    if sys.version_info < PYTHON:
        return f"needs Python {PYTHON[0]}.{PYTHON[1]} or newer; {sys.executable} is {sys.version.split()[0]}"
    if os.name != "posix":
        return "needs Linux, macOS or WSL"
    if importlib.util.find_spec("local") is None:
        return f"needs its checkout as the working directory: cd {Path(__file__).resolve().parent.parent}"
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        return f"needs {', '.join(missing)}: run `make install`, then use .venv/bin/python"
    return None


if __name__ == "__main__":
    # Until a command has something to clean up, Ctrl-C ends the process at once. (KeyboardInterrupt could be
    # lost in a callback of an import.)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    reason = problem()
    if reason:
        sys.exit("python -m local " + reason)
    from local import cli

    status = cli.main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # does not wait for the threads of an interrupted deployment
