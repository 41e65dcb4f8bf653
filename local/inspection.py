"""The commands for a running stack: `outputs`, `logs`, `invoke` and `feed-fault`."""

import argparse
import datetime
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from local.aws import Aws
from local.console import LocalError, say, styled
from local.emulator import Emulator, running

FOLLOW_SECONDS = 0.5
# The names of the functions as this program or a real Pulumi CLI gives them. The group has the short name.
FUNCTION = r"(?:.+-)?(get|update)-rates-[0-9a-f]{7}"


def outputs(options: argparse.Namespace) -> int:
    """Print the stack's outputs as JSON, or one of them: a text as it is."""
    emulator = _answering(options.port)
    exported = emulator.record()["outputs"]
    if exported is None:
        raise LocalError(
            f"`emulator` runs on port {emulator.port}: `pulumi stack output` prints the outputs of its stack"
        )
    if options.name and options.name not in exported:
        raise LocalError(f"there is no output {options.name!r}; there are {', '.join(exported)}")
    shown = exported[options.name] if options.name else exported
    say(shown if isinstance(shown, str) else json.dumps(shown, indent=2, ensure_ascii=False))
    return 0


def invoke(options: argparse.Namespace) -> int:
    """Call the live version of a function and print its answer as one line of JSON."""
    try:
        event = json.dumps(json.loads(options.event))
    except ValueError as error:
        raise LocalError(f"--event is not JSON: {error}") from error
    with _emulated_aws(options.port) as aws:
        names = _functions(aws, options.function)
        if len(names) > 1:
            raise LocalError(f"several functions match {options.function!r}; name one of {', '.join(names)}")
        answer = aws.invoke(names[0], "live", event)
    say(json.dumps(json.loads(answer), ensure_ascii=False))
    return 0


def feed_fault(options: argparse.Namespace) -> int:
    """Let the feed of a running stack fail, or end the fault."""
    emulator = _answering(options.port)
    if not (emulator.directory / "feed" / "good.zip").exists():
        raise LocalError("this stack reads the ECB's own feed: start it with --offline or --feed-fault")
    if options.fault == "none":
        emulator.feed_fault.unlink(missing_ok=True)
        say("The feed answers normally again.")
    else:
        emulator.feed_fault.write_text(options.fault)
        say(f"The feed has the fault {options.fault!r} now.")
    return 0


def logs(options: argparse.Namespace) -> int:
    """Print the functions' log lines, oldest first. With --follow, print also new ones until Ctrl-C."""
    with _emulated_aws(options.port) as aws:
        read = {name: _Log(aws, name) for name in _functions(aws, options.function)}
        while True:
            lines = [(name, *line) for name, log in read.items() for line in log.new()]
            for name, milliseconds, _, message in sorted(lines, key=lambda line: line[1]):
                at = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
                head = f"{at:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z {name}"
                say(f"{styled(head, 'dim')} {message}")
            if not options.follow:
                return 0
            time.sleep(FOLLOW_SECONDS)


class _Log:
    """The log of one function, of which each line is read once."""

    def __init__(self, aws: Aws, function: str) -> None:
        configuration = aws.client("lambda").get_function_configuration(FunctionName=function)
        self._group = configuration["LoggingConfig"]["LogGroup"]
        self._client = aws.client("logs")
        self._since = 0  # milliseconds
        self._seen: set[tuple[int, str, str]] = set()  # the lines of the last answer

    def new(self) -> Iterator[tuple[int, str, str]]:
        """Yield the time in milliseconds, the stream and the text of each line that was not read before."""
        while True:
            events = self._client.filter_log_events(logGroupName=self._group, startTime=self._since)["events"]
            # MiniStack gives events no identifier. A stream holds one invocation and is written at once.
            lines = [
                (event["timestamp"], event["logStreamName"], event["message"].rstrip("\n"))
                for event in events
            ]
            fresh = [line for line in lines if line not in self._seen]
            if not fresh:
                return
            self._since, self._seen = fresh[-1][0], set(lines)
            yield from fresh


def _answering(port: int | None) -> Emulator:
    """Return the running emulator on the port, or the only running one."""
    emulators = {emulator.port: emulator for emulator in running()}
    if not emulators:
        raise LocalError("no stack of this checkout runs; `python -m local up` starts one")
    ports = ", ".join(map(str, emulators))
    if port is None and len(emulators) > 1:
        raise LocalError(f"stacks of this checkout run on the ports {ports}: choose one with --port")
    emulator = emulators.get(port or next(iter(emulators)))
    if emulator is None:
        raise LocalError(
            f"no stack of this checkout runs on port {port}, but on {ports}: choose that with --port"
        )
    if not emulator.answers():
        raise LocalError(
            f"MiniStack on port {emulator.port} does not answer: read {emulator.log}, then run `up` again"
        )
    return emulator


@contextmanager
def _emulated_aws(port: int | None) -> Iterator[Aws]:
    """Yield the clients of a running stack. Errors of boto3 in the block become `LocalError`."""
    from botocore.exceptions import BotoCoreError, ClientError

    emulator = _answering(port)
    try:
        yield Aws(emulator.endpoint, emulator.record()["region"])
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"the emulated AWS: {error}") from error


def _functions(aws: Aws, name: str | None) -> list[str]:
    """Return the functions with this name or short name, or both functions of the stack if none is given."""
    pages = aws.client("lambda").get_paginator("list_functions").paginate()
    names = [function["FunctionName"] for page in pages for function in page["Functions"]]
    if name and name in names:
        return [name]
    matches = [re.fullmatch(FUNCTION, existing) for existing in names]
    found = [match[0] for match in matches if match and name in (None, match[1])]
    if not found:
        there = f"there are {', '.join(names)}" if names else "nothing is deployed yet"
        raise LocalError(f"no function is called {name or 'update or get'!r}; {there}")
    return found
