"""The encoding of the history: what version 2.0 wrote can be read, and damage is noticed."""

import base64
import json
import zlib

import pytest

from rates.history import Correction, Publication, Year, year_from
from rates.source import Source
from rates.storage import documents
from rates.storage.documents import Changes, EarlierFormatError, Latest, UnreadableDocumentError, YearEntry
from tests.support import ecb_publications

# Written by version 2.0: this code must read it, because the tables of its users have such documents.
GOLDEN_DIGEST = "179e95b140e6af9584fcf1e81fa6cf43ecc8d4d26de087a7a1a10dad27c9f86c"
GOLDEN_YEAR = "eNpLSSxJ1TEyMDLVNTDUNTBCMI253J0CdAz0LIwsLXW4vAIidXQMzYz0DLlCg110DPUMjI0MQRRQFgD1dg4s"
GOLDEN_LATEST = (
    '{"date":"2025-01-03","rates":{"JPY":"162.1","USD":"1.0299"},"previous_date":"2025-01-02","'
    'previous_rates":{"GBP":"0.8299","USD":"1.0321"},"years":{"2025":["179e95b140e6af9584fcf1e8'
    '1fa6cf43ecc8d4d26de087a7a1a10dad27c9f86c","2025-01-02","2025-01-03",2]},"updated_at":"2025'
    '-01-03T17:00:04Z","currencies":{"GBP":["2025-01-02","2025-01-02"],"USD":["2025-01-02","202'
    '5-01-03"]},"source":["https://feed.example/eurofxref-hist.zip","\\"tag\\"","Fri, 03 Jan 20'
    '25 15:00:00 GMT"],"changes":[["2025"],1,[["2025-01-02","USD","1.032","1.0321"]]]}'
)

YEAR = Year(
    ("2025-01-02", "2025-01-03"), {"GBP": ("0.8299", ""), "JPY": ("", "162.1"), "USD": ("1.0321", "1.0299")}
)
LATEST = Latest(
    7,
    Publication("2025-01-03", {"JPY": "162.1", "USD": "1.0299"}),
    Publication("2025-01-02", {"GBP": "0.8299", "USD": "1.0321"}),
    {"2025": YearEntry(GOLDEN_DIGEST, "2025-01-02", "2025-01-03", 2)},
    "2025-01-03T17:00:04Z",
    Source("https://feed.example/eurofxref-hist.zip", '"tag"', "Fri, 03 Jan 2025 15:00:00 GMT"),
    {"GBP": ("2025-01-02", "2025-01-02"), "USD": ("2025-01-02", "2025-01-03")},
    Changes(("2025",), 1, (Correction("2025-01-02", "USD", "1.032", "1.0321"),)),
)


def decode(text: str, revision: int = 7, document_format: int = 2) -> Latest:
    return documents.decode_latest(text, revision, document_format, documents.digest(text.encode()))


def test_a_year_of_version_2_is_read() -> None:
    assert documents.unpack(base64.b64decode(GOLDEN_YEAR), GOLDEN_DIGEST) == YEAR


def test_a_latest_item_of_version_2_is_read_and_written() -> None:
    assert decode(GOLDEN_LATEST) == LATEST
    # Version 2.0 ignores the fields that it did not write.
    added = ',"reformatted":0,"first_revision":0,"columns":[]}'
    assert documents.encode_latest(LATEST) == GOLDEN_LATEST[:-1] + added


def test_a_year_is_named_by_its_content() -> None:
    text = documents.encode_year(YEAR)
    assert text == b"date,2025-01-02,2025-01-03\nGBP,0.8299,\nJPY,,162.1\nUSD,1.0321,1.0299"
    assert documents.digest(text) == GOLDEN_DIGEST


def test_a_written_year_is_read() -> None:
    text = documents.encode_year(YEAR)
    assert documents.unpack(documents.pack(text), documents.digest(text)) == YEAR


def test_a_year_is_compressed_as_small_as_possible() -> None:
    text = documents.encode_year(year_from([day for day in ecb_publications() if day.date > "2026"]))
    assert len(documents.pack(text)) < len(zlib.compress(text)) < len(text) / 2


@pytest.mark.parametrize(
    "latest",
    [
        LATEST._replace(
            changes=LATEST.changes._replace(reformatted=3), first_revision=5, columns=("USD", "GBP")
        ),
        LATEST._replace(previous=None, source=Source("https://feed.example")),
    ],
    ids=["the usual", "the first publication ever"],
)
def test_a_written_latest_item_is_read(latest: Latest) -> None:
    assert decode(documents.encode_latest(latest)) == latest


def test_a_latest_item_has_no_white_space() -> None:
    text = documents.encode_latest(LATEST)
    assert text == json.dumps(json.loads(text), separators=(",", ":"))


def test_a_latest_item_sums_its_years() -> None:
    before = YearEntry("x", "2024-12-30", "2024-12-31", 2)
    latest = LATEST._replace(years={"2024": before, **LATEST.years})
    assert latest.publications == 4
    assert latest.first_date == "2024-12-30"


def test_an_uncompressed_year_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError, match=r"^a year document cannot be decompressed: "):
        documents.unpack(b"date,2025-01-02", GOLDEN_DIGEST)


def test_a_year_that_does_not_match_its_digest_is_refused() -> None:
    other = documents.pack(documents.encode_year(YEAR).replace(b"1.0299", b"1.0300"))
    with pytest.raises(UnreadableDocumentError, match=r"^a year document does not match its digest$"):
        documents.unpack(other, GOLDEN_DIGEST)


@pytest.mark.parametrize("document_format", [0, 3, 99])
def test_an_unsupported_format_is_refused(document_format: int) -> None:
    problem = f"^a document has format {document_format}, this code reads "
    with pytest.raises(UnreadableDocumentError, match=problem):
        decode(documents.encode_latest(LATEST), document_format=document_format)


def test_a_document_of_version_1_is_refused_with_the_remedy() -> None:
    with pytest.raises(EarlierFormatError, match=r"version 1\.0: deploy version 2\.0 first$"):
        decode(GOLDEN_LATEST, document_format=1)


def test_a_damaged_latest_item_is_refused() -> None:
    text = documents.encode_latest(LATEST)
    with pytest.raises(UnreadableDocumentError, match=r"^the latest item does not match its digest$"):
        documents.decode_latest(text.replace("1.0299", "1.03"), 7, 2, documents.digest(text.encode()))
