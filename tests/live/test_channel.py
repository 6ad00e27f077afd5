"""One channel with many subscribers: each gets the current state, and a slow one gets one complete snapshot instead
of every change.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.live.channel import AWAY, BEAT, LOG, Channel, Subscriber
from core.live.snapshot import Snapshot, whole
from tests.live.subscriber import applied


def taken(revision: int) -> Snapshot:
    return Snapshot(revision, {"sheets": revision}, ("T-1",), {"T-1": {"score": str(revision)}})


def opened() -> Channel:
    channel = Channel()
    channel.publish(taken(1))
    return channel


def read(message: bytes) -> tuple[str, dict[str, Any]]:
    name, _, data = message.decode().partition("\ndata: ")
    return name.split("\n")[0].removeprefix("event: "), json.loads(data)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(test(), 60)

    asyncio.run(within())


@dataclass(eq=False)
class Reader:
    """A subscriber's client: the messages it received, and whether it accepts more at the moment."""

    channel: Channel
    subscriber: Subscriber = field(default_factory=Subscriber)
    received: list[bytes] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False
    error: Exception | None = None  # the error that writing to it raises

    async def begin(self) -> "asyncio.Task[None]":
        self.open.set()
        self.channel.subscribers.add(self.subscriber)
        task = asyncio.create_task(self.channel.follow(self.subscriber, self.take))
        await settled()
        return task

    async def take(self, message: bytes) -> None:
        if self.gone:
            raise ConnectionResetError
        if not self.open.is_set():
            await self.open.wait()
        if self.error is not None:
            raise self.error
        self.received.append(message)


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def begun(channel: Channel) -> Reader:
    reader = Reader(channel)
    await reader.begin()
    return reader


def test_every_listener_is_sent_the_very_same_bytes_in_one_round() -> None:
    async def test() -> None:
        channel = opened()
        readers = [await begun(channel) for _ in range(200)]
        tasks = len(asyncio.all_tasks())
        channel.publish(taken(2))
        await channel.deliver()
        assert len(asyncio.all_tasks()) == tasks
        first, second = ({id(reader.received[at]) for reader in readers} for at in (0, 1))
        assert len(first) == 1 and len(second) == 1
        assert read(readers[0].received[1])[0] == "change"

    run(test)


def test_a_slow_line_delays_no_other_and_continues_independently() -> None:
    async def test() -> None:
        channel = opened()
        slow, quick = await begun(channel), await begun(channel)
        slow.open.clear()
        for revision in (2, 3):
            channel.publish(taken(revision))
            await channel.deliver()
        assert (len(slow.received), len(quick.received)) == (1, 3)
        slow.open.set()
        await settled()
        channel.publish(taken(4))
        await channel.deliver()
        assert b"".join(slow.received) == b"".join(quick.received)

    run(test)


def test_a_listener_that_fell_behind_the_log_is_sent_a_snapshot() -> None:
    async def test() -> None:
        channel = opened()
        slow = await begun(channel)
        slow.open.clear()
        for revision in range(2, LOG + 10):
            channel.publish(taken(revision))
            await channel.deliver()
        slow.open.set()
        await settled()
        name, data = read(slow.received[-1])
        assert name == "picture" and data["revision"] == LOG + 9
        channel.publish(taken(500))
        await channel.deliver()
        name, data = read(slow.received[-1])
        assert name == "change" and data["since"] == LOG + 9

    run(test)


def test_a_listener_a_little_behind_reads_every_change_in_order() -> None:
    async def test() -> None:
        channel = opened()
        reader = await begun(channel)
        for revision in (2, 3, 4):
            channel.publish(taken(revision))
        await channel.deliver()
        snapshot = taken(1)
        for message in b"".join(reader.received[1:]).removesuffix(b"\n\n").split(b"\n\n"):
            name, data = read(message)
            assert name == "change" and data["since"] == snapshot.revision
            snapshot = applied(snapshot, data)
        assert json.dumps(whole(snapshot)) == json.dumps(whole(taken(4)))

    run(test)


def test_a_new_listener_gets_a_snapshot_and_then_the_changes_after_it() -> None:
    async def test() -> None:
        channel = opened()
        channel.publish(taken(2))
        reader = await begun(channel)
        assert read(reader.received[0])[1]["revision"] == 2
        channel.publish(taken(3))
        await channel.deliver()
        assert read(reader.received[1])[1]["since"] == 2

    run(test)


