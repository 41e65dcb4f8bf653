"""The README and the code have the same paths, in both versions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rates.serving.routing import pattern
from rates.serving.service import PAGES, ROUTES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def paths(version: str) -> list[str]:
    """Return the paths in the tables of the README's section about a version."""
    section = re.split(r"^##", README.split(f"\n### {version}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return re.findall(r"`(/[^`\s]*)`", "\n".join(rows))


def shows(path: str, template: str) -> bool:
    """Return True if a path is a route's template, or an example of it."""
    return path == template or pattern(template).fullmatch(path) is not None


@pytest.mark.parametrize("version", ROUTES)
def test_the_readme_has_every_path(version: str) -> None:
    for template in {**ROUTES[version], **PAGES[version]}:
        assert any(shows(path, template) for path in paths(version)), template


@pytest.mark.parametrize("version", ROUTES)
def test_the_readme_has_no_other_paths(version: str) -> None:
    for path in paths(version):
        assert any(shows(path, template) for template in {**ROUTES[version], **PAGES[version]}), path
