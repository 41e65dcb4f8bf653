"""The choice of the feed that a local stack's functions read."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from local import feed
from local.console import LocalError
from local.emulator import Emulator

KEY = "exchange-rates:feedUrl"
ECB = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
OF_ANOTHER_EMULATOR = "http://127.0.0.1:4999/feed/eurofxref-hist.zip"
MIRROR = "https://mirror.example/eurofxref-hist.zip"


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("LOCAL_STATE_DIR", str(tmp_path))
    emulator = Emulator(4998)
    (emulator.directory / "feed").mkdir(parents=True)
    return emulator


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files by the URLs that answer."""
    files: dict[str, bytes] = {}

    class Probe:
        def __init__(self, url: str) -> None:
            self._url = url

        def file(self) -> bytes | None:
            return files.get(self._url)

    monkeypatch.setattr(feed, "Probe", Probe)
    return files


def source(url: str, **options: Any) -> feed.Source:
    given = {"offline": False, "config": [], "feed_fault": None, **options}
    return feed.Source({KEY: url}, argparse.Namespace(**given))


@pytest.mark.parametrize(("configured", "read"), [(ECB, ECB), (MIRROR, MIRROR), (OF_ANOTHER_EMULATOR, ECB)])
def test_functions_read_the_configured_feed_but_not_another_emulators(
    emulator: Emulator, probed: dict[str, bytes], configured: str, read: str
) -> None:
    probed |= dict.fromkeys((ECB, MIRROR, OF_ANOTHER_EMULATOR), feed.packaged())
    assert source(configured).serve(emulator) == read


@pytest.mark.parametrize("url", [ECB, OF_ANOTHER_EMULATOR, "http://[::1"])
@pytest.mark.parametrize("offline", [True, False])
def test_functions_read_the_packaged_file_without_network(
    emulator: Emulator, probed: dict[str, bytes], url: str, offline: bool
) -> None:
    assert probed == {}
    assert source(url, offline=offline).serve(emulator) == emulator.feed_url
    assert (emulator.directory / "feed" / "good.zip").read_bytes() == feed.packaged()


def test_functions_read_the_emulators_feed_if_it_has_a_fault(
    emulator: Emulator, probed: dict[str, bytes]
) -> None:
    probed[ECB] = feed.stale(feed.packaged())
    assert source(ECB, feed_fault="503").serve(emulator) == emulator.feed_url
    assert (emulator.directory / "feed" / "good.zip").read_bytes() == probed[ECB]


def test_url_of_the_command_line_is_read_as_it_is(emulator: Emulator, probed: dict[str, bytes]) -> None:
    given = source(OF_ANOTHER_EMULATOR, config=[f"feedUrl={OF_ANOTHER_EMULATOR}"])
    assert given.serve(emulator) == OF_ANOTHER_EMULATOR
    assert probed == {}


def test_fault_and_url_of_the_command_line_exclude_each_other() -> None:
    with pytest.raises(LocalError, match="leave out --config feedUrl"):
        source(ECB, config=[f"feedUrl={ECB}"], feed_fault="html")
