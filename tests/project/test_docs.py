"""README and docs agree with the program, with each other, and with the files that they link to."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks import costs

ROOT = Path(__file__).parents[2]
PAGES = {
    str(page.relative_to(ROOT)): re.sub("^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M)
    for pattern in ("*.md", "docs/*.md", "benchmarks/*.md", ".github/**/*.md")
    for page in ROOT.glob(pattern)
}


def configuration() -> dict[str, dict[str, Any]]:
    """Return the typed keys of Pulumi.yaml."""
    keys = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    return {key: spec for key, spec in keys.items() if "type" in spec}


def shown(value: object) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "none"


def anchors(page: str) -> set[str]:
    """Return the fragments of a page's headings, as GitHub makes them."""
    headings = re.findall("^#+ (.*)$", PAGES[page], re.MULTILINE)
    return {re.sub("[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_list_of_keys_agrees_with_pulumi_yaml() -> None:
    keys = [
        f"- `{key}`: {spec['type']}, default {shown(spec['default'])}.\n  "
        + spec["description"].replace(". ", ".\n  ")
        for key, spec in configuration().items()
    ]
    expected = "\n".join(keys)
    assert f"here -->\n{expected}\n<!-- end" in PAGES["docs/configuration.md"], f"it should be:\n{expected}"


def test_the_readme_names_real_keys_and_real_costs() -> None:
    named = re.findall("`([a-zA-Z]+)`", PAGES["README.md"].split("## Configuration")[1].split("##")[0])
    assert 6 == len(named) == len(set(named) & set(configuration()))
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+)", costs.tables()["stacks"], re.M)
    assert float(dict(rows)["dev"]) < 1
    assert f"about {float(dict(rows)['prod']):.0f} USD" in PAGES["README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    for target, fragment in re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)", PAGES[page]):
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), target
        if fragment:
            assert fragment in anchors(str(path.resolve().relative_to(ROOT))), f"{target}#{fragment}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != "CHANGELOG.md"])
def test_no_line_is_too_long_to_read_in_a_terminal(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if len(line) > 120] == []


def test_the_readme_takes_two_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
    assert (ROOT / "docs" / "page.png").stat().st_size < 150_000