def test_an_invisible_change_is_not_sent_and_does_not_break_the_chain() -> None:
    async def test() -> None:
        channel = opened()
        reader = await begun(channel)
        channel.publish(Snapshot(2, {"sheets": 1}, ("T-1",), {"T-1": {"score": "1"}}))
        channel.publish(taken(3))
        await channel.deliver()
        assert read(reader.received[1])[1]["since"] == 1

    run(test)


def test_a_closed_line_ends_and_the_gate_decides_its_last_message() -> None:
    async def test() -> None:
        reader = Reader(opened())
        following = await reader.begin()
        reader.channel.end(reader.subscriber)
        await following
        assert reader.received[1:] == []

    run(test)


def test_a_closed_line_sends_nothing_that_came_after_it_was_closed() -> None:
    async def test() -> None:
        reader = Reader(opened())
        following = await reader.begin()
        reader.channel.publish(taken(2))
        reader.channel.end(reader.subscriber)
        await reader.channel.deliver()
        await following
        assert reader.received[1:] == []

    run(test)


def test_a_slow_line_that_is_closed_is_sent_nothing_more() -> None:
    async def test() -> None:
        reader = Reader(opened())
        following = await reader.begin()
        reader.open.clear()
        reader.channel.publish(taken(2))
        await reader.channel.deliver()
        await settled()
        reader.channel.end(reader.subscriber)
        await settled()
        reader.open.set()
        await following
        assert reader.received[1:] == []

    run(test)


@pytest.mark.parametrize("error", [RuntimeError("longer than Content-Length"), ValueError(), KeyError(), OSError()])
def test_a_line_that_fails_ends_alone_and_the_round_goes_on(error: Exception) -> None:
    async def test() -> None:
        channel = opened()
        before, bad, after = Reader(channel), Reader(channel), Reader(channel)
        followed = [await reader.begin() for reader in (before, bad, after)]
        bad.error = error
        for revision in (2, 3):
            channel.publish(taken(revision))
            await channel.deliver()
        await followed[1]
        assert [len(reader.received) for reader in (before, bad, after)] == [3, 1, 3]

    run(test)


def test_a_slow_line_that_fails_later_ends_alone_too() -> None:
    async def test() -> None:
        channel = opened()
        bad, good = Reader(channel), Reader(channel)
        followed, _ = await bad.begin(), await good.begin()
        bad.open.clear()
        channel.publish(taken(2))
        await channel.deliver()
        await settled()
        bad.error = RuntimeError("in a task of its own")
        bad.open.set()
        await followed
        channel.publish(taken(3))
        await channel.deliver()
        assert (len(bad.received), len(good.received)) == (1, 3)

    run(test)


def test_lines_are_notified_once_when_reading_fails_and_once_when_it_works_again() -> None:
    async def test() -> None:
        channel = opened()
        reader = await begun(channel)
        for away in (True, True, False, False):
            channel.set_away(away=away)
            await channel.deliver()
        assert reader.received[1:] == [AWAY, BEAT]

    run(test)


def test_while_reading_fails_every_beat_reports_it_and_a_new_listener_is_notified() -> None:
    async def test() -> None:
        channel = opened()
        channel.set_away(away=True)
        reader = await begun(channel)
        channel.heartbeat()
        await channel.deliver()
        snapshot = channel.whole_event()
        assert reader.received == [snapshot + AWAY, AWAY]

    run(test)


def test_a_line_that_fell_far_behind_meanwhile_is_notified_that_its_data_may_be_old() -> None:
    async def test() -> None:
        channel = opened()
        slow = await begun(channel)
        slow.open.clear()
        channel.set_away(away=True)
        for _ in range(LOG + 5):
            channel.heartbeat()
            await channel.deliver()
        slow.open.set()
        await settled()
        assert slow.received[-1] == channel.whole_event() + AWAY

    run(test)


def test_a_disconnected_stream_ends_silently() -> None:
    async def test() -> None:
        reader = Reader(opened())
        following = await reader.begin()
        reader.gone = True
        reader.channel.publish(taken(2))
        await reader.channel.deliver()
        await following
        assert len(reader.received) == 1

    run(test)


def test_the_line_is_kept_open_by_a_beat_that_a_page_can_miss() -> None:
    async def test() -> None:
        channel = opened()
        reader = await begun(channel)
        channel.heartbeat()
        await channel.deliver()
        assert reader.received[1:] == [BEAT] and BEAT.startswith(b"event: beat\ndata: ")

    run(test)
