"""The ECB's own files: byte for byte the CSV that was published, and the newest publications as XML."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from rates.history import Publication
from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.history_files import HISTORY, csv_text
from tests.support import MemoryStore, content, ecb_columns, ecb_file, ecb_publications, max_age

FILES = ("/eurofxref-daily.xml", "/eurofxref-hist-90d.xml", "/eurofxref-hist.csv")
NAMES = {
    "gesmes": "http://www.gesmes.org/xml/2002-08-01",
    "": "http://www.ecb.int/vocabulary/2002-08-01/eurofxref",
}


def publications_in(xml: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the date of each publication with its currencies and rates, in the document's order."""
    (cube,) = ElementTree.fromstring(xml.encode()).findall("Cube", NAMES)
    return [
        (
            day.attrib["time"],
            [(rate.attrib["currency"], rate.attrib["rate"]) for rate in day.findall("Cube", NAMES)],
        )
        for day in cube.findall("Cube", NAMES)
    ]


def in_the_ecbs_order(publication: Publication) -> tuple[str, list[tuple[str, str]]]:
    rates = publication.rates
    return publication.date, [(code, rates[code]) for code in ecb_columns() if code in rates]


def test_the_csv_is_byte_for_byte_that_of_the_packaged_file(ask: Ask) -> None:
    with zipfile.ZipFile(io.BytesIO(ecb_file())) as packed:
        assert ask("/eurofxref-hist.csv").body.encode() == packed.read("eurofxref-hist.csv")


def test_a_small_csv_has_its_own_columns_also_those_without_rates() -> None:
    columns = ("XYZ", "USD", "HRK", "GBP", "ABC")
    ask = asking(Reader(MemoryStore(HISTORY, columns)))
    assert ask("/eurofxref-hist.csv").body == csv_text(HISTORY, columns)
    assert "2025-01-03,N/A,1.0299,N/A,0.8293,N/A,\n" in csv_text(HISTORY, columns)


def test_without_a_stored_order_the_columns_are_sorted() -> None:
    ask = asking(Reader(MemoryStore(HISTORY)))
    assert ask("/eurofxref-hist.csv").body == csv_text(HISTORY)
    assert publications_in(ask("/eurofxref-daily.xml").body) == [
        ("2025-01-03", [("GBP", "0.8293"), ("USD", "1.0299")])
    ]


def test_the_daily_file_is_the_latest_publication(ask: Ask) -> None:
    xml = ask("/eurofxref-daily.xml").body
    assert publications_in(xml) == [in_the_ecbs_order(ecb_publications()[-1])]
    document = ElementTree.fromstring(xml.encode())
    assert document.tag == f"{{{NAMES['gesmes']}}}Envelope"
    assert document.findtext("gesmes:subject", namespaces=NAMES) == "Reference rates"
    assert document.findtext("gesmes:Sender/gesmes:name", namespaces=NAMES) == "European Central Bank"
    # Some clients read it line by line.
    assert "\t\t<Cube time='2026-10-30'>\n\t\t\t<Cube currency='USD' rate='1.1172'/>\n" in xml
    assert xml.endswith("'/>\n\t\t</Cube>\n\t</Cube>\n</gesmes:Envelope>\n")


@pytest.mark.parametrize("newest", ["2026-10-30", "2025-02-13", "1999-01-05"])
def test_the_90_days_file_begins_90_days_before_the_latest_publication(newest: str) -> None:
    history = [one for one in ecb_publications() if one.date <= newest]
    ask = asking(Reader(MemoryStore(history, ecb_columns())))
    start = {"2026-10-30": "2026-08-01", "2025-02-13": "2024-11-15", "1999-01-05": "1999-01-04"}[newest]
    expected = [in_the_ecbs_order(one) for one in reversed(history) if one.date >= start]
    assert publications_in(ask("/eurofxref-hist-90d.xml").body) == expected


@pytest.mark.parametrize("path", FILES)
def test_the_files_are_cached_and_open_to_all_origins_like_other_answers(ask: Ask, path: str) -> None:
    answer, latest = ask(path), ask("/latest")
    kind = "text/csv" if path.endswith(".csv") else "text/xml"
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert "Vary" not in answer.headers
    for name in ("Access-Control-Allow-Origin", "Revision", "Last-Modified"):
        assert answer.headers[name] == latest.headers[name]
    assert max_age(answer) == max_age(latest)
    assert ask(path, headers={"If-None-Match": answer.headers["ETag"]}).status == 304
    assert ask(path, "HEAD") == answer._replace(body="")
    assert ask(f"{path}?base=USD&format=json", headers={"Accept": "application/json"}).body == answer.body


@pytest.mark.parametrize(
    "name", ["-hist.xml", "-hist.zip", ".zip", "-hist-90d.zip", "-sdmx.xml", "-daily.csv"]
)
def test_other_files_of_the_ecb_are_404(ask: Ask, name: str) -> None:
    detail = "use /eurofxref-hist.csv" if name.endswith(("zip", "-hist.xml")) else "unknown path"
    assert content(ask(f"/eurofxref{name}")) == {"message": "not found", "detail": detail}
    assert content(ask(f"/v2/eurofxref{name}"))["detail"] == "unknown path"
