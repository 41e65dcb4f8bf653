"""Requests of other people's programs, from public bug reports and client code, with the right answers."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "public_cases.jsonl"
NEWEST = date(2026, 10, 30)  # the latest publication of the packaged history


def load() -> list[dict[str, Any]]:
    """Return the cases. Numbers are their digits, because `1` is not `1.0` here."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=str, parse_int=str) for line in lines]


def path_of(case: Mapping[str, Any], today: date) -> str:
    """Return the path from the host's root, with its dates."""
    ahead = max(today + timedelta(days=1), NEWEST + timedelta(days=14))
    days = {"today": today, "newest": NEWEST, "ahead": ahead}

    def day(match: re.Match[str]) -> str:
        return (days[match[1]] + timedelta(days=int(match[2] or 0))).isoformat()

    version = "" if case["version"] == "host" else f"/{case['version']}"
    return version + re.sub(r"\{(today|newest|ahead)([+-]\d+)?\}", day, case["path"])


def assert_answer(case: Mapping[str, Any], status: int, headers: Mapping[str, str], text: str) -> None:
    """Compare an answer with the right one. `headers` has each name as the service writes it."""
    assert status == int(case.get("status", 200)), text[:300]
    body = json.loads(text, parse_float=str, parse_int=str) if "json" in case or case.get("contains") else {}
    if "json" in case:
        assert body == case["json"]
    if "text" in case:
        assert text.replace("\r\n", "\n") == case["text"]
    for name, value in case.get("contains", {}).items():
        assert body[name] == value
    for name, pattern in case.get("header", {}).items():
        assert re.fullmatch(pattern, headers[name])
