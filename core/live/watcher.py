"""The watcher: looks at the contest when something was committed, and shows each channel what is new.

In this process a commit wakes it at once; changes by other processes are noticed by a light look every quarter second.
While nobody listens it sleeps. What it watches is handed to it. Who may listen is not its business: the gate lets a
request in, and cuts it when its session ends.
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

POLL_INTERVAL_S = 0.25  # between looks for other processes' changes
HEARTBEAT_S = 15.0
LONGEST_REST_S = 0.25  # after a round the lines rest as long as it took, so that many sheets at once share one
AWAY_S = 1.0
LATE_S = 5.0  # a look that takes longer: the database is away, though it may still answer
LOG = logging.getLogger("judging-desk.live")


class Watched(Protocol):
    """What a watcher looks at. Both are called in a worker thread, one at a time."""

    def catch_up(self) -> None:
        """Take in what was committed since."""

    def snapshot(self, view: Hashable) -> Snapshot:
        """What that view shows now."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look brought: a picture for each view, or why there is none."""

    snapshots: dict[Hashable, Snapshot]
    failed: dict[Hashable, Exception]


@dataclass(eq=False)
class Watcher:
    """One for a process: channels by view, and the task that serves them."""

    watched: Watched
    channels: dict[Hashable, Channel] = field(default_factory=dict)
    _woken: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _task: "asyncio.Task[None] | None" = None
    _one: asyncio.Lock | None = None
    _away: bool = False
    _beat_at: float = 0.0

    def committed(self, _seq: int) -> None:
        """Told by the store, from the writer's thread, after each durable commit."""
        loop, woken = self._loop, self._woken
        if loop is not None and woken is not None and not loop.is_closed():
            loop.call_soon_threadsafe(woken.set)

    async def join(self, view: Hashable, subscriber: Subscriber) -> Channel:
        """Open a line: the channel's picture is of now, and the watcher is awake."""
        self._start()
        assert self._one is not None
        channel = self.channels.setdefault(view, Channel())
        channel.subscribers.add(subscriber)
        if channel.snapshot is None:
            async with self._one:
                if channel.snapshot is None:
                    await anyio.to_thread.run_sync(self.watched.catch_up)
                    channel.publish(await anyio.to_thread.run_sync(self.watched.snapshot, view))
        return channel

    def leave(self, view: Hashable, subscriber: Subscriber) -> None:
        """Close a line; a channel nobody reads any more is forgotten."""
        channel = self.channels.get(view)
        if channel is not None:
            channel.subscribers.discard(subscriber)
            if not channel.subscribers:
                del self.channels[view]

    def end_all(self) -> None:
        """Close every line without a word: the server is stopping, and the browsers come back when it is there again."""
        for channel in list(self.channels.values()):
            for subscriber in list(channel.subscribers):
                channel.end(subscriber)

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._task is None or self._task.done():
            self._loop, self._woken, self._one = loop, asyncio.Event(), asyncio.Lock()
            self._task = loop.create_task(self._watch())

    async def _watch(self) -> None:
        assert self._woken is not None and self._loop is not None
        self._beat_at = self._loop.time() + HEARTBEAT_S
        while self.channels:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_INTERVAL_S)
            self._woken.clear()
            rest = await self._looked()
            await self._beat_when_due()
            await asyncio.sleep(min(LONGEST_REST_S, rest))

    async def _looked(self) -> float:
        """Look, and tell every line; while the database is away the lines stay open, are told so, and it is asked again.

        Returns how long the telling took, in seconds. A database that hangs is away too: the look goes on meanwhile.
        """
        looking = asyncio.ensure_future(self._look())
        try:
            while not (await asyncio.wait({looking}, timeout=LATE_S))[0]:
                await self._turn_away(None)
                await self._beat_when_due()
            return looking.result()
        except Exception as broken:  # noqa: BLE001  # whatever it is, it is asked again
            await self._turn_away(broken)
            await asyncio.sleep(AWAY_S)
            return 0.0
        finally:
            looking.cancel()

    async def _turn_away(self, why: Exception | None) -> None:
        """Tell every line that the picture may be old; say so in the log once, however long it takes."""
        if not self._away:
            text = "the live standings could not be read; asking again every %s s"
            LOG.error(text, AWAY_S, exc_info=why)
        self._away = True
        for channel in list(self.channels.values()):
            channel.turn(away=True)
        await self._deliver()

    async def _beat_when_due(self) -> None:
        assert self._loop is not None
        if self._loop.time() < self._beat_at:
            return
        self._beat_at = self._loop.time() + HEARTBEAT_S
        for channel in list(self.channels.values()):
            channel.heartbeat()
        await self._deliver()

    async def _look(self) -> float:
        """Take in what is new and tell every line; the answer is how long the telling took, in seconds."""
        assert self._one is not None and self._loop is not None
        async with self._one:
            look = await anyio.to_thread.run_sync(self._read, tuple(self.channels))
            if self._away:
                LOG.warning("the live standings can be read again")
                self._away = False
            for view, channel in list(self.channels.items()):
                self._show(view, channel, look)
        began = self._loop.time()
        await self._deliver()
        return self._loop.time() - began

    def _read(self, views: tuple[Hashable, ...]) -> Look:
        """A view that cannot be drawn leaves the others as they are."""
        self.watched.catch_up()
        look = Look({}, {})
        for view in views:
            try:
                look.snapshots[view] = self.watched.snapshot(view)
            except Exception as broken:  # noqa: BLE001  # told by `_show`
                look.failed[view] = broken
        return look

    @staticmethod
    def _show(view: Hashable, channel: Channel, look: Look) -> None:
        """Publish what the look brought. A channel that was joined meanwhile began with the picture of that moment."""
        if view in look.snapshots:
            channel.publish(look.snapshots[view])
            channel.turn(away=False)
        elif view in look.failed:
            if not channel.away:
                LOG.error("a live view could not be drawn: %s", view, exc_info=look.failed[view])
            channel.turn(away=True)

    async def _deliver(self) -> None:
        for channel in list(self.channels.values()):
            await channel.deliver()
