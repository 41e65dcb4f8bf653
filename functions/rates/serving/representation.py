"""The media types of answers, and the choice of one by an Accept header."""

from collections.abc import Iterator, Sequence

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"
NDJSON = "application/x-ndjson"  # UTF-8 by its definition
HTML = "text/html; charset=utf-8"


def preferred(accept: str, others: Sequence[str]) -> str:
    """Return JSON or one of the others: the one with the highest weight, of equal weights the first.

    A wildcard stands for JSON, but `text/*` for CSV if that is offered. Named types come before wildcards.
    """
    if not accept or accept == "*/*":
        return JSON
    types = {media_type.partition(";")[0]: media_type for media_type in (JSON, *others)}
    if CSV in others:
        types["text/*"] = CSV
    best, choice = (0.0, False), JSON
    for media_range, weight in _ranges(accept):
        rank = (weight, media_range in types)
        if rank > best and (rank[1] or media_range.endswith("/*")):
            best, choice = rank, types.get(media_range, JSON)
    return choice if best[0] > 0 else JSON


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Yield the media ranges of the header with their weights: 1 by default, 0 if invalid."""
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = "1"
        for parameter in parameters:
            if parameter.startswith("q="):
                weight = parameter[2:]
        try:
            yield media_range, float(weight)
        except ValueError:
            yield media_range, 0.0
