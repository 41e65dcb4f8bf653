"""Read single configuration values as their types, with errors that say what to do.

Every error is one line that names the key, its value, and the allowed values or the command to run.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable

import pulumi


def error(key: str, value: str | None, problem: str, command: str = "") -> pulumi.RunError:
    """Return the error for a value. `command` is what to run; by default, setting the key."""
    shown = "is not set" if value is None else f"is {value!r}"
    command = command or f"pulumi config set {key} <value>"
    return pulumi.RunError(f"configuration: {key} {shown}; {problem}. Run `{command}`.")


class Values:
    """Reads the keys of the project from a function that returns a key's text, or None if it is not set."""

    def __init__(self, get: Callable[[str], str | None]) -> None:
        self._get = get
        self._read: list[str] = []

    def text(self, key: str, pattern: str, allowed: str) -> str:
        """Return a text that the whole pattern matches. `allowed` describes the pattern."""
        self._read.append(key)
        value = self._get(key)
        if value is None or not re.fullmatch(pattern, value):
            raise error(key, value, f"it must be {allowed}")
        return value

    def flag(self, key: str) -> bool:
        """Return a boolean."""
        return self.text(key, "true|false", "true or false") == "true"

    def number(self, key: str, description: str, *allowed: Collection[int]) -> int:
        """Return an integer that is in one of the collections."""
        value = self.text(key, r"[0-9]{1,7}", description)
        if not any(int(value) in numbers for numbers in allowed):
            raise error(key, value, f"it must be {description}")
        return int(value)

    def refuse_others(self, keys: Iterable[str]) -> None:
        """Raise an error for the first of the keys that nothing has read."""
        for key in sorted(set(keys) - set(self._read)):
            near = difflib.get_close_matches(key, self._read, n=1)
            problem = "this program has no such key" + (f" (did you mean {near[0]}?)" if near else "")
            raise error(key, self._get(key), problem, f"pulumi config rm {key}")
