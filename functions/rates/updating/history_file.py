"""Reads the ECB's file: a zip archive of one CSV, a line a publication, a column a currency."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from itertools import pairwise

from rates.history import BASE, FIRST_DATE, Publication
from rates.source import FeedContentError

MEMBER = "eurofxref-hist.csv"
MAX_CSV_BYTES = 16 * 1024 * 1024  # it is 1.9 MB
MAX_RATIO = 50  # of the CSV to its archive; it is 3
MISSING = frozenset({"N/A", ""})
_CODE = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RATE = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,8})?")


def read(content: bytes, today: date) -> list[Publication]:
    """Every publication in the file, in the order of their dates.

    Raises FeedContentError, which says where, for anything that is not as the ECB writes it; tolerates what
    does not change the meaning: another order of the lines, empty columns, a byte-order mark, CRLF.
    """
    lines = csv.reader(io.StringIO(_unzip(content)), strict=True)
    try:
        codes = _header(next(lines, []))
        publications = [
            _publication(line, codes, number, today) for number, line in enumerate(lines, 2) if line
        ]
    except csv.Error as error:
        raise FeedContentError(f"the file is not CSV: {error}") from error
    if not publications:
        raise FeedContentError("the file has no publications")
    publications.sort(key=lambda publication: publication.date)
    for one, other in pairwise(publications):
        if one.date == other.date:
            raise FeedContentError(f"the file has {one.date} twice")
    return publications


def _unzip(content: bytes) -> str:
    limit = min(MAX_CSV_BYTES, MAX_RATIO * len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.namelist() != [MEMBER]:
                raise FeedContentError(f"the archive does not hold {MEMBER} and nothing else")
            # What the archive says of the size may be a lie: no more than the limit is unpacked.
            with archive.open(MEMBER) as member:
                text = member.read(limit + 1)
    except FeedContentError:
        raise
    except Exception as error:  # a damaged archive makes zipfile raise whatever its parts do
        raise FeedContentError(f"the answer is not a sound zip archive: {error}") from error
    if len(text) > limit:
        raise FeedContentError(f"the archive unpacks to more than {limit} bytes")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedContentError(f"the file is not UTF-8: {error}") from error


def _header(cells: list[str]) -> list[str]:
    """The currency of each column after the first, "" for an empty column."""
    columns = [cell.strip() for cell in cells]
    if columns[:1] != ["Date"]:
        raise FeedContentError("the file's first column is not Date")
    codes = columns[1:]
    named = [code for code in codes if code]
    if not named:
        raise FeedContentError("the file names no currencies")
    for code in named:
        if not _CODE.fullmatch(code) or code == BASE or named.count(code) > 1:
            raise FeedContentError(f"the file has a column {code[:20]!r} that is not one currency's")
    return codes


def _publication(cells: list[str], codes: list[str], line: int, today: date) -> Publication:
    if len(cells) != len(codes) + 1:
        raise FeedContentError(f"line {line} has {len(cells)} columns instead of {len(codes) + 1}")
    day = cells[0].strip()
    try:
        known = date.fromisoformat(day) if _DATE.fullmatch(day) else None
    except ValueError:
        known = None
    if known is None or day < FIRST_DATE or known > today:
        raise FeedContentError(f"line {line} has the date {day[:20]!r}, which cannot be a publication's")
    rates = {}
    for code, cell in zip(codes, cells[1:], strict=True):
        digits = cell.strip()
        if digits in MISSING:
            continue
        if not code or not _RATE.fullmatch(digits) or not digits.strip("0."):
            raise FeedContentError(f"line {line} ({day}) has {digits[:20]!r} in the column {code!r}")
        rates[code] = digits
    if not rates:
        raise FeedContentError(f"line {line} ({day}) has no rates")
    return Publication(day, rates)
