"""An open live line as a listener has it, and a judge's sheet that makes it speak."""

import json
import math
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx

ALIVE = frozenset({"beat", "away"})  # that the line is open, and whether its picture can be read
SOON = 5.0  # seconds in which what ends at once has ended: it is looked for every second, on a machine that may be busy


class Line:
    """An open line, read in a thread of its own."""

    def __init__(self, client: httpx.Client, address: str) -> None:
        self.events: list[tuple[str, dict[str, Any], float]] = []
        self.told: list[str] = []  # every event by its name, beats and all
        self.bytes = b""
        self.closed = threading.Event()
        self._client, self._address = client, address
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with (
            suppress(httpx.HTTPError, httpx.StreamError, OSError),
            self._client.stream("GET", self._address, timeout=60) as answer,
        ):
            assert answer.status_code == 200 and answer.headers["content-encoding"] == "identity"
            for piece in answer.iter_raw():
                self.bytes += piece
                *whole, _ = self.bytes.decode().split("\n\n")
                self.told = [each.split("\n")[0].removeprefix("event: ") for each in whole]
                news = [(name, each) for name, each in zip(self.told, whole, strict=True) if name not in ALIVE]
                for name, event in news[len(self.events) :]:
                    self.events.append((name, json.loads(event.partition("data: ")[2]), time.monotonic()))
        self.closed.set()

    def wait_for(self, name: str, seconds: float = 20) -> None:
        """Wait until the last event is this one."""
        until = time.monotonic() + seconds
        while not self.told or self.told[-1] != name:
            assert time.monotonic() < until, f"{self.told}, not {name}"
            time.sleep(0.005)

    def wait(self, number: int, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while len(self.events) < number:
            assert time.monotonic() < until, f"{len(self.events)} of {number} events"
            time.sleep(0.005)


def quickest(waits: Iterable[float]) -> float:
    """The shortest of a few waits, none asked for after one under a second: a busy machine makes waits longer only."""
    best = math.inf
    for wait in waits:
        best = min(best, wait)
        if best < 1:
            break
    return best


def seen(line: Line, judge: httpx.Client, code: str, points: tuple[str, ...]) -> float:
    """Seconds from the desk's answer to a judge until the line says so."""
    before = len(line.events)
    at = submitted(judge, code, points)
    line.wait(before + 1)
    _, news, heard = line.events[before]
    assert code in news["rows"]
    return heard - at


def submitted(client: httpx.Client, code: str, points: tuple[str, ...]) -> float:
    """A judge marks and submits over the web; the moment the desk answered."""
    sheet = client.get(f"/api/sheet/{code}").json()
    keys = ("ND", "HT", "ST", "KT", "LT")
    body = {"version": sheet["version"], "marks": dict(zip(keys, points, strict=True)), "remarks": {}}
    saved = client.patch(f"/api/sheet/{code}", json=body)
    assert saved.status_code == 200, saved.text
    body = {"version": saved.json()["version"], "key": f"key-of-a-test-{code}-0000"}
    sealed = client.post(f"/api/sheet/{code}/submit", json=body)
    assert sealed.status_code == 200, sealed.text
    return time.monotonic()
