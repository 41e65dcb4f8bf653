"""The README agrees with the program and with the files it links to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def configuration() -> dict[str, dict[str, Any]]:
    """Return the typed keys of Pulumi.yaml."""
    keys = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    return {key: spec for key, spec in keys.items() if "type" in spec}


def shown(value: object) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "none"


def test_configuration_table_agrees_with_pulumi_yaml() -> None:
    rows = [
        f"| `{key}` | {spec['type']} | {shown(spec['default'])} | {spec['description']} |"
        for key, spec in configuration().items()
    ]
    table = "\n".join(["| Key | Type | Default | Meaning |", "|---|---|---|---|", *rows])
    assert f"here -->\n{table}\n<!-- end" in README, f"the table should be:\n{table}"


def test_every_link_to_a_file_of_the_project_works() -> None:
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").glob("*.md"),
    ]
    for page in pages:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_linked_heading_of_the_readme_exists() -> None:
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors
