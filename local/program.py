"""Runs the Pulumi program without the Pulumi engine."""

import asyncio
import contextvars
import logging
import runpy
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.stack import Stack, run_pulumi_func

from local import config

LOGGER = logging.getLogger(__name__)
# Errors reach the caller as exceptions. Warnings of the program are shown.
LOGGER.addFilter(lambda record: record.levelno < logging.ERROR)


class Engine(MockMonitor):
    """A stand-in for the Pulumi engine, for one run of a program.

    Mocks answer for each resource, on several threads. The first error of the mocks or of the program ends
    the run at once, also if the program still waits for outputs that will never come.
    """

    def __init__(self, mocks: pulumi.runtime.Mocks) -> None:
        super().__init__(mocks)
        self._outcome: Future[dict[str, Any]] = Future()

    def run(self, project: Path, stack: str, configuration: Mapping[str, str]) -> Future[dict[str, Any]]:
        """Start the program in a project's directory; the result is the stack's outputs."""
        name, _ = config.program(project)

        def execute() -> None:
            with self._ending():
                runpy.run_path(str(project / "__main__.py"), run_name="__main__")

        async def work() -> None:
            # A failed run leaves tasks that nobody awaits.
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
            # Resets the pending outputs, which `set_mocks` would share with a failed run before this one.
            pulumi.runtime.settings.Settings(name, stack)
            with suppress(Exception), self._ending():
                pulumi.runtime.set_mocks(
                    self.mocks, project=name, stack=stack, preview=False, logger=LOGGER, monitor=self
                )
                pulumi.runtime.set_all_config(dict(configuration))
                await run_pulumi_func(execute)
                self._outcome.set_result(await _outputs())

        # Pulumi keeps the state of a run in context variables and in the event loop of its thread.
        start = contextvars.Context().run
        threading.Thread(target=start, args=[asyncio.run, work()], daemon=True).start()
        return self._outcome

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the name is gRPC's)
        return self._answer(super().RegisterResource, request)

    def Invoke(self, request: Any) -> Any:  # noqa: N802 (the name is gRPC's)
        return self._answer(super().Invoke, request)

    def _answer(self, answer: Callable[[Any], Any], request: Any) -> Any:
        if self._outcome.done():
            raise RuntimeError("the run has ended")
        with self._ending():
            return answer(request)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """End the run with an error of the block. Only the first one counts: it causes the others."""
        try:
            yield
        except BaseException as error:
            with suppress(InvalidStateError):
                self._outcome.set_exception(error)
            raise


def kind(token: str) -> str:
    """Return a type token such as `aws:sqs/queue:Queue` as `sqs.Queue`."""
    _, module, name = token.split(":")
    return f"{module.partition('/')[0]}.{name}"


async def _outputs() -> dict[str, Any]:
    root = pulumi.runtime.get_root_resource()
    exported = root.outputs if isinstance(root, Stack) else {}
    return {name: await pulumi.Output.from_input(value).future() for name, value in exported.items()}
