"""Waits that are ended from outside, and what is called when the server stops."""

import asyncio
import os
import signal
from types import FrameType

import pytest

from core.web.http.interrupts import Interrupt, Interrupted, on_stop


async def answer() -> int:
    return 7


async def for_ever() -> int:
    await asyncio.sleep(60)
    return 0


class TestInterrupt:
    def test_a_wait_that_is_not_interrupted_gives_its_result(self) -> None:
        assert asyncio.run(Interrupt().wait_for(answer)) == 7

    def test_one_that_is_set_ends_the_present_wait_and_every_later_one(self) -> None:
        async def waits() -> list[str]:
            interrupt, ends = Interrupt(), []
            asyncio.get_running_loop().call_later(0.01, interrupt.set)
            asyncio.get_running_loop().call_later(0.01, interrupt.set)
            for act in (for_ever, answer):
                try:
                    await interrupt.wait_for(act, 30)
                except Interrupted:
                    ends.append("interrupted")
            return ends

        assert asyncio.run(waits()) == ["interrupted", "interrupted"]

    def test_a_wait_may_have_a_limit_of_its_own(self) -> None:
        async def waits() -> bool:
            interrupt = Interrupt()
            with pytest.raises(TimeoutError):
                await interrupt.wait_for(for_ever, 0.01)
            return interrupt.is_set

        assert not asyncio.run(waits())

    def test_the_task_itself_can_still_be_cancelled(self) -> None:
        async def waits() -> None:
            task = asyncio.create_task(Interrupt().wait_for(for_ever))
            await asyncio.sleep(0)
            task.cancel()
            await task

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(waits())


def test_a_stop_signal_is_heard_and_passed_on() -> None:
    heard: list[str] = []

    def before(_number: int, _frame: FrameType | None) -> None:
        heard.append("before")

    async def stops() -> None:
        on_stop(lambda: heard.append("act"), asyncio.get_running_loop())
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.01)

    was = {number: signal.signal(number, before) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(stops())
    finally:
        for number, handler in was.items():
            signal.signal(number, handler)
    assert heard == ["before", "act"]
