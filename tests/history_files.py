"""Small histories, and files as the ECB writes them, for tests to store, damage and serve."""

import io
import zipfile
from collections.abc import Sequence

from rates.history import Publication
from rates.updating import history_file

# Three years, a weekend, and a currency that ends.
HISTORY = (
    Publication("2023-12-28", {"HRK": "7.5365", "USD": "1.1114"}),
    Publication("2023-12-29", {"HRK": "7.5345", "USD": "1.105"}),
    Publication("2024-12-30", {"GBP": "0.8292", "USD": "1.0444"}),
    Publication("2024-12-31", {"GBP": "0.8292", "USD": "1.0389"}),
    Publication("2025-01-02", {"GBP": "0.8299", "USD": "1.0321"}),
    Publication("2025-01-03", {"GBP": "0.8293", "USD": "1.0299"}),
)
NEXT = Publication("2025-01-06", {"GBP": "0.8317", "USD": "1.0426"})


def corrected(publications: Sequence[Publication], date: str, **rates: str) -> tuple[Publication, ...]:
    """Return the history with other rates on one day. "" removes a rate."""
    return tuple(
        Publication(date, {code: digits for code, digits in {**one.rates, **rates}.items() if digits})
        if one.date == date
        else one
        for one in publications
    )


def csv_text(publications: Sequence[Publication], columns: Sequence[str] = ()) -> str:
    """Return a CSV as the ECB writes it: newest first, N/A for no rate, a comma at the end of each line."""
    codes = columns or sorted({code for one in publications for code in one.rates})
    lines = [("Date", *codes, "")]
    for one in sorted(publications, key=lambda one: one.date, reverse=True):
        lines.append((one.date, *(one.rates.get(code, "N/A") for code in codes), ""))
    return "".join(",".join(line) + "\n" for line in lines)


def archive(*contents: str | bytes, names: Sequence[str] = (history_file.MEMBER,)) -> bytes:
    """Return a zip archive of these contents under these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as members:
        for name, content in zip(names, contents, strict=True):
            members.writestr(name, content)
    return file.getvalue()


def zipped(publications: Sequence[Publication]) -> bytes:
    """Return the file that the ECB would serve for a history."""
    return archive(csv_text(publications))
