"""The media types of answers, and which of them a client prefers."""

from __future__ import annotations

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"
HTML = "text/html; charset=utf-8"


def prefers(accept: str, wanted: str) -> bool:
    """Whether an Accept header gives this media type more weight than JSON, or the same and names it more
    exactly."""
    if not accept or accept == "*/*":
        return False
    ranges = dict(_range(part) for part in accept.split(","))
    weight = _weight(ranges, wanted)
    return weight[0] > 0 and weight > _weight(ranges, JSON)


def _weight(ranges: dict[str, float], representation: str) -> tuple[float, int]:
    """The weight that the most specific of the media ranges gives, and how specific that is (3 to 0)."""
    media_type = representation.partition(";")[0]
    wider = (media_type, media_type.split("/")[0] + "/*", "*/*")
    for specificity, known in zip((3, 2, 1), wider, strict=True):
        if known in ranges:
            return ranges[known], specificity
    return 0.0, 0


def _range(part: str) -> tuple[str, float]:
    """A media range and its weight, 1 where it has none, 0 where it is not a number."""
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media_range, float(parameter[2:])
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0
