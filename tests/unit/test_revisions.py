"""`revision=N` in both versions of the API, and the old revisions that a reader keeps."""

import json
from datetime import UTC, datetime

import pytest

from rates.serving.reader import OLD_REVISIONS, HistoryUnavailableError, NoRevisionError, Report
from rates.storage.documents import UnreadableDocumentError
from tests.conftest import Ask, asking
from tests.history_files import HISTORY, NEXT, corrected
from tests.unit.reading import DATES, THROTTLED, ReaderUnderTest, cold_reader, warm_reader

CORRECTED = corrected(HISTORY, "2023-12-29", USD="1.106")
LATER = datetime(2036, 1, 1, tzinfo=UTC)  # long after the revision of these histories, 2026-10-30
RATES = [
    "/latest",
    "/2025-01-01?on=next",
    "/2023-01-01..?base=USD",
    "/2023-12-28..?group=day&on=next&format=csv",
    "/2023-12-28..?group=all",
    "/changes",
    "/eurofxref-daily.xml",
    "/eurofxref-hist-90d.xml",
    "/eurofxref-hist.csv",
    "/v2/rates?from=2024-12-31&group=day",
    "/v2/rates",
    "/v2/rates.csv?from=2023-01-01",
    "/v2/rate/USD/GBP?date=2024-12-31",
    "/v2/providers/ecb/rates?date=2023-12-29",
]
NAMES = ["/currencies", "/status", "/v2/currencies?scope=all", "/v2/currency/HRK"]
MALFORMED = [
    "",
    "=",
    "=0",
    "=01",
    "=1.0",
    "=%2B1",
    "=-1",
    "=1000000000",
    "=%EF%BC%91",
    "=1&revision=x",
    "[]=latest",
]


def read(reader: ReaderUnderTest, revision: int) -> tuple[list[str], Report]:
    """Read the date of every publication of a revision."""
    dates = reader.reader.read_revision(
        revision, lambda snapshot: [day for year in snapshot.years("", "9999") for day in year.dates]
    )
    return dates, reader.reader.report


def plus(url: str, parameter: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{parameter}"


@pytest.mark.parametrize("url", RATES + NAMES)
def test_an_old_revision_is_answered_as_it_was(url: str) -> None:
    warm = warm_reader()
    ask = asking(warm.reader)
    was = ask(url)
    warm.store.put((*CORRECTED, NEXT))
    warm.clock.seconds += 3600
    assert ask(url, now=LATER).headers["Revision"] == "2"
    again = ask(plus(url, "revision=1"), now=LATER)
    assert (again.status, again.headers["Revision"]) == (200, "1")
    assert again.headers.get("Last-Modified") == was.headers.get("Last-Modified")
    if "status" not in url:
        assert again.body == was.body
    lifetime = "max-age=86400" if url in NAMES else "max-age=31536000, immutable"
    assert again.headers["Cache-Control"] == f"public, {lifetime}"


def test_the_status_of_a_revision_says_nothing_about_the_present(ask: Ask) -> None:
    now, then = json.loads(ask("/status").body), json.loads(ask("/status?revision=1").body)
    assert now.keys() - then.keys() == {"next_update", "stale", "revisions"}
    assert now | then == now
    assert now["revisions"] == {"first": 1, "last": 1}


def test_the_status_names_the_first_revision_that_was_kept() -> None:
    warm = warm_reader()
    assert warm.store.current
    warm.store.current = warm.store.current._replace(revision=412, first_revision=7)
    warm.clock.seconds += 3600
    assert json.loads(asking(warm.reader)("/status").body)["revisions"] == {"first": 7, "last": 412}


@pytest.mark.parametrize("url", RATES + NAMES)
def test_a_malformed_revision_is_422(ask: Ask, url: str) -> None:
    for malformed in MALFORMED:
        answer = ask(plus(url, f"revision{malformed}"))
        assert (answer.status, json.loads(answer.body)["message"]) == (422, "invalid revision"), malformed


@pytest.mark.parametrize("url", RATES + NAMES)
def test_an_unknown_revision_is_404(ask: Ask, url: str) -> None:
    answer = ask(plus(url, "revision=1&revision=412"))
    body = json.loads(answer.body)
    assert (answer.status, body["message"], body["detail"]) == (404, "not found", "no revision 412")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/latest?amount=x&revision=0", "invalid amount"),
        ("/2024-01-01?on=x&revision=0", "invalid on"),
        ("/2024-01-01..?group=year&value=x&revision=0", "invalid value"),
        ("/latest?base=ZZZ&revision=0", "invalid revision"),
        ("/1998-01-01?revision=412", "no revision 412"),
        ("/v2/rates?expand=x&revision=0", "invalid expand: x"),
        ("/v2/rates?base=ZZZ&revision=0", "invalid revision"),
        ("/v2/rates?base=ZZZ&revision=412", "no revision 412"),
        ("/v2/rates?base=ZZZ&revision=1", "invalid currency: ZZZ"),
        ("/v2/providers/XYZ/rates?revision=0", "unknown provider: XYZ"),
    ],
)
def test_the_revision_is_checked_after_the_other_parameters(ask: Ask, url: str, message: str) -> None:
    body = json.loads(ask(url).body)
    assert message in (body["message"], body.get("detail"))


