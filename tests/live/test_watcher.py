"""The watcher reads the database after a commit, sends each channel its changes, and reports when it cannot read."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.live import watcher as watching
from core.live.channel import Channel, Subscriber
from core.live.snapshot import Snapshot
from core.live.watcher import Watcher


@dataclass
class Contest:
    """A fake contest that counts its sheets."""

    sheets: int = 0
    looks: int = 0
    broken: bool = False
    undrawn: set[str] = field(default_factory=set)  # views whose snapshot fails
    hangs: threading.Event = field(default_factory=threading.Event)  # while it is cleared, a read waits

    def __post_init__(self) -> None:
        self.hangs.set()

    def catch_up(self) -> None:
        self.looks += 1
        self.hangs.wait(60)
        if self.broken:
            raise OSError("the database is away")

    def snapshot(self, view: Hashable) -> Snapshot:
        if view in self.undrawn:
            raise LookupError(f"no picture of {view}")
        return Snapshot(self.sheets + 1, {"sheets": self.sheets, "view": str(view)})


def run(test: Callable[[Contest, Watcher], Awaitable[None]]) -> None:
    async def within() -> None:
        contest = Contest()
        await asyncio.wait_for(test(contest, Watcher(contest)), 60)

    asyncio.run(within())


class Line:
    """The events sent to one subscriber, one by one, until its stream ends."""

    def __init__(self, channel: Channel, subscriber: Subscriber) -> None:
        self.received: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.task = asyncio.create_task(self._follow(channel, subscriber))

    async def _follow(self, channel: Channel, subscriber: Subscriber) -> None:
        await channel.follow(subscriber, self._take)
        await self.received.put(None)

    async def _take(self, written: bytes) -> None:
        for message in written.removesuffix(b"\n\n").split(b"\n\n"):
            await self.received.put(message + b"\n\n")

    def __aiter__(self) -> "Line":
        return self

    async def __anext__(self) -> bytes:
        message = await self.received.get()
        if message is None:
            raise StopAsyncIteration
        return message

    async def until(self, name: str) -> bytes:
        """The next message with this event name."""
        async for message in self:
            if message.startswith(f"event: {name}\n".encode()):
                return message
        raise AssertionError(f"the line ended without {name}")


def data(message: bytes) -> dict[str, Any]:
    found = json.loads(message.decode().partition("\ndata: ")[2])
    assert isinstance(found, dict)
    return found


def test_a_commit_is_seen_at_once_from_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_INTERVAL_S", 3600.0)  # no polling: the commit is reported

    async def test(contest: Contest, watcher: Watcher) -> None:
        subscriber = Subscriber()
        line = Line(await watcher.join("vi", subscriber), subscriber)
        assert data(await anext(line))["head"]["sheets"] == 0
        contest.sheets = 1
        await asyncio.to_thread(watcher.committed, 2)
        assert data(await anext(line))["head"]["sheets"] == 1

    run(test)


def test_a_commit_of_another_process_is_seen_at_the_next_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_INTERVAL_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        subscriber = Subscriber()
        line = Line(await watcher.join("vi", subscriber), subscriber)
        await anext(line)
        contest.sheets = 5
        assert data(await anext(line))["head"]["sheets"] == 5

    run(test)


def test_each_language_has_its_own_line() -> None:
    async def test(contest: Contest, watcher: Watcher) -> None:
        one, other = Subscriber(), Subscriber()
        vi = Line(await watcher.join("vi", one), one)
        en = Line(await watcher.join("en", other), other)
        assert data(await anext(vi))["head"]["view"] == "vi" and data(await anext(en))["head"]["view"] == "en"

    run(test)


def test_an_unavailable_database_closes_no_stream_and_is_reported_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "POLL_INTERVAL_S", 0.01)
    monkeypatch.setattr(watching, "AWAY_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        subscriber = Subscriber()
        line = Line(await watcher.join("vi", subscriber), subscriber)
        await anext(line)
        for sheets in (3, 4):
            contest.broken, looks = True, contest.looks
            while contest.looks < looks + 5:  # noqa: ASYNC110  # the watcher does not report how often it has read
                await asyncio.sleep(0.01)
            assert await line.until("away")
            contest.broken, contest.sheets = False, sheets
            assert data(await line.until("change"))["head"]["sheets"] == sheets
            assert await line.until("beat")
        away, back = (
            "the live standings could not be read; asking again every 0.01 s",
            "the live standings can be read again",
        )
        assert [record.getMessage() for record in caplog.records] == [away, back] * 2

    run(test)


async def opened(watcher: Watcher, view: str) -> Line:
    subscriber = Subscriber()
    line = Line(await watcher.join(view, subscriber), subscriber)
    await anext(line)
    return line


def test_a_database_that_hangs_counts_as_unavailable_and_the_beats_continue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LATE_S", 0.05)
    monkeypatch.setattr(watching, "HEARTBEAT_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        line = await opened(watcher, "vi")
        contest.hangs.clear()
        try:
            for _ in range(3):  # at once, and again with every beat
                assert await line.until("away")
        finally:
            contest.hangs.set()
        assert await line.until("beat")

    run(test)


def test_a_failed_view_is_reported_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "POLL_INTERVAL_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        bad, good = await opened(watcher, "bad"), await opened(watcher, "good")
        contest.undrawn, contest.sheets = {"bad"}, 1
        assert await bad.until("away")
        for sheets in (1, 2, 3):
            contest.sheets = sheets
            assert data(await good.until("change"))["head"]["sheets"] == sheets
        contest.undrawn = set()
        assert data(await bad.until("change"))["head"]["sheets"] == 3
        assert await bad.until("beat")
        assert [record.getMessage() for record in caplog.records] == ["a live view could not be drawn: bad"]

    run(test)


def test_a_line_that_fails_at_a_beat_or_a_change_leaves_the_watcher_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_INTERVAL_S", 0.01)
    monkeypatch.setattr(watching, "HEARTBEAT_S", 0.05)

    async def test(contest: Contest, watcher: Watcher) -> None:
        async def fails_after_the_picture(message: bytes) -> None:
            if not message.startswith(b"event: picture"):
                raise RuntimeError("Response content longer than Content-Length")

        subscriber = Subscriber()
        channel = await watcher.join("vi", subscriber)
        failing = asyncio.create_task(channel.follow(subscriber, fails_after_the_picture))
        good = await opened(watcher, "vi")
        await failing
        assert await good.until("beat")
        contest.sheets = 1
        assert data(await good.until("change"))["head"]["sheets"] == 1
        assert watcher._task is not None and not watcher._task.done()

    run(test)


def test_without_subscribers_it_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_INTERVAL_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        subscriber = Subscriber()
        await watcher.join("vi", subscriber)
        assert watcher._task is not None and not watcher._task.done()
        watcher.leave("vi", subscriber)
        await watcher._task
        assert not watcher.channels

    run(test)


def test_when_the_server_stops_every_line_ends() -> None:
    async def test(contest: Contest, watcher: Watcher) -> None:
        subscriber = Subscriber()
        line = Line(await watcher.join("vi", subscriber), subscriber)
        await anext(line)
        watcher.end_all()
        assert [message async for message in line] == []  # no message: the browser reconnects by itself

    run(test)
