"""Starts one worker process beside the server (`python -m core work`), and starts it again when it ends.

The worker's stdin is a pipe from this process: when the server stops or is killed, the pipe closes and the worker stops.
"""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence

from core.settings import ROOT

COMMAND = (sys.executable, "-m", "core", "work", "--with-parent")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0  # between starts; doubled each time, until the worker has lived STEADY_S
STEADY_S = 60.0
STOP_S = 10.0  # a worker that has not stopped by then is killed
LOG = logging.getLogger("judging-desk.worker")


@contextlib.asynccontextmanager
async def supervised(command: Sequence[str] = COMMAND) -> AsyncIterator[None]:
    """Keep a worker process running during the block; stop it at the end."""
    task = asyncio.create_task(_supervise(command))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _supervise(command: Sequence[str]) -> None:
    loop, pause = asyncio.get_running_loop(), FIRST_PAUSE_S
    while True:
        began = loop.time()
        try:
            status = await _run_once(command)
        except OSError as error:  # no memory or no process left
            LOG.error("the worker process could not be started: %s", error)  # noqa: TRY400  # the message says enough
        else:
            LOG.error("the worker process ended with status %s; starting it again in %.0f s", status, pause)
        await asyncio.sleep(pause)
        pause = FIRST_PAUSE_S if loop.time() - began > STEADY_S else min(2 * pause, LONGEST_PAUSE_S)


async def _run_once(command: Sequence[str]) -> int:
    """Run the worker until it ends; returns its exit status. A cancelled call stops the worker first."""
    worker = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        return await worker.wait()
    finally:
        if worker.returncode is None:
            await _stop(worker)


async def _stop(worker: asyncio.subprocess.Process) -> None:
    """Close the worker's stdin, and kill it if it has not stopped after STOP_S seconds."""
    assert worker.stdin is not None
    worker.stdin.close()
    try:
        await asyncio.wait_for(worker.wait(), STOP_S)
    except TimeoutError:
        LOG.error("the worker process is killed: it did not stop within %.0f s", STOP_S)  # noqa: TRY400  # as above
        worker.kill()
        await worker.wait()
