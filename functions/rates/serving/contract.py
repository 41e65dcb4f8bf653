"""The contract of each version of the API, and the other files of this package that are answers."""

from functools import cache
from pathlib import Path

from rates import VERSION
from rates.serving.answers import Answer
from rates.serving.proxy import Request

FILES = Path(__file__).parent


def openapi(request: Request) -> Answer:
    """`/openapi.json`: the OpenAPI document of a version of the API, with the version of this program."""
    return Answer(file(f"openapi_{request.version}.json").replace('"VERSION"', f'"{VERSION}"'))


@cache
def file(name: str) -> str:
    """Return a file of this package, read once."""
    return (FILES / name).read_text(encoding="utf-8")
