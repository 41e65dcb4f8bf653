"""Whole updates publish the ECB's history day by day, and true files repair the accepted wrong ones."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from rates.history import Publication
from rates.source import FeedContentError
from rates.storage.store import Store
from rates.updating.plausibility import ImplausibleFeedError
from rates.updating.update import Summary
from tests.integration.publishing import history_in, publish
from tests.support import ecb_publications
from tests.wrong_files import KINDS, MIN_PUBLICATIONS, File

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("judged")]

DAYS = 10  # published one after the other from each start
LARGEST_MOVES = (
    *("2001-02-22", "2008-10-06", "2008-11-06", "2014-12-16"),
    *("2015-01-15", "2018-08-10", "2021-12-17"),
)
OTHERS = (
    *("1999-01-05", "1999-12-27", "2000-04-25", "2002-12-27", "2005-03-25", "2007-12-27", "2010-12-28"),
    *("2016-06-20", "2018-01-26", "2020-03-10", "2022-02-22", "2025-12-22", "2026-10-19"),
)
STARTS = (*LARGEST_MOVES, *OTHERS)
SAMPLE = 24  # kinds of wrong files


def publish_file(store: Store, file: File, *, force: bool = False) -> Summary:
    """Update the store from a file, on the day of its newest publication."""
    now = datetime.fromisoformat(f"{max(publication.date for publication in file)}T17:00:00+00:00")
    return publish(store, file, now, force=force)


@pytest.mark.fault("The ECB's own largest moves")
@pytest.mark.parametrize("start", STARTS)
def test_true_publications_are_published_day_by_day(store: Store, start: str) -> None:
    history: tuple[Publication, ...] = ecb_publications()
    first = next(i for i, publication in enumerate(history) if publication.date >= start)
    publish_file(store, history[:first], force=True)
    for end in range(first + 1, first + 1 + DAYS):
        summary = publish_file(store, history[:end])
        assert summary.date == history[end - 1].date
        assert (summary.corrections, summary.unexpected_dates) == ([], [])
    assert history_in(store) == history[:end]


def test_the_replay_has_200_publications() -> None:
    assert len(set(STARTS)) * DAYS == 200


@pytest.mark.fault("An accepted wrong file")
@pytest.mark.parametrize("kind", Random("sample").sample(sorted(KINDS), SAMPLE))
def test_the_next_true_files_are_published_without_force(store: Store, kind: str) -> None:
    random = Random(kind)
    history: tuple[Publication, ...] = ecb_publications()
    count = random.randrange(MIN_PUBLICATIONS, len(history))
    true = history[:count]
    publish_file(store, true[:-1], force=True)
    try:
        publish_file(store, KINDS[kind](random, true))
    except (FeedContentError, ImplausibleFeedError):
        assert history_in(store) == true[:-1]
    for file in (true, history[: count + 1]):
        publish_file(store, file)
        assert history_in(store) == file
