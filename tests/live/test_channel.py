"""One log, many listeners: each sees the present, the slow are caught up with one whole picture."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from core.live.channel import BEAT, LOG, Channel, Listener
from core.live.picture import Picture, applied, whole


def taken(revision: int) -> Picture:
    return Picture(revision, {"sheets": revision}, ("T-1",), {"T-1": {"score": str(revision)}})


def opened() -> Channel:
    channel = Channel()
    channel.publish(taken(1))
    return channel


def read(message: bytes) -> tuple[str, dict[str, Any]]:
    name, _, data = message.decode().partition("\ndata: ")
    return name.split("\n")[0].removeprefix("event: "), json.loads(data)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(test(), 10)

    asyncio.run(within())


def test_every_listener_is_sent_the_very_same_bytes() -> None:
    async def test() -> None:
        channel = opened()
        lines = [channel.messages(Listener()) for _ in range(200)]
        first = [await anext(line) for line in lines]
        channel.publish(taken(2))
        second = [await anext(line) for line in lines]
        assert len({id(message) for message in first}) == 1 and len({id(message) for message in second}) == 1
        assert read(second[0])[0] == "change"

    run(test)


def test_a_listener_that_fell_behind_the_log_is_shown_the_whole_picture() -> None:
    async def test() -> None:
        channel = opened()
        slow = channel.messages(Listener())
        await anext(slow)
        for revision in range(2, LOG + 10):
            channel.publish(taken(revision))
        name, data = read(await anext(slow))
        assert name == "picture" and data["revision"] == LOG + 9
        channel.publish(taken(500))
        name, data = read(await anext(slow))
        assert name == "change" and data["since"] == LOG + 9

    run(test)


def test_a_listener_a_little_behind_reads_every_change_in_order() -> None:
    async def test() -> None:
        channel = opened()
        line = channel.messages(Listener())
        picture = taken(1)
        await anext(line)
        for revision in (2, 3, 4):
            channel.publish(taken(revision))
        for message in (await anext(line)).removesuffix(b"\n\n").split(b"\n\n"):
            name, data = read(message)
            assert name == "change" and data["since"] == picture.revision
            picture = applied(picture, data)
        assert json.dumps(whole(picture)) == json.dumps(whole(taken(4)))

    run(test)


def test_a_newcomer_begins_with_the_present_and_its_changes_follow_from_there() -> None:
    async def test() -> None:
        channel = opened()
        channel.publish(taken(2))
        line = channel.messages(Listener())
        assert read(await anext(line))[1]["revision"] == 2
        channel.publish(taken(3))
        assert read(await anext(line))[1]["since"] == 2

    run(test)


def test_what_nobody_can_see_is_not_sent_and_does_not_break_the_chain() -> None:
    async def test() -> None:
        channel = opened()
        line = channel.messages(Listener())
        await anext(line)
        channel.publish(Picture(2, {"sheets": 1}, ("T-1",), {"T-1": {"score": "1"}}))
        channel.publish(taken(3))
        assert read(await anext(line))[1]["since"] == 1

    run(test)


def test_a_line_that_is_closed_says_so_and_ends() -> None:
    async def test() -> None:
        channel, listener = opened(), Listener("a1", "ban")
        line = channel.messages(listener)
        await anext(line)
        channel.end(listener)
        assert [message async for message in line] == [b"event: end\ndata: {}\n\n"]

    run(test)


def test_a_closed_line_sends_nothing_that_came_after_it_was_closed() -> None:
    async def test() -> None:
        channel, listener = opened(), Listener("a1", "ban")
        line = channel.messages(listener)
        await anext(line)
        channel.publish(taken(2))
        channel.end(listener)
        assert [message async for message in line] == [b"event: end\ndata: {}\n\n"]

    run(test)


def test_the_line_is_kept_open_by_a_comment() -> None:
    async def test() -> None:
        channel = opened()
        line = channel.messages(Listener())
        await anext(line)
        channel.beat()
        assert await anext(line) == BEAT

    run(test)
