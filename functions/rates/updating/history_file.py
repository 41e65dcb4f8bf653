"""Read the ECB's file: a zip archive with one CSV, one line per publication, one column per currency."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rates.history import BASE, FIRST_DATE, Publication
from rates.source import FeedContentError

MEMBER = "eurofxref-hist.csv"
MAX_CSV_BYTES = 16 * 1024 * 1024  # it is 1.9 MB
MAX_RATIO = 50  # of the CSV to its archive; it is 3
END = " \t\r\n\x1a"  # Ctrl-Z once ended text files
MISSING = frozenset({"N/A", ""})
_CODE = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RATE = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,8})?")


class HistoryFile(NamedTuple):
    """The content of the file."""

    publications: Sequence[Publication]  # ascending by date
    columns: tuple[str, ...]  # the currencies in the file's order, also those without any rate


def read(content: bytes, today: date, content_type: str = "") -> HistoryFile:
    """Return the content of the file.

    Raises FeedContentError, with the line, if anything differs from the ECB's format. Tolerates differences
    without a meaning: another order of the lines, empty columns, lines of blanks, a byte-order mark, CRLF,
    Ctrl-Z at the end. `content_type` is that of the answer, for the message if it is no archive.
    """
    lines = csv.reader(io.StringIO(_unzip(content, content_type)), strict=True)
    try:
        codes = _header(next(lines, []))
        publications = [
            _publication(line, codes, number, today)
            for number, line in enumerate(lines, 2)
            if any(map(str.strip, line))
        ]
    except csv.Error as error:
        raise FeedContentError(f"the file is not CSV: {error}") from error
    if not publications:
        raise FeedContentError("the file has no publications")
    publications.sort(key=lambda publication: publication.date)
    for one, other in pairwise(publications):
        if one.date == other.date:
            raise FeedContentError(f"the file has {one.date} twice")
    return HistoryFile(publications, tuple(filter(None, codes)))


def _unzip(content: bytes, content_type: str) -> str:
    limit = min(MAX_CSV_BYTES, MAX_RATIO * len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.namelist() != [MEMBER]:
                raise FeedContentError(f"the archive has other members than {MEMBER} alone")
            # The size in the archive may be wrong: do not read more than the limit.
            with archive.open(MEMBER) as member:
                text = member.read(limit + 1)
    except FeedContentError:
        raise
    except Exception as error:  # zipfile raises many types of errors for a damaged archive
        shown = "" if content[:2] == b"PK" else f"; {content_type or 'no content type'}, {content[:80]!r}"
        raise FeedContentError(f"the answer is not a valid zip archive: {error}{shown}") from error
    if len(text) > limit:
        raise FeedContentError(f"the archive unpacks to more than {limit} bytes")
    try:
        return text.decode("utf-8-sig").rstrip(END)
    except UnicodeDecodeError as error:
        raise FeedContentError(f"the file is not UTF-8: {error}") from error


def _header(cells: list[str]) -> list[str]:
    """Return the currency of each column after the first, "" for an empty column."""
    columns = [cell.strip() for cell in cells]
    if columns[:1] != ["Date"]:
        raise FeedContentError("the file's first column is not Date")
    codes = columns[1:]
    named = [code for code in codes if code]
    if not named:
        raise FeedContentError("the file names no currencies")
    for code in named:
        if not _CODE.fullmatch(code) or code == BASE or named.count(code) > 1:
            raise FeedContentError(f"the file has an invalid or repeated column {code[:20]!r}")
    return codes


def _publication(cells: list[str], codes: list[str], line: int, today: date) -> Publication:
    if len(cells) != len(codes) + 1:
        raise FeedContentError(f"line {line} has {len(cells)} columns instead of {len(codes) + 1}")
    day = cells[0].strip()
    try:
        parsed = date.fromisoformat(day) if _DATE.fullmatch(day) else None
    except ValueError:
        parsed = None
    if parsed is None or day < FIRST_DATE or parsed > today:
        raise FeedContentError(f"line {line} has {day[:20]!r}, not a date from {FIRST_DATE} to {today}")
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
