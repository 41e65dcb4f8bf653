"""Kinds of wrong files, each with a function that spoils a true file at a random place."""

from tests.wrong_files.history import HISTORIES, series_ends
from tests.wrong_files.one_rate import CHANGES, one_rate
from tests.wrong_files.places import MIN_PUBLICATIONS, File, Kind, old, recent, yesterday
from tests.wrong_files.publication import ALTERATIONS, altered

__all__ = ["COUNTS", "KINDS", "MIN_PUBLICATIONS", "STORED_DAYS", "File", "Kind"]

KINDS: dict[str, Kind] = {
    **{f"one rate: {name}": one_rate(change) for name, change in CHANGES.items()},
    "yesterday: one rate x2.1": one_rate(CHANGES["x2.1"], yesterday),
    "recent: one rate ±10 %": one_rate(CHANGES["±10 %"], recent),
    **{
        f"old: one rate {name}": one_rate(CHANGES[name], old)
        for name in ("x10", "x2.1", "±20 %", "±10 %", "±1 %", "digits exchanged")
    },
    **{f"newest: {name}": altered(alter) for name, alter in ALTERATIONS.items()},
    "recent: x1.05": altered(ALTERATIONS["x1.05"], recent),
    **{
        f"old: {name}": altered(ALTERATIONS[name], old)
        for name in ("x1.05", "x1.01", "two swapped", "one gone", "five gone", "new currency at 5")
    },
    **{f"stored: {name}": altered(ALTERATIONS[name]) for name in ("one gone", "four gone")},
    **HISTORIES,
}
# Kinds whose update finds no new publication: the file spoils stored ones.
STORED_DAYS = frozenset(kind for kind in KINDS if kind.startswith("stored: "))
# The possible lengths of the true history, for a kind that needs certain ones.
COUNTS = {"one day beyond the end of a series": series_ends}
