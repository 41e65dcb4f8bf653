"""The routes of one version of the API: templates of paths, and the function for each of them."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

from rates.serving.errors import not_found
from rates.serving.query import DATE, DATE_FORM

T = TypeVar("T")

HINTS = {  # the details of unknown paths of v1
    "/[0-9]": DATE_FORM,
    r"/eurofxref(-hist\.xml|.*\.zip)$": "use /eurofxref-hist.csv",  # too large, or binary
}


def find(routes: Mapping[str, Callable[..., T]], path: str) -> tuple[Callable[..., T], dict[str, str]]:
    """Return the function of the first route that matches a path, and the values of its template's names.

    Raises a 404 if there is none. In a template, `{date}` and names that end so stand for a date, other names
    for a part of the path.
    """
    if path in routes and "{" not in path:
        return routes[path], {}
    for template, function in routes.items():
        if "{" in template and (match := pattern(template).fullmatch(path)):
            return function, match.groupdict()
    hints = HINTS.items() if "/{date}" in routes else ()
    raise not_found(next((hint for form, hint in hints if re.match(form, path)), "unknown path"))


@cache
def pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of a template. It is compiled on first use, to keep cold starts short."""
    parts = re.split(r"\{(\w+)\}", template)
    fields = [f"(?P<{name}>{DATE if name.endswith('date') else '[^/]+'})" for name in parts[1::2]]
    texts = [re.escape(text) for text in parts[::2]]
    return re.compile("".join(text + field for text, field in zip(texts, [*fields, ""], strict=True)))
