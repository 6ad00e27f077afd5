"""Requests that are stopped from outside: by another task, or by the signal that stops the server."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable
from functools import cache
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
Handler = Callable[[int, FrameType | None], object]


class Interrupted(Exception):
    """The interrupt was set before the wait ended."""


class Interrupt:
    """Ends one task's waits from outside, once and for all.

    A body comes in thousands of messages; this costs a few microseconds for each, where a task for each costs ten times
    as much. Use it within one event loop.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._wait: asyncio.Timeout | None = None

    def set(self) -> None:
        """End the present wait, and every later one."""
        if not self.is_set and self._wait is not None:
            self._wait.reschedule(asyncio.get_running_loop().time())
        self.is_set = True

    async def wait_for(self, wait: Callable[[], Awaitable[T]], seconds: float | None = None) -> T:
        """The result of `wait()`, which is cancelled otherwise. Raises Interrupted; TimeoutError after `seconds`."""
        if self.is_set:
            raise Interrupted
        try:
            async with asyncio.timeout(seconds) as self._wait:
                return await wait()
        except TimeoutError:
            if self.is_set:
                raise Interrupted from None
            raise
        finally:
            self._wait = None


@cache
def on_stop(act: Callable[[], object], loop: asyncio.AbstractEventLoop) -> None:
    """Call `act` in the loop on SIGINT and SIGTERM: the server waits for open requests before it stops."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, _handler(act, loop, before))


def _handler(act: Callable[[], object], loop: asyncio.AbstractEventLoop, before: Handler) -> Handler:
    def stopped(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        before(number, frame)

    return stopped
