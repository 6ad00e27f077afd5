"""The watcher: reads the contest after commits, and publishes new snapshots to the channels.

A commit in this process wakes it at once; commits of other processes are found by a cheap poll every quarter second.
It runs only while there are subscribers. Its data source is a parameter (`Watched`). It does not check permissions: the
gate admits a request, and closes it when its session ends.
"""

import asyncio
import logging
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import anyio.to_thread

from core.live.channel import Channel, Subscriber
from core.live.snapshot import Snapshot

POLL_INTERVAL_S = 0.25  # between polls for commits of other processes
HEARTBEAT_S = 15.0
LONGEST_REST_S = 0.25  # most pause after a round; it pauses as long as the round took, so that many commits share one
AWAY_S = 1.0
LATE_S = 5.0  # if a read takes longer, the database counts as away, though it may still answer
LOG = logging.getLogger("judging-desk.live")


class Watched(Protocol):
    """The data source of a watcher. Both methods are called in a worker thread, never at the same time."""

    def catch_up(self) -> None:
        """Read what was committed since the last call."""

    def snapshot(self, view: Hashable) -> Snapshot:
        """The current snapshot of a view."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of one read: a snapshot for each view, or the error if it failed."""

    snapshots: dict[Hashable, Snapshot]
    failed: dict[Hashable, Exception]


@dataclass(eq=False)
class Watcher:
    """One per process: the channels by view, and the task that serves them."""

    watched: Watched
    channels: dict[Hashable, Channel] = field(default_factory=dict)
    _wake: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _task: "asyncio.Task[None] | None" = None
    _read_lock: asyncio.Lock | None = None
    _away: bool = False
    _heartbeat_at: float = 0.0

    def committed(self, _seq: int) -> None:
        """Called by the store after each durable commit, in the writer thread: wakes the watcher."""
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None and not loop.is_closed():
            loop.call_soon_threadsafe(wake.set)

    async def join(self, view: Hashable, subscriber: Subscriber) -> Channel:
        """Add a subscriber to the view's channel, start the watcher, and read a first snapshot if there is none."""
        self._start()
        assert self._read_lock is not None
        channel = self.channels.setdefault(view, Channel())
        channel.subscribers.add(subscriber)
        if channel.snapshot is None:
            async with self._read_lock:
                if channel.snapshot is None:
                    await anyio.to_thread.run_sync(self.watched.catch_up)
                    channel.publish(await anyio.to_thread.run_sync(self.watched.snapshot, view))
        return channel

    def leave(self, view: Hashable, subscriber: Subscriber) -> None:
        """Remove a subscriber; a channel without subscribers is deleted."""
        channel = self.channels.get(view)
        if channel is not None:
            channel.subscribers.discard(subscriber)
            if not channel.subscribers:
                del self.channels[view]

    def end_all(self) -> None:
        """Close every connection when the server stops. END is not sent, so browsers reconnect after the restart."""
        for channel in list(self.channels.values()):
            for subscriber in list(channel.subscribers):
                channel.end(subscriber)

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._task is None or self._task.done():
            self._loop, self._wake, self._read_lock = loop, asyncio.Event(), asyncio.Lock()
            self._task = loop.create_task(self._watch())

    async def _watch(self) -> None:
        assert self._wake is not None and self._loop is not None
        self._heartbeat_at = self._loop.time() + HEARTBEAT_S
        while self.channels:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_INTERVAL_S)
            self._wake.clear()
            rest = await self._read_or_report_away()
            await self._heartbeat_when_due()
            await asyncio.sleep(min(LONGEST_REST_S, rest))

    async def _read_or_report_away(self) -> float:
        """Read and publish. On an error, or after LATE_S seconds without an answer, tell every subscriber AWAY.

        Connections stay open meanwhile. After an error it waits AWAY_S seconds; the caller then tries again.
        Returns how long the delivery took, in seconds.
        """
        reading = asyncio.ensure_future(self._read_and_publish())
        try:
            while not (await asyncio.wait({reading}, timeout=LATE_S))[0]:
                await self._mark_away(None)
                await self._heartbeat_when_due()
            return reading.result()
        except Exception as error:  # noqa: BLE001  # after any error it is tried again
            await self._mark_away(error)
            await asyncio.sleep(AWAY_S)
            return 0.0
        finally:
            reading.cancel()

    async def _mark_away(self, error: Exception | None) -> None:
        """Tell every subscriber that the snapshot may be old; log it once per outage."""
        if not self._away:
            text = "the live standings could not be read; asking again every %s s"
            LOG.error(text, AWAY_S, exc_info=error)
        self._away = True
        for channel in list(self.channels.values()):
            channel.set_away(away=True)
        await self._deliver()

    async def _heartbeat_when_due(self) -> None:
        assert self._loop is not None
        if self._loop.time() < self._heartbeat_at:
            return
        self._heartbeat_at = self._loop.time() + HEARTBEAT_S
        for channel in list(self.channels.values()):
            channel.heartbeat()
        await self._deliver()

    async def _read_and_publish(self) -> float:
        """Read the new data, publish it and deliver it. Returns how long the delivery took, in seconds."""
        assert self._read_lock is not None and self._loop is not None
        async with self._read_lock:
            result = await anyio.to_thread.run_sync(self._read, tuple(self.channels))
            if self._away:
                LOG.warning("the live standings can be read again")
                self._away = False
            for view, channel in list(self.channels.items()):
                self._publish(view, channel, result)
        began = self._loop.time()
        await self._deliver()
        return self._loop.time() - began

    def _read(self, views: tuple[Hashable, ...]) -> ReadResult:
        """Read a snapshot of each view; an error in one view does not affect the others."""
        self.watched.catch_up()
        result = ReadResult({}, {})
        for view in views:
            try:
                result.snapshots[view] = self.watched.snapshot(view)
            except Exception as error:  # noqa: BLE001  # logged by `_publish`
                result.failed[view] = error
        return result

    @staticmethod
    def _publish(view: Hashable, channel: Channel, result: ReadResult) -> None:
        """Publish a view's new snapshot, or mark its channel as away. A view joined after the read is in neither."""
        if view in result.snapshots:
            channel.publish(result.snapshots[view])
            channel.set_away(away=False)
        elif view in result.failed:
            if not channel.away:
                LOG.error("a live view could not be drawn: %s", view, exc_info=result.failed[view])
            channel.set_away(away=True)

    async def _deliver(self) -> None:
        for channel in list(self.channels.values()):
            await channel.deliver()
