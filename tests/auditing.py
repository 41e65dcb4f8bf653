"""The commands of docs/audit.md."""

import os
import re
import subprocess
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs" / "audit.md").read_text(encoding="utf-8")
(COMMANDS,) = re.findall(r"<!-- tested -->\n```sh\n(.*?)```", PAGE, re.DOTALL)


def audited(file: Path, year: str) -> str:
    """Return what the commands print for a year of the ECB's file. They leave `year.txt` beside it."""
    run = subprocess.run(
        ["sh", "-eu", "-c", COMMANDS],
        cwd=file.parent,
        env={**os.environ, "FILE": str(file), "YEAR": year},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout + run.stderr
