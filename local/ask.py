"""The commands for a stack that runs: `down`, `outputs`, `logs`, `invoke`."""

from __future__ import annotations

import argparse
import datetime
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from local.console import LocalError, say, styled
from local.emulator import Emulator, running

if TYPE_CHECKING:
    from local.aws import Aws

FOLLOW_SECONDS = 0.5
SUFFIX = "_function_name"  # of the outputs that name functions


def down(options: argparse.Namespace) -> int:
    """Takes a stack down, with all that it started."""
    emulator = _chosen(options.port)
    emulator.stop()
    say(f"The stack on port {emulator.port} is down.")
    return 0


def outputs(options: argparse.Namespace) -> int:
    """Prints the stack's outputs."""
    say(json.dumps(_outputs(_answering(options.port)), indent=2, ensure_ascii=False))
    return 0


def invoke(options: argparse.Namespace) -> int:
    """Calls a function and prints its answer."""
    try:
        event = json.dumps(json.loads(options.event))
    except ValueError as error:
        raise LocalError(f"--event is not JSON: {error}") from error
    emulator = _answering(options.port)
    name = _functions(emulator, options.function)[0]
    from local.aws import explained

    with explained():
        answer = _aws(emulator).invoke(name, event)
    say(json.dumps(json.loads(answer), ensure_ascii=False))
    return 0


def logs(options: argparse.Namespace) -> int:
    """Prints what the functions logged, oldest first; with --follow also what comes."""
    emulator = _answering(options.port)
    names = _functions(emulator, options.function)
    from local.aws import explained

    with explained():
        aws = _aws(emulator)
        logged = {name: _Log(aws, name) for name in names}
        _print_new(logged)
        with suppress(KeyboardInterrupt):  # that is how following ends
            while options.follow:
                time.sleep(FOLLOW_SECONDS)
                _print_new(logged)
    return 0


def _print_new(logged: dict[str, _Log]) -> None:
    lines = [(*line, name) for name, log in logged.items() for line in log.new()]
    for milliseconds, message, name in sorted(lines, key=lambda line: line[0]):
        at = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
        say(f"{styled(f'{at:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z {name}', 'dim')} {message}")


class _Log:
    """The log of one function, read on from where it was read before."""

    def __init__(self, aws: Aws, function: str) -> None:
        configuration = aws.client("lambda").get_function_configuration(FunctionName=function)
        self._group = configuration["LoggingConfig"]["LogGroup"]
        self._client = aws.client("logs")
        self._since = 0  # milliseconds; what is known of the last one stands in _seen
        self._seen: set[tuple[str, str]] = set()

    def new(self) -> Iterator[tuple[int, str]]:
        """Time in milliseconds and text of each line that was not there before."""
        while True:
            found = self._client.filter_log_events(logGroupName=self._group, startTime=self._since)["events"]
            # MiniStack gives events no identifier; a stream is one invocation here, written at once.
            fresh = [event for event in found if (event["logStreamName"], event["message"]) not in self._seen]
            if not fresh:
                return
            self._since = fresh[-1]["timestamp"]
            self._seen = {
                (event["logStreamName"], event["message"])
                for event in found
                if event["timestamp"] == self._since
            }
            yield from ((event["timestamp"], event["message"].rstrip("\n")) for event in fresh)


def _chosen(port: int | None) -> Emulator:
    """The emulator on the port, or the only one there is."""
    there = {emulator.port: emulator for emulator in running()}
    if port in there:
        return there[port]
    if not there:
        raise LocalError("no stack of this checkout runs; `python -m local up` starts one")
    ports = ", ".join(map(str, there))
    if port is not None:
        raise LocalError(f"no stack of this checkout runs on port {port}, but on {ports}")
    if len(there) > 1:
        raise LocalError(f"stacks of this checkout run on the ports {ports}: choose one with --port")
    return next(iter(there.values()))


def _answering(port: int | None) -> Emulator:
    emulator = _chosen(port)
    if not emulator.answers():
        raise LocalError(
            f"MiniStack on port {emulator.port} runs but does not answer; its log is {emulator.log}"
        )
    return emulator


def _outputs(emulator: Emulator) -> dict[str, Any]:
    exported = emulator.record()["outputs"]
    if exported is None:
        raise LocalError(
            f"on port {emulator.port} runs `emulator`, whose outputs only `pulumi stack output` knows"
        )
    return dict(exported)


def _functions(emulator: Emulator, name: str | None) -> list[str]:
    """The full name of `update` or `get`, or the name as it is; all functions where none is given."""
    if emulator.record()["outputs"] is None and name:
        return [name]
    exported = _outputs(emulator)
    if name:
        return [exported.get(f"{name}{SUFFIX}", name)]
    return [value for key, value in exported.items() if key.endswith(SUFFIX)]


def _aws(emulator: Emulator) -> Aws:
    from local.aws import Aws

    return Aws(emulator.endpoint, emulator.record()["region"])
