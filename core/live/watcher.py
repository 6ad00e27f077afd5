"""The watcher: looks at the contest when something was committed, and shows each channel what is new.

In this process a commit wakes it at once; changes by other processes are noticed by a light look every quarter second.
While nobody listens it sleeps. What it watches is handed to it.
"""

import asyncio
import logging
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import anyio.to_thread

from core.live.channel import Channel, Listener
from core.live.picture import Picture

GLANCE_S = 0.25  # between looks for other processes' changes
BEAT_S = 15.0
LONGEST_REST_S = 0.25  # after a round the lines rest as long as it took, so that many sheets at once share one
AWAY_S = 1.0
LOG = logging.getLogger("judging-desk.live")


class Watched(Protocol):
    """What a watcher looks at. Both are called in a worker thread, one at a time."""

    def catch_up(self) -> frozenset[str]:
        """Take in what was committed since; the answer names the sessions' accounts that must be asked again."""

    def picture(self, view: Hashable) -> Picture:
        """What that view shows now."""


@dataclass(eq=False)
class Watcher:
    """One for a process: channels by view, and the task that serves them."""

    watched: Watched
    allowed: Callable[[Hashable, Listener], bool]  # asked again when an account or a session changed
    channels: dict[Hashable, Channel] = field(default_factory=dict)
    _woken: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _task: "asyncio.Task[None] | None" = None
    _one: asyncio.Lock | None = None
    _away: bool = False

    def committed(self, _seq: int) -> None:
        """Told by the store, from the writer's thread, after each durable commit."""
        loop, woken = self._loop, self._woken
        if loop is not None and woken is not None and not loop.is_closed():
            loop.call_soon_threadsafe(woken.set)

    async def join(self, view: Hashable, listener: Listener) -> Channel:
        """Open a line: the channel's picture is of now, and the watcher is awake."""
        self._start()
        assert self._one is not None
        channel = self.channels.setdefault(view, Channel())
        channel.listeners.add(listener)
        if channel.picture is None:
            async with self._one:
                if channel.picture is None:
                    await anyio.to_thread.run_sync(self.watched.catch_up)
                    channel.publish(await anyio.to_thread.run_sync(self.watched.picture, view))
        return channel

    def leave(self, view: Hashable, listener: Listener) -> None:
        """Close a line; a channel nobody reads any more is forgotten."""
        channel = self.channels.get(view)
        if channel is not None:
            channel.listeners.discard(listener)
            if not channel.listeners:
                del self.channels[view]

    def end_all(self) -> None:
        """Close every line without a word: the server is stopping, and the browsers come back when it is there again."""
        for channel in list(self.channels.values()):
            for listener in list(channel.listeners):
                channel.end(listener, b"")

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._task is None or self._task.done():
            self._loop, self._woken, self._one = loop, asyncio.Event(), asyncio.Lock()
            self._task = loop.create_task(self._watch())

    async def _watch(self) -> None:
        assert self._woken is not None and self._loop is not None
        beat_at = self._loop.time() + BEAT_S
        while self.channels:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), GLANCE_S)
            self._woken.clear()
            rest = await self._looked()
            if self._loop.time() >= beat_at:
                beat_at = self._loop.time() + BEAT_S
                await self._beat()
            await asyncio.sleep(min(LONGEST_REST_S, rest))

    async def _looked(self) -> float:
        """Look; while the database is away the lines stay open and it is asked again, said once however long it takes."""
        try:
            rest = await self._look()
        except Exception:
            if not self._away:
                LOG.exception("the live standings could not be read; asking again every %s s", AWAY_S)
            self._away = True
            await asyncio.sleep(AWAY_S)
            return 0.0
        if self._away:
            LOG.warning("the live standings can be read again")
        self._away = False
        return rest

    async def _beat(self) -> None:
        for channel in list(self.channels.values()):
            channel.beat()
            await channel.deliver()

    async def _look(self) -> float:
        """Take in what is new and tell every line; the answer is how long the telling took, in seconds."""
        assert self._one is not None and self._loop is not None
        async with self._one:
            changed, pictures = await anyio.to_thread.run_sync(self._read, tuple(self.channels))
            for view, channel in list(self.channels.items()):
                await self._ask_again(view, channel, changed)
                if view in pictures:  # else somebody has just joined, and began with the picture of that moment
                    channel.publish(pictures[view])
        began = self._loop.time()
        for channel in list(self.channels.values()):
            await channel.deliver()
        return self._loop.time() - began

    def _read(self, views: tuple[Hashable, ...]) -> tuple[frozenset[str], dict[Hashable, Picture]]:
        return self.watched.catch_up(), {view: self.watched.picture(view) for view in views}

    async def _ask_again(self, view: Hashable, channel: Channel, changed: frozenset[str]) -> None:
        for listener in [one for one in channel.listeners if one.username in changed]:
            if not await anyio.to_thread.run_sync(self.allowed, view, listener):
                channel.end(listener)
