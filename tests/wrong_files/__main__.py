"""Print the outcomes of each kind as a table: `PYTHONPATH=functions python -m tests.wrong_files 200`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from multiprocessing import Pool

from tests.wrong_files import KINDS
from tests.wrong_files.trial import Outcome, trial


def outcomes(kind: str) -> Counter[Outcome]:
    return Counter(trial(kind, number) for number in range(int(sys.argv[1])))


def write_row(name: str, found: Mapping[Outcome, int]) -> None:
    sys.stdout.write(f"| {name} | {' | '.join(str(found[outcome]) for outcome in Outcome)} |\n")
    sys.stdout.flush()


def main() -> None:
    total: Counter[Outcome] = Counter()
    sys.stdout.write(f"| Kind | {' | '.join(Outcome)} |\n|{'---|' * (1 + len(Outcome))}\n")
    with Pool() as pool:
        for kind, found in zip(KINDS, pool.imap(outcomes, KINDS), strict=True):
            total += found
            write_row(kind, found)
    write_row("all", total)


if __name__ == "__main__":
    main()
