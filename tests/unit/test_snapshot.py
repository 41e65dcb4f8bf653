"""Publications and ranges in a snapshot: the right ones, with at most one call for year documents."""

import pytest

from rates.serving.snapshot import Position, Snapshot
from tests.history_files import HISTORY
from tests.unit.reading import FailingStore, ReaderUnderTest, cold_reader

ONE_CALL = ["latest", "years"]


def read(days: tuple[str, ...], method: str) -> tuple[list[str | None], list[str]]:
    """Return the dates that a cold reader finds by a snapshot's method, and its calls."""
    cold = cold_reader()

    def compute(snapshot: Snapshot) -> list[str | None]:
        found = getattr(snapshot, method)(*days)
        positions: list[Position | None] = [found] if method == "on_or_after" else list(found)
        return [position and position.date for position in positions]

    return cold.reader.read(compute), cold.calls()


@pytest.mark.parametrize(
    ("day", "found", "calls"),
    [
        ("2025-01-09", "2025-01-03", ["latest"]),
        ("2025-01-03", "2025-01-03", ["latest"]),
        ("2025-01-02", "2025-01-02", ["latest"]),
        ("2025-01-01", "2024-12-31", ONE_CALL),
        ("2024-12-30", "2024-12-30", ONE_CALL),
        ("2024-06-01", "2023-12-29", ONE_CALL),
        ("2023-12-28", "2023-12-28", ONE_CALL),
        ("2023-12-27", None, ["latest"]),
    ],
)
def test_publication_on_or_before_a_day(day: str, found: str | None, calls: list[str]) -> None:
    assert read((day,), "on_or_before") == ([found], calls)


@pytest.mark.parametrize(
    ("days", "found", "calls"),
    [
        (("2024-12-31", "2023-12-28"), ["2024-12-31", "2023-12-28"], ONE_CALL),
        (("2025-01-03", "2024-01-01"), ["2025-01-03", "2023-12-29"], ONE_CALL),
        (("2024-12-31", "2023-12-27"), ["2024-12-31", None], ONE_CALL),
        (("2025-01-03", "2025-01-02"), ["2025-01-03", "2025-01-02"], ["latest"]),
        (("2024-12-30", "2024-12-30"), ["2024-12-30", "2024-12-30"], ONE_CALL),
    ],
)
def test_several_days_cost_one_call(days: tuple[str, ...], found: list[str], calls: list[str]) -> None:
    assert read(days, "on_or_before") == (found, calls)


@pytest.mark.parametrize(
    ("day", "found", "calls"),
    [
        ("2025-01-09", None, ["latest"]),
        ("2025-01-04", None, ["latest"]),
        ("2025-01-03", "2025-01-03", ["latest"]),
        ("2025-01-02", "2025-01-02", ["latest"]),
        ("2025-01-01", "2025-01-02", ONE_CALL),
        ("2024-12-31", "2024-12-31", ONE_CALL),
        ("2024-01-01", "2024-12-30", ONE_CALL),
        ("2023-12-29", "2023-12-29", ONE_CALL),
        ("1998-01-01", "2023-12-28", ONE_CALL),
    ],
)
def test_publication_on_or_after_a_day(day: str, found: str | None, calls: list[str]) -> None:
    assert read((day,), "on_or_after") == ([found], calls)


@pytest.mark.parametrize(
    ("day", "found", "calls"),
    [
        ("2025-01-09", ["2025-01-03", "2025-01-02"], ["latest"]),
        ("2025-01-03", ["2025-01-03", "2025-01-02"], ["latest"]),
        ("2025-01-02", ["2025-01-02", "2024-12-31"], ONE_CALL),
        ("2025-01-01", ["2024-12-31", "2024-12-30"], ONE_CALL),
        ("2024-12-31", ["2024-12-31", "2024-12-30"], ONE_CALL),
        ("2024-12-30", ["2024-12-30", "2023-12-29"], ONE_CALL),
        ("2024-01-15", ["2023-12-29", "2023-12-28"], ONE_CALL),
        ("2023-12-28", ["2023-12-28", None], ONE_CALL),
        ("2023-12-27", [None, None], ["latest"]),
    ],
)
def test_publication_and_the_one_before_it(day: str, found: list[str | None], calls: list[str]) -> None:
    assert read((day,), "with_previous") == (found, calls)


def test_history_of_one_publication() -> None:
    single = ReaderUnderTest(FailingStore(HISTORY[:1]))

    def compute(snapshot: Snapshot) -> list[Position | None]:
        return [
            *snapshot.on_or_before("2024-01-01", "2023-01-01"),
            snapshot.on_or_after("2023-01-01"),
            snapshot.on_or_after("2024-01-01"),
            *snapshot.with_previous("2024-01-01"),
            *snapshot.with_previous("2023-01-01"),
        ]

    dates = [position and position.date for position in single.reader.read(compute)]
    first = HISTORY[0].date
    assert dates == [first, None, first, None, first, None, None, None]
    assert single.reader.report.reads == 1


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2025-01-02", "2025-01-03", ["2025"]),
        ("2025-01-01", "2025-01-03", ["2024", "2025"]),
        ("2024-12-31", "2024-12-31", ["2024"]),
        ("2024-12-01", "2024-12-31", ["2023", "2024"]),
        ("2024-02-01", "2024-03-31", ["2023"]),
        ("2020-01-01", "2023-12-28", ["2023"]),
        ("2020-01-01", "9999-12-31", ["2023", "2024", "2025"]),
        ("2020-01-01", "2023-12-27", []),
        ("2026-01-01", "2026-12-31", ["2025"]),
    ],
)
def test_range_begins_with_the_publication_on_or_before_its_start(
    start: str, end: str, years: list[str]
) -> None:
    cold = cold_reader()
    found = cold.reader.read(lambda snapshot: snapshot.years(start, end))
    assert [year.dates[0][:4] for year in found] == years
    assert cold.calls() == (ONE_CALL if years else ["latest"])
