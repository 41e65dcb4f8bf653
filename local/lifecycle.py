"""The commands that start and end MiniStack: `up`, `emulator` and `down`."""

import argparse
import contextlib
import importlib
import json
import os
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import config
from local.aws import Aws
from local.console import LocalError, port_option, say, styled
from local.emulator import DEFAULT_PORT, PROJECT, Emulator, Process, running
from local.feed import Source
from local.waiting import defer_signals, until


def up(options: argparse.Namespace) -> int:
    """Start MiniStack, deploy the program, load the rates, and serve until Ctrl-C or `down`."""
    defer_signals()
    began = time.monotonic()
    importing = threading.Thread(target=_import, daemon=True)
    importing.start()
    settings = config.load(PROJECT, options.stack, options.config)
    emulator, region = Emulator(options.port), settings["aws:region"]
    source = Source(settings, options)
    with _started(emulator, region, options.auth) as process:
        settings[source.key] = source.serve(emulator)
        if options.feed_fault == "stale":  # before the seeding, so that the history itself is stale
            emulator.feed_fault.write_text(options.feed_fault)
        until(lambda: not importing.is_alive())
        from local.deploy import deploy

        outputs, made = deploy(PROJECT, options.stack, settings, Aws(emulator.endpoint, region))
        emulator.write_record({"region": region, "outputs": outputs})
        _show(outputs)
        say(styled(f"{made} resources in {time.monotonic() - began:.1f} s.", "green") + " Try:")
        for command in _requests(outputs, emulator.endpoint):
            say(f"  {command}")
        if options.feed_fault:
            emulator.feed_fault.write_text(options.feed_fault)
            say(f"The feed has the fault {options.feed_fault!r} now. See it and end it:")
            say(f"  {_command('invoke update', emulator.port)}")
            say(f"  {_command('feed-fault none', emulator.port)}")
        end = f"`{_command('down', emulator.port)}`" if options.detach else "Ctrl-C"
        say(f"It runs until {end}.")
    return 0 if options.detach else _stay(emulator, process)


def emulator(options: argparse.Namespace) -> int:
    """Run MiniStack and the feed for a real Pulumi CLI, and print how to deploy there, until Ctrl-C."""
    defer_signals()
    settings = config.load(PROJECT, "local")
    emulator, region = Emulator(options.port), settings["aws:region"]
    source = Source(settings, options)
    with _started(emulator, region, options.auth) as process:
        source.serve_file(emulator)
        emulator.write_record({"region": region, "outputs": None})
        stack = "local" if options.port == DEFAULT_PORT else f"local-{options.port}"
        say("Deploy on it from another terminal with a real Pulumi CLI:")
        if stack != "local":
            say(f"  sed 's/:{DEFAULT_PORT}/:{options.port}/' Pulumi.local.yaml > Pulumi.{stack}.yaml")
        say(f"  pulumi stack init {stack}")
        say("  pulumi up")
        say("MiniStack serves the API at a URL of its own:")
        say(f"  curl {emulator.endpoint}/v1/latest")
        say("A restarted emulator is empty: run `pulumi up --refresh` then.")
        say("It runs until Ctrl-C.")
    return _stay(emulator, process)


def down(options: argparse.Namespace) -> int:
    """End a stack and remove everything that it started. It is no error if nothing runs."""
    defer_signals()
    ports = [emulator.port for emulator in running()]
    if options.port is None and len(ports) > 1:
        raise LocalError(
            f"stacks of this checkout run on the ports {', '.join(map(str, ports))}: add {port_option()}"
        )
    port = options.port or next(iter(ports), None)
    if port:
        Emulator(port).stop()  # also removes what a crash left there
    if port in ports:
        say(f"The stack on port {port} is down.")
    else:
        say(f"No stack of this checkout runs{f' on port {port}' if port else ''}.")
    return 0


@contextlib.contextmanager
def _started(emulator: Emulator, region: str, auth: bool) -> Iterator[Process]:
    """Start MiniStack in place of this checkout's stack on the port, and end it again if the block fails."""
    with emulator.locked():
        if emulator.is_running():
            say(f"Taking down this checkout's stack on port {emulator.port} first.")
        began = time.monotonic()
        process = emulator.start(region, auth=auth)
        try:
            seconds = styled(f"{time.monotonic() - began:.2f} s", "dim")
            enforced = ", IAM enforced" if auth else ""
            say(f"MiniStack on {emulator.endpoint}, region {region}{enforced}. {seconds}")
            yield process
        except BaseException as error:
            cause = f"MiniStack ended; {emulator.last_words()}" if process.poll() is not None else None
            emulator.remove()
            if cause and isinstance(error, LocalError):
                raise LocalError(cause) from error
            raise


def _import() -> None:
    """Import the slow packages. In a thread, this delays neither MiniStack nor the reaction to a signal."""
    for name in ("boto3", "local.deploy"):
        importlib.import_module(name)


def _show(outputs: dict[str, Any]) -> None:
    say("Outputs:")
    width = max(map(len, outputs))
    for name, value in outputs.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        say(f"  {styled(f'{name:<{width}}', 'bold')}  {text}")


def _requests(outputs: dict[str, Any], endpoint: str) -> list[str]:
    """Return a command for each version of the API, and the page. A custom domain is asked for by name."""
    commands = []
    for output, path in {"api_url": "latest", "api_v2_url": "rates"}.items():
        if url := outputs.get(output):
            parts = urlsplit(url)
            by_name = f"-H 'Host: {parts.hostname}' {endpoint}{parts.path}"
            commands.append(f"curl {url if url.startswith(endpoint) else by_name}/{path}")
            if output == "api_url" and url.startswith(endpoint):
                commands.append(f"open {url} in a browser")
    return commands


def _command(command: str, port: int) -> str:
    """Return a command line of this program, with the interpreter that runs it, or of its Makefile."""
    if port_option() == "PORT=" and command == "down":
        return f"make down PORT={port}"
    here = Path(os.path.relpath(sys.executable))
    python = "python" if ".." in here.parts else shlex.quote(str(here))
    return f"{python} -m local {command} --port {port}"


def _stay(emulator: Emulator, process: Process) -> int:
    """Wait for a signal or for the end of MiniStack, and remove everything."""
    said = "\nTaken down."
    try:
        until(lambda: process.poll() is not None)
        if emulator.is_of(process):
            raise LocalError(f"MiniStack ended; {emulator.last_words()}")
        said = "Taken down by another command."
    except KeyboardInterrupt:
        pass
    finally:
        if emulator.is_of(process):  # otherwise another command holds the lock, perhaps for a long time
            emulator.stop(only=process)
    say(said)
    return 0
