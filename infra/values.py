"""Read single configuration values as their types, with errors that say what to do.

Every error is one line that names the key, its value, and the allowed values or the command to run.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, NamedTuple, get_type_hints

import pulumi


def error(key: str, value: str | None, problem: str, command: str = "") -> pulumi.RunError:
    """Return the error for a value. `command` is what to run; by default, setting the key."""
    shown = "is not set" if value is None else f"is {value!r}"
    command = command or f"pulumi config set {key} <value>"
    return pulumi.RunError(f"configuration: {key} {shown}; {problem}. Run `{command}`.")


class Text(NamedTuple):
    """The valid texts of a value. `convert` may refuse more: by a ValueError, with a reason or without."""

    pattern: str  # matches the whole text
    allowed: str  # describes the valid texts
    convert: Callable[[str], Any] = str

    def read(self, key: str, text: str | None) -> Any:
        """Return the value of a text. Raises RunError if it is invalid or not set."""
        problem = f"it must be {self.allowed}"
        if text is None or not re.fullmatch(self.pattern, text):
            raise error(key, text, problem)
        try:
            return self.convert(text)
        except ValueError as invalid:
            raise error(key, text, f"{problem}: {invalid}" if invalid.args else problem) from None


Flag = Annotated[bool, Text("true|false", "true or false", lambda text: text == "true")]


def number(lowest: int, highest: int, *, or_zero: bool = False) -> Text:
    """Return the texts of the integers in a range."""

    def convert(text: str) -> int:
        if not lowest <= int(text) <= highest and not (or_zero and int(text) == 0):
            raise ValueError
        return int(text)

    return Text(r"[0-9]{1,7}", f"{'0, or ' if or_zero else ''}an integer from {lowest} to {highest}", convert)


def read(settings: type, get: Callable[[str], str | None], keys: Iterable[str]) -> dict[str, Any]:
    """Return the values of a class's annotations. The annotation `catch_up` has the key `catchUp`.

    `get` returns the text of a key, or None. Raises RunError for the first of the `keys` without annotation.
    """
    values, own = {}, []
    for name, hint in get_type_hints(settings, include_extras=True).items():
        first, *others = name.split("_")
        own.append(key := first + "".join(map(str.title, others)))
        values[name] = hint.__metadata__[0].read(key, get(key))
    for key in sorted(set(keys) - set(own)):
        near = difflib.get_close_matches(key, own, n=1)
        problem = "this program has no such key" + (f" (did you mean {near[0]}?)" if near else "")
        raise error(key, get(key), problem, f"pulumi config rm {key}")
    return values
