"""docs/api.md and the code have the same paths, in both versions."""

import re
from pathlib import Path

import pytest

from rates.serving.routing import pattern
from rates.serving.service import PAGES, ROUTES

REFERENCE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def paths(version: str) -> list[str]:
    """Return the paths in the table of the reference's section about a version."""
    section = re.split(r"^##", REFERENCE.split(f"\n## {version}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    cells = re.findall(r"^\| (`/[^|]*)", section, re.MULTILINE)
    return re.findall(r"`(/[^`\s]*)`", "\n".join(cells))


def shows(path: str, template: str) -> bool:
    """Return True if a path is a route's template, or an example of it."""
    return path == template or pattern(template).fullmatch(path) is not None


@pytest.mark.parametrize("version", ROUTES)
def test_the_reference_has_every_path(version: str) -> None:
    for template in {**ROUTES[version], **PAGES[version]}:
        assert any(shows(path, template) for path in paths(version)), template


@pytest.mark.parametrize("version", ROUTES)
def test_the_reference_has_no_other_paths(version: str) -> None:
    for path in paths(version):
        assert any(shows(path, template) for template in {**ROUTES[version], **PAGES[version]}), path