@pytest.mark.parametrize("url", ["/", "/openapi.json", "/v2", "/v2/providers", "/v2/providers/ECB"])
def test_descriptions_ignore_the_revision(ask: Ask, url: str) -> None:
    assert ask(f"{url}?revision=x").body == ask(f"{url}?revision=412").body == ask(url).body


@pytest.mark.parametrize("now", [datetime(2026, 10, 30, 18, tzinfo=UTC), LATER])
@pytest.mark.parametrize(
    ("url", "status"),
    [("/2026-11-14", 200), ("/2026-11-15", 404), ("/2026-11-13..", 200), ("/2026-11-14..", 404)],
)
def test_today_is_the_14th_day_after_the_revision(ask: Ask, url: str, status: int, now: datetime) -> None:
    assert ask(f"{url}?revision=1", now=now).status == status


def test_a_revision_that_the_reader_has_not_seen_is_read_at_once() -> None:
    warm = warm_reader()
    warm.store.put((*HISTORY, NEXT))
    assert read(warm, 2) == ([*DATES, NEXT.date], Report(None, reads=2))
    assert warm.calls() == ["revision", "years"]
    assert read(warm, 2)[1] == read(warm, 1)[1] == Report(None, reads=0)
    assert warm.newest()[0] == DATES[-1]


def test_newest_revision_of_version_2_is_read_from_the_latest_item() -> None:
    cold = cold_reader()
    cold.store.kept = {}
    assert read(cold, 1)[0] == DATES
    assert cold.calls() == ["revision", "latest, consistent", "years"]


def test_the_old_revisions_that_were_asked_for_last_stay_in_memory() -> None:
    warm = warm_reader()
    for number in range(OLD_REVISIONS + 3):
        warm.store.put(corrected(HISTORY, "2025-01-03", USD=f"1.03{number}"))
    warm.clock.seconds += 3600
    warm.all()  # in memory: the newest revision, and 1 as the one before it
    last = OLD_REVISIONS + 4
    for revision in (*range(2, last - 1), last - 1, last - OLD_REVISIONS):
        read(warm, revision)
    warm.calls()
    for revision in (last - 1, last - OLD_REVISIONS, last, 1):
        assert read(warm, revision)[1].reads == 0
    assert len(warm.reader._years) == 2 + 2 + OLD_REVISIONS
    assert read(warm, 2)[1].reads == 2
    assert read(warm, last - OLD_REVISIONS + 1)[1].reads == 1 + 1


@pytest.mark.fault("A document of an old revision is missing or damaged")
@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_revision_without_all_its_documents_is_404(damage: str) -> None:
    warm = warm_reader()
    digest = next(iter(warm.store.by_digest))
    warm.store.put((*CORRECTED, NEXT), keep=damage == "damaged")
    cold = ReaderUnderTest(warm.store)
    if damage == "damaged":
        cold.store.years_error = UnreadableDocumentError(f"{digest} is damaged")
    answer = asking(cold.reader)("/2023-12-29?revision=1")
    assert (answer.status, json.loads(answer.body)["detail"]) == (404, "revision 1 is no longer complete")
    with pytest.raises(NoRevisionError):
        read(cold, 1)
    assert digest in cold.reader.report.trouble
    assert asking(cold.reader)("/latest?revision=1").status == 200  # needs no year document


def test_a_revision_that_cannot_be_read_now_is_503() -> None:
    warm = warm_reader()
    warm.store.put((*CORRECTED, NEXT))
    warm.store.years_error = THROTTLED
    with pytest.raises(HistoryUnavailableError):
        read(warm, 2)
    assert warm.reader.report == Report(None, reads=2, trouble=repr(THROTTLED))
    answer = asking(warm.reader)("/2023-12-29?revision=2")
    assert (answer.status, json.loads(answer.body)["message"]) == (503, "temporarily unavailable")
    assert warm.all()[0] == DATES
