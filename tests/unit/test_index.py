"""`/` for programs and for people, and `/openapi.json`."""

import base64
import hashlib
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

import rates
from tests.conftest import Ask

ROOT = Path(__file__).parents[2]
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
BASES = ["https://api.example/v1", "https://api.example/v1/", "http://127.0.0.1:1/_aws/execute-api/abc/v1"]


class Elements(HTMLParser):
    """The start tags of a page, and the text inside its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._last = tag

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.inline.append((self._last, data))


def test_the_index_of_v1_describes_the_api(ask: Ask) -> None:
    index = json.loads(ask("/").body)
    assert index["version"] == rates.VERSION
    assert index["source"] == "European Central Bank, euro foreign exchange reference rates"
    assert index["name"]
    assert set(index["links"]) == {"latest", "currencies", "changes", "status", "openapi"}


@pytest.mark.parametrize("base", BASES)
def test_its_links_work_with_and_without_a_final_slash(ask: Ask, base: str) -> None:
    for name, link in json.loads(ask("/").body)["links"].items():
        url = urljoin(base, link)
        path = "/v1" + url.split("/v1", 1)[1]
        answer = ask(path)
        assert answer.status == 200, url
        assert answer.body == ask("/" + {"openapi": "openapi.json"}.get(name, name)).body


@pytest.mark.parametrize("base", ["https://api.example/v2", "https://api.example/v2/"])
def test_the_index_of_v2_links_to_its_contract(ask: Ask, base: str) -> None:
    index = json.loads(ask("/v2").body)
    assert (index["version"], index["status"]) == ("v2", "current")
    assert set(index) == {"version", "status", "openapi", "docs"}
    contract = ask("/v2" + urljoin(base, index["openapi"]).split("/v2", 1)[1])
    assert json.loads(contract.body)["info"]["title"] == "Exchange rates, version 2"
    assert ask("/v2/", headers={"Accept": "text/html"}).body == ask("/v2").body


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_the_index_is_found_with_and_without_the_stage_and_the_slash(ask: Ask, path: str) -> None:
    assert ask(path).body == ask("/").body
    assert ask(path).status == 200


@pytest.mark.parametrize("path", ["/openapi.json", "/v2/openapi.json"])
def test_the_document_is_openapi_3_0_3_of_this_version(ask: Ask, path: str) -> None:
    document = json.loads(ask(path).body)
    assert document["openapi"] == "3.0.3"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert document["info"]["version"] == rates.VERSION == project["version"]
    assert document["servers"] == [{"url": "."}]
    assert urljoin("https://api.example/v1/openapi.json", document["servers"][0]["url"]) == BASES[1]


def test_a_browser_gets_a_page(ask: Ask) -> None:
    answer = ask("/", headers=HTML)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.body.lower().startswith("<!doctype html>")
    assert "European Central Bank" in answer.body


def test_the_policy_of_the_page_has_the_hash_of_each_inline_part(ask: Ask) -> None:
    answer = ask("/", headers=HTML)
    policy = dict(
        directive.strip().split(" ", 1) for directive in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    page = Elements(answer.body)
    inline = {"script": set[str](), "style": set[str]()}
    for tag, text in page.inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        inline[tag].add(f"'sha256-{digest}'")
    assert inline["script"]
    assert inline["style"]
    assert set(policy["script-src"].split()) == inline["script"]
    assert set(policy["style-src"].split()) == inline["style"]


def test_the_page_has_no_inline_attributes(ask: Ask) -> None:
    for tag, attributes in Elements(ask("/", headers=HTML).body).tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag


def test_the_page_asks_no_other_host(ask: Ask) -> None:
    page = ask("/", headers=HTML).body
    for tag, attributes in Elements(page).tags:
        for name in ("src", "href", "srcset", "action", "poster"):
            value = attributes.get(name) or ""
            outside = value.startswith(("http:", "https:", "//"))
            assert not outside or tag == "a", (tag, value)
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", page)


def test_the_page_fits_into_one_answer_and_stays_small(ask: Ask) -> None:
    assert len(json.dumps(ask("/", headers=HTML).payload())) < 100_000
