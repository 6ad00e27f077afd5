"""The worker beside the server: started with it, started again when it ends, gone when the server is."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from core.web import worker_process
from core.web.worker_process import supervised
from tests.serving.servers import serving

WAIT_S = 60.0


def workers(server: int) -> list[int]:
    """The process ids of the server's workers."""
    found = []
    for each in psutil.Process(server).children():
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if alive(each.pid) and "work" in each.cmdline():
                found.append(each.pid)
    return found


def alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_server_has_one_worker_which_is_gone_with_it(
    demo_template: Path, tmp_path: Path, how: signal.Signals
) -> None:
    shutil.copytree(demo_template, tmp_path / "var")
    with serving(tmp_path / "var", BACKGROUND_WORKER="yes") as server:
        until(lambda: workers(server.process.pid))
        (first,) = workers(server.process.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: set(workers(server.process.pid)) - {first})
        (second,) = set(workers(server.process.pid)) - {first}
        assert "the worker process ended with status -9; starting it again" in server.output()
        os.kill(server.process.pid, how)
        until(lambda: not alive(second))
        server.process.wait(WAIT_S)


def test_a_worker_that_ends_at_once_is_started_more_and_more_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "FIRST_PAUSE_S", 0.05)
    starts = tmp_path / "starts"
    command = [sys.executable, "-S", "-c", f"open({str(starts)!r}, 'a').write('x')"]

    def started() -> int:
        return len(starts.read_text()) if starts.exists() else 0

    async def run() -> float:
        began = time.monotonic()
        async with supervised(command):
            await asyncio.to_thread(until, lambda: started() >= 2)
            await asyncio.sleep(max(0.0, began + 1.5 - time.monotonic()))
            return time.monotonic() - began

    seconds = asyncio.run(run())
    pauses = [0.05 * (2**times - 1) for times in range(20)]  # 0, 0.05, 0.15, 0.35, 0.75, 1.55 s and so on
    assert 2 <= started() <= sum(pause <= seconds for pause in pauses) + 1


def test_a_worker_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "STOP_S", 0.3)
    named = tmp_path / "pid"
    deaf = f"import os, time; open({str(named)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

    async def run() -> None:
        async with supervised([sys.executable, "-S", "-c", deaf]):
            await asyncio.to_thread(until, lambda: named.exists() and named.read_text())

    asyncio.run(run())
    until(lambda: not alive(int(named.read_text())))


def test_a_command_that_cannot_be_started_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "FIRST_PAUSE_S", 0.02)

    async def run() -> None:
        async with supervised(["/nowhere/python"]):
            await asyncio.sleep(0.2)

    asyncio.run(run())
