"""The zip archive of the ECB's file is read within limits, and refused if it is invalid."""

import io
import struct
import zipfile

import pytest

from rates.source import FeedContentError
from rates.updating import history_file
from tests.history_files import HISTORY, archive, csv_text, zipped
from tests.unit.test_history_file import TODAY, read

TEXT = csv_text(HISTORY)


@pytest.mark.fault("Other members in the zip")
@pytest.mark.parametrize(
    ("contents", "names"),
    [
        ((TEXT,), ("eurofxref.csv",)),
        ((TEXT, "also"), ("eurofxref-hist.csv", "readme.txt")),
        ((), ()),
    ],
    ids=["a wrong member", "an extra member", "no member"],
)
def test_an_archive_with_other_members_is_refused(contents: tuple[str, ...], names: tuple[str, ...]) -> None:
    with pytest.raises(
        FeedContentError, match=r"^the archive has other members than eurofxref-hist\.csv alone$"
    ):
        history_file.read(archive(*contents, names=names), TODAY)


@pytest.mark.fault("A truncated or damaged zip")
@pytest.mark.parametrize(
    "content", [b"", b"<html>captcha</html>", zipped(HISTORY)[:-30], zipped(HISTORY)[40:]]
)
def test_an_invalid_archive_is_refused(content: bytes) -> None:
    with pytest.raises(FeedContentError, match=r"^the answer is not a valid zip archive: "):
        history_file.read(content, TODAY)


@pytest.mark.fault("200 with HTML")
def test_a_web_page_is_shown_with_its_content_type() -> None:
    shown = r"; text/html, b'<html>captcha</html>'$"
    with pytest.raises(FeedContentError, match=shown):
        history_file.read(b"<html>captcha</html>", TODAY, "text/html")


def test_a_damaged_archive_is_never_read_as_a_history() -> None:
    sound = zipped(HISTORY)
    for place in range(len(sound)):
        for flipped in (0x01, 0x80, 0xFF):
            damaged = bytearray(sound)
            damaged[place] ^= flipped
            try:
                assert tuple(history_file.read(bytes(damaged), TODAY).publications) == HISTORY
            except FeedContentError:
                continue


@pytest.mark.fault("A zip bomb")
def test_an_archive_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "MAX_CSV_BYTES", len(TEXT))
    assert read(TEXT) == HISTORY
    monkeypatch.setattr(history_file, "MAX_CSV_BYTES", len(TEXT) - 1)
    with pytest.raises(FeedContentError, match=f"^the archive unpacks to more than {len(TEXT) - 1} bytes$"):
        read(TEXT)


def test_an_archive_is_unpacked_only_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    read_member = zipfile.ZipExtFile.read

    def read_and_note(member: zipfile.ZipExtFile, size: int = -1) -> bytes:
        sizes.append(size)
        return read_member(member, size)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", read_and_note)
    monkeypatch.setattr(history_file, "MAX_CSV_BYTES", 100)
    with pytest.raises(FeedContentError, match="unpacks to more than 100 bytes"):
        read(TEXT)
    assert sizes == [101]


@pytest.mark.fault("A zip bomb")
def test_an_archive_over_the_ratio_limit_is_refused() -> None:
    bomb = archive(TEXT + "\n" * 1_000_000)
    with pytest.raises(FeedContentError, match=f"^the archive unpacks to more than {50 * len(bomb)} bytes$"):
        history_file.read(bomb, TODAY)


def test_a_wrong_size_in_an_archive_does_not_lift_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "MAX_CSV_BYTES", 1000)
    honest = archive(TEXT + "\n" * 5000)
    size = struct.pack("<I", len(TEXT) + 5000)
    liar = honest.replace(size, struct.pack("<I", 10))
    assert zipfile.ZipFile(io.BytesIO(liar)).infolist()[0].file_size == 10
    with pytest.raises(FeedContentError):
        history_file.read(liar, TODAY)
