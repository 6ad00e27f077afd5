"""The watcher looks when something was committed, and sends away whoever may no longer listen."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.live import watcher as watching
from core.live.channel import Channel, Listener
from core.live.picture import Picture
from core.live.watcher import Watcher


@dataclass
class Contest:
    """A contest that counts its sheets."""

    sheets: int = 0
    people: frozenset[str] = frozenset()
    banned: set[str] = field(default_factory=set)
    looks: int = 0
    broken: bool = False

    def catch_up(self) -> frozenset[str]:
        self.looks += 1
        if self.broken:
            raise OSError("the database is away")
        people, self.people = self.people, frozenset()
        return people

    def picture(self, view: Hashable) -> Picture:
        return Picture(self.sheets + 1, {"sheets": self.sheets, "view": str(view)})

    def may(self, view: Hashable, listener: Listener) -> bool:
        return listener.username not in self.banned


def run(test: Callable[[Contest, Watcher], Awaitable[None]]) -> None:
    async def within() -> None:
        contest = Contest()
        await asyncio.wait_for(test(contest, Watcher(contest, contest.may)), 10)

    asyncio.run(within())


class Line:
    """What one listener is sent, message by message, until its line ends."""

    def __init__(self, channel: Channel, listener: Listener) -> None:
        self.heard: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.task = asyncio.create_task(self._follow(channel, listener))

    async def _follow(self, channel: Channel, listener: Listener) -> None:
        await channel.follow(listener, self.heard.put)
        await self.heard.put(None)

    def __aiter__(self) -> "Line":
        return self

    async def __anext__(self) -> bytes:
        message = await self.heard.get()
        if message is None:
            raise StopAsyncIteration
        return message


def data(message: bytes) -> dict[str, Any]:
    found = json.loads(message.decode().partition("\ndata: ")[2])
    assert isinstance(found, dict)
    return found


def test_a_commit_is_seen_at_once_from_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "GLANCE_S", 3600.0)  # it is not found: it is told

    async def test(contest: Contest, watcher: Watcher) -> None:
        listener = Listener()
        line = Line(await watcher.join("vi", listener), listener)
        assert data(await anext(line))["head"]["sheets"] == 0
        contest.sheets = 1
        await asyncio.to_thread(watcher.committed, 2)
        assert data(await anext(line))["head"]["sheets"] == 1

    run(test)


def test_another_process_commit_is_seen_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "GLANCE_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        listener = Listener()
        line = Line(await watcher.join("vi", listener), listener)
        await anext(line)
        contest.sheets = 5
        assert data(await anext(line))["head"]["sheets"] == 5

    run(test)


def test_each_language_has_its_own_line() -> None:
    async def test(contest: Contest, watcher: Watcher) -> None:
        one, other = Listener(), Listener()
        vi = Line(await watcher.join("vi", one), one)
        en = Line(await watcher.join("en", other), other)
        assert data(await anext(vi))["head"]["view"] == "vi" and data(await anext(en))["head"]["view"] == "en"

    run(test)


def test_who_loses_the_right_to_listen_is_sent_away_before_the_next_picture() -> None:
    async def test(contest: Contest, watcher: Watcher) -> None:
        leaving, staying = Listener("s1", "lan"), Listener("s2", "minh")
        out = Line(await watcher.join("vi", leaving), leaving)
        on = Line(await watcher.join("vi", staying), staying)
        await anext(out), await anext(on)
        contest.sheets, contest.banned, contest.people = 1, {"lan"}, frozenset({"lan", "minh"})
        watcher.committed(2)
        assert await anext(out) == b"event: end\ndata: {}\n\n"
        assert data(await anext(on))["head"]["sheets"] == 1

    run(test)


def test_a_database_that_is_away_closes_no_line_and_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "GLANCE_S", 0.01)
    monkeypatch.setattr(watching, "AWAY_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        listener = Listener()
        line = Line(await watcher.join("vi", listener), listener)
        await anext(line)
        for sheets in (3, 4):
            contest.broken, looks = True, contest.looks
            while contest.looks < looks + 5:  # noqa: ASYNC110  # the watcher tells nobody how often it has looked
                await asyncio.sleep(0.01)
            contest.broken, contest.sheets = False, sheets
            assert data(await anext(line))["head"]["sheets"] == sheets
        away, back = (
            "the live standings could not be read; asking again every 0.01 s",
            "the live standings can be read again",
        )
        assert [record.getMessage() for record in caplog.records] == [away, back] * 2

    run(test)


def test_while_nobody_listens_it_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "GLANCE_S", 0.01)

    async def test(contest: Contest, watcher: Watcher) -> None:
        listener = Listener()
        await watcher.join("vi", listener)
        assert watcher._task is not None and not watcher._task.done()
        watcher.leave("vi", listener)
        await watcher._task
        assert not watcher.channels

    run(test)


def test_when_the_server_stops_every_line_ends() -> None:
    async def test(contest: Contest, watcher: Watcher) -> None:
        listener = Listener()
        line = Line(await watcher.join("vi", listener), listener)
        await anext(line)
        watcher.end_all()
        assert [message async for message in line] == []  # no word: the browser comes back by itself

    run(test)
