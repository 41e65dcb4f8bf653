"""The functions in this process, on an in-memory table with the ECB's real history."""

import importlib
import io
import json
import os
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.memory_table import MemoryTable
from local import feed
from rates.serving.reader import Reader
from rates.source import Source
from rates.storage.store import Store
from rates.updating.feed import Download, Feed
from rates.updating.update import update

DATA = Path(__file__).parent / "data"
# The functions' environment. Nothing listens at its feed URL: no benchmark downloads anything.
ENVIRONMENT: dict[str, str] = json.loads((DATA / "environment.json").read_text())
TABLE = ENVIRONMENT["TABLE_NAME"]
LAST, BEFORE_LAST = "2026-10-30", "2026-10-29"  # the newest publications of the packaged file
NOW = datetime(2026, 10, 31, 12, tzinfo=UTC)  # the day after the newest publication


class GetFunction:
    """One execution environment of the get function."""

    def __init__(self, table: MemoryTable) -> None:
        os.environ.update(ENVIRONMENT)
        self._module = importlib.import_module("get_rates")
        self._table = table
        self.restart()

    def restart(self) -> None:
        """Empty the caches, as in a new execution environment, and set the table's counts to zero."""
        self._table.reset()
        self._module.READER = Reader(Store(self._table, TABLE))  # type: ignore[attr-defined]

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a proxy event. Raises RuntimeError if its status is not 200."""
        answer: dict[str, Any] = self._module.handler(event, None)
        if answer["statusCode"] != 200:
            raise RuntimeError(f"{event['path']} is answered with {answer}")
        return answer

    def sizes(self, event: dict[str, Any]) -> dict[str, float]:
        """Return the bytes of the answer to a proxy event, and of its log line with and without metrics."""
        with redirect_stdout(io.StringIO()) as log:
            answer = self.call(event)
        fields = {name: value for name, value in json.loads(log.getvalue()).items() if name != "_aws"}
        return {
            "answer_bytes": len(json.dumps(answer["headers"])) + len(answer["body"].encode()),
            "log_bytes": len(log.getvalue()),
            "log_bytes_without_metrics": len(json.dumps(fields, separators=(",", ":"))) + 1,
        }


def proxy_event(stage: str, url: str, accept: str = "*/*") -> dict[str, Any]:
    """Return a REST API's event for a path and query, as large as the events of a real gateway."""
    target = urlsplit(url)
    parameters = parse_qs(target.query)
    event: dict[str, Any] = json.loads((DATA / "event.json").read_text())
    event["path"] = target.path
    event["queryStringParameters"] = {name: values[-1] for name, values in parameters.items()} or None
    event["multiValueQueryStringParameters"] = parameters or None
    event["headers"]["Accept"] = accept
    event["requestContext"]["stage"] = stage
    return event


def download(last: str) -> Download:
    """Return the packaged file without the publications after a date. It has no validators, so an update
    always reads and compares the whole file."""
    file = feed.with_rows(feed.packaged(), lambda rows: [row for row in rows if row[:10] <= last.encode()])
    return Download(file, Source("https://feed.example/eurofxref-hist.zip"))


def publish(table: MemoryTable, file: Download) -> None:
    """Run the update on a table, as if the file had just been downloaded."""
    update(Store(table, TABLE), Feed(file.source.url, lambda _: file), NOW)


def published(last: str = LAST) -> MemoryTable:
    """Return a table with the history up to a date and with all counts at zero."""
    table = MemoryTable()
    publish(table, download(last))
    table.reset()
    return table
