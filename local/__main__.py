"""The entry of `python -m local`: what it runs on is checked before anything that needs it is imported."""

from __future__ import annotations

import importlib.util
import os
import sys

PYTHON = (3, 11)
PACKAGES = ("boto3", "ministack", "pulumi", "pulumi_aws", "yaml")


def problem() -> str | None:
    """What is wrong with this Python, in one line; None where nothing is."""
    if sys.version_info < PYTHON:
        return f"needs Python {PYTHON[0]}.{PYTHON[1]} or newer; {sys.executable} is {sys.version.split()[0]}"
    if os.name != "posix":
        return "needs Linux, macOS or WSL"
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        return f"is missing {', '.join(missing)}: run `{sys.executable} -m pip install -r requirements.txt`"
    return None


if __name__ == "__main__":
    wrong = problem()
    if wrong:
        sys.exit("python -m local " + wrong)
    from local import cli

    status = cli.main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # at a normal exit Pulumi's threads are waited for, and its event loops may complain
